"""Residents: met once, remembered as far as needed, erased whole."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import inbox, residents
from storage.database import Database
from storage.errors import StatementRefused
from storage.inbox import MessageKey
from storage.postgres_conversations import PostgresConversations
from storage.residents import Resident
from storage.tables import resident

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PLANTED = "rare-name-7f3a"


async def met(conn: AsyncConnection, address: str = PLANTED, now: datetime = NOW) -> Resident:
    return await residents.meet(conn, channel="wechat", account="main", address=address, now=now)


async def test_a_stranger_becomes_a_resident_with_nothing_assumed(database: Database) -> None:
    async with database.begin() as conn:
        stranger = await met(conn)
    assert (stranger.address, stranger.places, stranger.home, stranger.language) == (PLANTED, (), None, "zh")
    assert (stranger.welcomed_on, stranger.stopped_at, stranger.trial_guest) == (None, None, False)
    assert stranger.created_on == stranger.seen_on == date(2026, 11, 22)


async def test_the_same_address_is_the_same_resident_seen_later(database: Database) -> None:
    async with database.begin() as conn:
        first = await met(conn)
        again = await met(conn, now=NOW + timedelta(days=3))
    assert (again.id, again.created_on, again.seen_on) == (first.id, date(2026, 11, 22), date(2026, 11, 25))


async def test_one_address_on_two_accounts_is_two_residents(database: Database) -> None:
    async with database.begin() as conn:
        here = await met(conn)
        there = await residents.meet(conn, channel="wechat", account="other", address=PLANTED, now=NOW)
    assert here.id != there.id


async def test_many_first_messages_at_once_make_one_resident(database: Database) -> None:
    async def meet() -> int:
        async with database.begin() as conn:
            return (await met(conn)).id

    assert len(set(await asyncio.gather(*(meet() for _ in range(20))))) == 1
    async with database.begin() as conn:
        assert await conn.scalar(select(func.count()).select_from(resident)) == 1


async def test_who_meets_a_resident_second_waits_and_sees_what_the_first_did(database: Database) -> None:
    async def later() -> Resident:
        async with database.begin() as conn:
            return await met(conn)

    async with database.begin() as conn:
        first = await met(conn)
        waiting = asyncio.create_task(later())
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await residents.save_places(conn, first.id, ["150621"])
    assert (await waiting).places == ("150621",)


async def test_places_are_kept_in_order_and_the_first_is_home(database: Database) -> None:
    async with database.begin() as conn:
        who = await met(conn)
        await residents.save_places(conn, who.id, ["150621100201", "1506", "150621100"])
        who = await met(conn)
    assert (who.places, who.home) == (("150621100201", "1506", "150621100"), "150621100201")


@pytest.mark.parametrize("stems", [["15", "1506", "150621", "150621100"], ["15", "15"]])
async def test_more_than_three_places_or_one_twice_is_refused(database: Database, stems: list[str]) -> None:
    async with database.begin() as conn:
        who = await met(conn)
        with pytest.raises(ValueError, match="at most 3"):
            await residents.save_places(conn, who.id, stems)


@pytest.mark.parametrize("stem", ["150", "达旗", "1506210", "", "15,06", "15\n"])
async def test_the_table_takes_nothing_but_stems(database: Database, stem: str) -> None:
    with pytest.raises(StatementRefused, match="places_stems"):
        async with database.begin() as conn:
            await residents.save_places(conn, (await met(conn)).id, [stem])


async def test_a_stop_keeps_its_first_time_and_can_be_taken_back(database: Database) -> None:
    async with database.begin() as conn:
        who = await met(conn)
        await residents.stop(conn, who.id, NOW)
        await residents.stop(conn, who.id, NOW + timedelta(days=1))
        assert (await met(conn)).stopped_at == NOW
        await residents.resume(conn, who.id)
        assert (await met(conn)).stopped_at is None


async def test_the_day_of_the_welcome_is_kept(database: Database) -> None:
    async with database.begin() as conn:
        await residents.welcomed(conn, (await met(conn)).id, date(2026, 11, 22))
        assert (await met(conn)).welcomed_on == date(2026, 11, 22)


async def leave_traces_everywhere(conn: AsyncConnection) -> Resident:
    """Let one resident leave all the traces that a resident can leave."""
    message = MessageKey.of(channel="wechat", account="main", message_id=f"{PLANTED}-1732244400")
    taken = await inbox.take(conn, message, address=PLANTED, counting_since=NOW, now=NOW)
    assert isinstance(taken, inbox.New)
    await PostgresConversations(conn).save(taken.resident.id, {"place": PLANTED}, NOW)
    await inbox.keep_reply(conn, message, resident_id=taken.resident.id, reply={"blocks": [PLANTED]})
    return taken.resident


async def tables_that_mention(conn: AsyncConnection, words: str) -> list[str]:
    named = await conn.scalars(text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"))
    found = []
    for table in named.all():
        query = f'SELECT count(*) FROM "{table}" AS t WHERE position(:words IN t::text) > 0'  # noqa: S608
        if await conn.scalar(text(query), {"words": words}):
            found.append(table)
    return sorted(found)


async def test_a_resident_is_told_all_that_is_kept(database: Database) -> None:
    async with database.begin() as conn:
        who = await leave_traces_everywhere(conn)
        told = await residents.kept(conn, who.id)
    assert told == residents.Kept(who, in_conversation=True, messages=1, unsent_replies=1)


async def test_erasing_leaves_nothing_in_any_table(database: Database) -> None:
    async with database.begin() as conn:
        who = await leave_traces_everywhere(conn)
        assert await tables_that_mention(conn, PLANTED) == ["conversation", "inbox", "resident"]
        await residents.erase(conn, who.id)
    async with database.begin() as conn:
        assert await tables_that_mention(conn, PLANTED) == []
        assert await residents.kept(conn, who.id) is None


async def test_erasing_one_resident_leaves_the_others_alone(database: Database) -> None:
    async with database.begin() as conn:
        other = await met(conn, address="neighbour")
        await residents.erase(conn, (await met(conn)).id)
        assert await residents.kept(conn, other.id) is not None


async def test_what_is_saved_after_erasing_is_not_kept(database: Database) -> None:
    async with database.begin() as conn:
        who = await met(conn)
        await residents.erase(conn, who.id)
        await PostgresConversations(conn).save(who.id, {"page": 1}, NOW)
        await residents.save_places(conn, who.id, ["15"])
        assert await residents.kept(conn, who.id) is None
