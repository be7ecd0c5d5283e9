"""The restore drill: backed up under load, restored elsewhere; nothing that residents took back comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from storage import residents, schema, tickets, wechat_token
from storage.audit import Trail
from storage.backup import LIST, back_up, restored, write_list
from storage.backup.dump import NO_ROWS
from storage.backup.programs import run
from storage.database import Database
from storage.erasures import KEPT, Erasures, Written
from storage.errors import BackupFailed, HalfRestored, ListRefused
from storage.interest import marks
from storage.interest.marks import Mark
from storage.interest.rule import Measure
from storage.tables import account, delivery, metadata, resident
from storage.tables.operating import backup
from storage.tables.staff import trail as trail_table
from storage.wechat_token import Token

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
KEY = b"the trail's key, long enough"
ERASURES, TRAIL = Erasures(KEY), Trail(KEY)
LATER = NOW + timedelta(hours=8)


async def arrive(database: Database, address: str, now: datetime = NOW) -> residents.Resident:
    """Somebody writes for the first time and hands over a question; the trail has a row for it."""
    async with database.begin() as conn:
        who = await residents.meet(conn, channel="wechat", account="main", address=address, now=now)
        await tickets.hand_over(conn, who.id, place="150621", question=f"{address} asks", now=now)
        await TRAIL.record(conn, actor="staff:1", verb="read", object_id=f"ticket:{who.id}", now=now)
    return who


@asynccontextmanager
async def load(database: Database) -> AsyncIterator[list[str]]:
    """People arriving without a pause; gives who has arrived."""
    arrived: list[str] = []

    async def keep_arriving() -> None:
        for number in count():
            await arrive(database, f"under load {number}")
            arrived.append(f"under load {number}")

    task = asyncio.create_task(keep_arriving())
    try:
        yield arrived
    finally:
        task.cancel()
        await asyncio.wait([task])


async def counts(database: Database) -> dict[str, int]:
    async with database.begin() as conn:
        rows = {
            table.name: await conn.scalar(select(func.count()).select_from(table)) for table in metadata.sorted_tables
        }
    return {name: int(number or 0) for name, number in rows.items()}


async def addresses(database: Database) -> set[str]:
    async with database.begin() as conn:
        return set(await conn.scalars(select(resident.c.address)))


@asynccontextmanager
async def restoring(into: Database, file: Path, *, now: datetime = LATER, sent: bool = True) -> AsyncIterator[int]:
    async with restored(into, file, list_=None, erasures=ERASURES, trail=TRAIL, now=now, sent=sent) as done:
        yield done.again


async def restore(into: Database, file: Path, *, now: datetime = LATER, sent: bool = True) -> int:
    async with restoring(into, file, now=now, sent=sent) as again:
        return again


async def test_a_backup_under_load_is_whole_elsewhere(database: Database, elsewhere: Database, tmp_path: Path) -> None:
    file = tmp_path / "a.dump"
    for number in range(50):
        await arrive(database, f"before {number}")
    async with load(database) as arrived:
        while len(arrived) < 20:  # noqa: ASYNC110 - others arrive meanwhile
            await asyncio.sleep(0.01)
        before = set(arrived)
        await back_up(database, file, erasures=ERASURES, now=NOW)
    await restore(elsewhere, file)
    there, people = await counts(elsewhere), await addresses(elsewhere)
    assert before | {f"before {number}" for number in range(50)} <= people <= await addresses(database)
    assert there["ticket"] == there["resident"] == len(people)
    assert there["trail"] == there["resident"] + 1, "and one row that says it was restored"
    async with elsewhere.begin() as conn:
        await schema.require_current(conn)
        assert (await TRAIL.verify(conn)).faults == ()
        last = (await conn.execute(select(trail_table).order_by(trail_table.c.number.desc()).limit(1))).one()
    assert (last.actor, last.verb, last.object_id) == ("operator", "restored", "backup:2026-11-22T03:00:00Z")


async def test_at_rest_every_table_has_as_many_rows_as_before(
    database: Database, elsewhere: Database, tmp_path: Path
) -> None:
    for number in range(5):
        await arrive(database, f"before {number}")
    before = await counts(database)
    await back_up(database, tmp_path / "a.dump", erasures=ERASURES, now=NOW)
    await restore(elsewhere, tmp_path / "a.dump", sent=False)
    added = {"trail": 1, "backup": 1}
    assert await counts(elsewhere) == {name: number + added.get(name, 0) for name, number in before.items()}


async def test_a_backup_holds_no_interest_marks_keys_tokens_or_talks(database: Database, tmp_path: Path) -> None:
    who = await arrive(database, "rare-aunt")
    month = date(2026, 11, 1)
    async with database.begin() as conn:
        await marks.write(conn, [Mark(month, who.id, Measure.ASKED, "rare-topic", "rare-card", "150621")])
        key = bytes(await conn.scalar(text(f"SELECT key FROM {marks.tables(month).key}")) or b"")  # noqa: S608
        await wechat_token.keep(conn, "wx", Token("rare-token", LATER))
        talk = text('INSERT INTO conversation VALUES (:who, \'{"said": "rare-talk"}\', now())')
        await conn.execute(talk, {"who": who.id})
    file = tmp_path / "a.dump"
    try:
        await back_up(database, file, erasures=ERASURES, now=NOW)
    finally:
        async with database.begin() as conn:
            await marks.drop(conn, month)
    said = file.read_bytes() + run("pg_restore", "--file=-", str(file)).encode()
    assert b"rare-aunt" in said, "what is searched is what is kept"
    assert len(key) == 32
    for secret in (
        b"rare-topic",
        b"rare-card",
        b"rare-token",
        b"rare-talk",
        b"interest_open_",
        key,
        key.hex().encode(),
    ):
        assert secret not in said
    assert not file.stat().st_mode & 0o077


async def test_who_was_erased_since_is_erased_before_anything_is_served(
    database: Database, elsewhere: Database, tmp_path: Path
) -> None:
    for address in ("stays", "goes", "stops"):
        await arrive(database, address)
    await back_up(database, tmp_path / "a.dump", erasures=ERASURES, now=NOW)
    async with database.begin() as conn:
        goes, stops = [
            await residents.meet(conn, channel="wechat", account="main", address=address, now=NOW)
            for address in ("goes", "stops")
        ]
        await residents.erase(conn, goes.id)
        await ERASURES.note(conn, goes, "erased", NOW + timedelta(hours=1))
        await ERASURES.note(conn, stops, "stopped", NOW + timedelta(hours=2))
    await write_list(database, tmp_path / LIST, erasures=ERASURES, now=LATER)
    async with restoring(elsewhere, tmp_path / "a.dump") as again:
        assert again == 2
        assert await addresses(elsewhere) == {"stays", "stops"}
        async with elsewhere.begin() as conn:
            with pytest.raises(HalfRestored):
                await schema.require_current(conn)
    async with elsewhere.begin() as conn:
        await schema.require_current(conn)
        stopped = await conn.scalars(select(resident.c.address).where(resident.c.stopped_at.is_not(None)))
        assert list(stopped) == ["stops"]
        assert await conn.scalar(text("SELECT count(*) FROM ticket")) == 2
        assert await conn.scalar(text("SELECT count(*) FROM erasure")) == 2, "the next restore knows it too"


async def test_a_backup_restored_by_other_means_is_not_served(
    database: Database, elsewhere: Database, tmp_path: Path
) -> None:
    file = tmp_path / "a.dump"
    await back_up(database, file, erasures=ERASURES, now=NOW)
    await asyncio.to_thread(lambda: run("pg_restore", "--no-owner", str(file), url=elsewhere.url))
    with pytest.raises(HalfRestored, match="mingbai db restore"):
        await asyncio.to_thread(schema.upgrade, elsewhere.url)
    async with elsewhere.begin() as conn:
        with pytest.raises(HalfRestored):
            await schema.require_current(conn)


async def test_what_waited_to_be_sent_may_have_been_sent_since_and_is_not_sent_again(
    database: Database, elsewhere: Database, tmp_path: Path
) -> None:
    await waiting(database)
    await back_up(database, tmp_path / "a.dump", erasures=ERASURES, now=NOW)
    await restore(elsewhere, tmp_path / "a.dump")
    assert await states(elsewhere) == {
        ("notice", "queued"): ("unknown", "restored"),
        ("notice", "held"): ("unknown", "restored"),
        ("reminder", "sending"): ("unknown", "restored"),
        ("urgent", "queued"): ("queued", None),
        ("notice", "sent"): ("sent", None),
    }


async def test_where_nothing_was_sent_since_what_waits_goes_on_waiting(
    database: Database, elsewhere: Database, tmp_path: Path
) -> None:
    await waiting(database)
    await back_up(database, tmp_path / "a.dump", erasures=ERASURES, now=NOW)
    await restore(elsewhere, tmp_path / "a.dump", sent=False)
    assert all(was == (now[0]) for (_, was), now in (await states(elsewhere)).items())


ROWS = (("notice", "queued"), ("notice", "held"), ("reminder", "sending"), ("urgent", "queued"), ("notice", "sent"))


async def waiting(database: Database) -> None:
    """A delivery of each sort; `source_id` tells which."""
    async with database.begin() as conn:
        on = await conn.scalar(insert(account).values(channel="wechat", name="main").returning(account.c.id))
        for number, (kind, state) in enumerate(ROWS):
            values = {"source_kind": "broadcast", "source_id": number, "account_id": on, "kind": kind, "state": state}
            times = {"not_before": NOW, "expires_at": LATER + timedelta(days=1), "moved_at": NOW}
            await conn.execute(insert(delivery).values(values | times | {"drain": 7 if state == "sending" else None}))


async def states(database: Database) -> dict[tuple[str, str], tuple[str, str | None]]:
    async with database.begin() as conn:
        rows = await conn.execute(select(delivery.c.source_id, delivery.c.state, delivery.c.reason))
        return {ROWS[row.source_id]: (row.state, row.reason) for row in rows}


async def test_a_database_that_is_not_empty_is_left_alone(database: Database, tmp_path: Path) -> None:
    await arrive(database, "aunt")
    await back_up(database, tmp_path / "a.dump", erasures=ERASURES, now=NOW)
    with pytest.raises(BackupFailed, match="not empty"):
        await restore(database, tmp_path / "a.dump")
    assert await addresses(database) == {"aunt"}


async def test_without_a_list_that_fits_nothing_is_restored(
    database: Database, elsewhere: Database, tmp_path: Path
) -> None:
    file, beside = tmp_path / "a.dump", tmp_path / LIST
    await write_list(database, beside, erasures=ERASURES, now=NOW - timedelta(days=1))
    old = beside.read_text()
    await back_up(database, file, erasures=ERASURES, now=NOW)
    whole = beside.read_text()
    for wrong, told in ((None, "no list"), (old, "older than the backup"), ("nonsense", "no list of erasures")):
        beside.unlink() if wrong is None else beside.write_text(wrong)
        with pytest.raises(ListRefused, match=told):
            await restore(elsewhere, file)
    beside.write_text(whole)
    with pytest.raises(ListRefused, match="another key"):
        async with restored(elsewhere, file, list_=None, erasures=Erasures(KEY * 2), trail=TRAIL, now=LATER, sent=True):
            pass
    with pytest.raises(BackupFailed, match="180 days"):
        await restore(elsewhere, file, now=NOW + KEPT + timedelta(days=1))
    assert await restore(elsewhere, file) == 0


async def test_what_is_no_backup_of_ours_or_of_a_newer_mingbai_is_refused(
    database: Database, elsewhere: Database, tmp_path: Path
) -> None:
    file = tmp_path / "a.dump"
    await back_up(database, file, erasures=ERASURES, now=NOW)
    (tmp_path / "cut.dump").write_bytes(file.read_bytes()[:1000])
    for name, told in (("nothing", "no file"), (LIST, "valid archive"), ("cut.dump", "pg_restore")):
        with pytest.raises(BackupFailed, match=told):
            await restore(elsewhere, tmp_path / name)
    async with database.begin() as conn:
        await conn.execute(text("UPDATE backup SET revision = '9999'"))
    await asyncio.to_thread(
        lambda: run("pg_dump", "--format=custom", f"--file={tmp_path / 'new.dump'}", url=database.url)
    )
    with pytest.raises(BackupFailed, match="newer mingbai"):
        await restore(elsewhere, tmp_path / "new.dump")


async def test_a_backup_of_an_older_version_is_brought_up_to_date(
    elsewhere: Database, migrated_database: Database, tmp_path: Path
) -> None:
    autocommit = migrated_database.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with autocommit.connect() as conn:
        await conn.execute(text("CREATE DATABASE older"))
        older = migrated_database.url.set(database="older")
        await asyncio.to_thread(schema.upgrade, older, "0011")
        old = await Database.open(older.render_as_string(), tmp_path)
        async with old.begin() as inside:
            await residents.meet(inside, channel="wechat", account="main", address="aunt", now=NOW)
            await inside.execute(insert(backup).values(taken_at=NOW, revision="0011"))
        await old.close()
        how = ("--format=custom", "--exclude-table=alembic_version", f"--file={tmp_path / 'old.dump'}")
        await asyncio.to_thread(lambda: run("pg_dump", *how, url=older))
        await conn.execute(text("DROP DATABASE older WITH (FORCE)"))
    (tmp_path / LIST).write_text(Written(LATER, ERASURES.mark, ()).text())
    await restore(elsewhere, tmp_path / "old.dump")
    async with elsewhere.begin() as inside:
        await schema.require_current(inside)
    assert await addresses(elsewhere) == {"aunt"}


async def test_a_backup_that_fails_leaves_nothing_and_overwrites_nothing(database: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="can't be written"):
        await back_up(database, tmp_path / "nowhere" / "a.dump", erasures=ERASURES, now=NOW)
    (tmp_path / "a.dump").write_text("precious")
    with pytest.raises(BackupFailed, match="there already"):
        await back_up(database, tmp_path / "a.dump", erasures=ERASURES, now=NOW)
    assert (tmp_path / "a.dump").read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir()] == ["a.dump"]  # noqa: ASYNC240


def test_what_is_left_out_is_there() -> None:
    """pg_dump says nothing of a name that it does not find, and would put a renamed table's secrets into the file."""
    assert set(NO_ROWS) <= set(metadata.tables)


def test_a_database_across_a_network_is_backed_up_by_programs_that_can_encrypt(
    monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    monkeypatch.setattr("storage.backup.programs.shutil.which", lambda _: None)
    far = database.url.set(host="db.example", query={}, password="s3cret")  # noqa: S106
    with pytest.raises(BackupFailed, match="TLS") as refused:
        run("pg_dump", url=far)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("program", ["pg_dump", "pg_restore"])
def test_where_the_url_wants_no_encryption_the_programs_at_hand_do(
    monkeypatch: pytest.MonkeyPatch, database: Database, program: str
) -> None:
    """As in Compose, whose image has no client programs of the system."""
    monkeypatch.setattr("storage.backup.programs.shutil.which", lambda _: None)
    inside = database.url.set(host="postgres", query={"sslmode": "disable"})
    assert f"{program} (PostgreSQL)" in run(program, "--version", url=inside)
