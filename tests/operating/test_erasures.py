"""What residents take back is noted under a key, and taken back again in a database that came from a backup."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.dialogue.turn import Knowledge
from bot.incoming import Incoming
from bot.pipeline import Pipeline
from storage import residents
from storage.database import Database
from storage.erasures import Entry, Erasures, Written, add, entries_of
from storage.errors import ListRefused
from storage.residents import Resident
from storage.tables import resident

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
KEY = b"the trail's key, long enough"


async def met(database: Database, address: str, now: datetime = NOW) -> Resident:
    async with database.begin() as conn:
        return await residents.meet(conn, channel="wechat", account="main", address=address, now=now)


async def addresses(database: Database) -> set[str]:
    async with database.begin() as conn:
        return set(await conn.scalars(select(resident.c.address)))


async def listed(database: Database) -> list[Entry]:
    async with database.begin() as conn:
        return await entries_of(conn)


@pytest.mark.parametrize(("said", "deed"), [("删掉我的记录", "erased"), ("停", "stopped")])
async def test_what_a_resident_takes_back_is_noted_without_saying_who(
    database: Database, know: Knowledge, said: str, deed: str
) -> None:
    pipeline = Pipeline(lambda: know, database, per_minute=20, now=lambda: NOW, erasures=Erasures(KEY))
    for number, words in enumerate((said, "确认删除") if deed == "erased" else (said,)):
        update = Incoming("wechat", "main", "rare-aunt", str(number), NOW, text=words)
        await pipeline.handle(update, welcoming=False)
    (entry,) = await listed(database)
    assert entry.deed == deed
    assert entry.digest == Erasures(KEY).digest("wechat", "main", "rare-aunt")
    assert entry.digest != Erasures(KEY + b"another").digest("wechat", "main", "rare-aunt")


async def test_who_wants_to_hear_again_is_no_longer_noted(database: Database) -> None:
    who, erasures = await met(database, "aunt"), Erasures(KEY)
    async with database.begin() as conn:
        await erasures.note(conn, who, "stopped", NOW)
        await erasures.resumed(conn, who)
    assert await listed(database) == []


async def test_only_what_was_taken_back_since_the_backup_is_taken_back_again(database: Database) -> None:
    """Who erased everything and came back before the backup was made stays."""
    erasures, backup = Erasures(KEY), NOW + timedelta(days=1)
    early, late = await met(database, "came back before"), await met(database, "erased after")
    await met(database, "never asked")
    async with database.begin() as conn:
        await erasures.note(conn, early, "erased", NOW)
        await erasures.note(conn, late, "erased", backup + timedelta(hours=1))
        entries = await entries_of(conn)
        assert await erasures.replay(conn, entries, since=backup) == 1
    assert await addresses(database) == {"came back before", "never asked"}


def test_a_list_is_read_as_it_was_written_and_nothing_else_is_taken_for_one() -> None:
    erasures = Erasures(KEY)
    whole = Written(NOW, erasures.mark, (Entry(erasures.digest("wechat", "main", "rare-aunt"), "erased", NOW),))
    assert Written.read(whole.text()) == whole
    assert "aunt" not in whole.text()
    for wrong in ("", "[]", '{"until": "yesterday"}', whole.text().replace("erasures", "x").replace("until", "x")):
        with pytest.raises(ListRefused, match="mingbai db erasures"):
            Written.read(wrong)


async def test_many_thousand_entries_fit(database: Database) -> None:
    many = [Entry(number.to_bytes(32), "erased", NOW) for number in range(30_000)]
    async with database.begin() as conn:
        await add(conn, many)
        await add(conn, [Entry(many[0].digest, "erased", NOW + timedelta(days=1))])
    found = await listed(database)
    assert len(found) == 30_000
    assert found[-1].at == NOW + timedelta(days=1)
