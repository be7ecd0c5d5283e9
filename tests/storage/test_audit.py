"""The trail: whoever changes, takes out, puts in or cuts off a row is found out."""

import asyncio
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit import Fault, Head, Trail
from storage.database import Database
from storage.errors import KeyRefused
from storage.tables.staff import trail
from storage.trail_files import key_in, note, noted_head

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
KEY = b"a key of enough bytes"
ROWS = 6


async def add(conn: AsyncConnection, count: int = 1, key: bytes = KEY) -> None:
    for number in range(count):
        await Trail(key).record(conn, actor="staff:1", verb="answered", object_id=f"ticket:{number}", now=NOW)


@pytest.fixture
async def conn(database: Database) -> AsyncIterator[AsyncConnection]:
    """A transaction in which a trail of six rows stands."""
    async with database.begin() as conn:
        await add(conn, ROWS)
        yield conn


async def faults(conn: AsyncConnection, noted: Head | None = None) -> list[Fault]:
    return list((await Trail(KEY).verify(conn, noted=noted)).faults)


async def test_a_trail_that_nobody_touched_is_whole(conn: AsyncConnection) -> None:
    found = await Trail(KEY).verify(conn)
    assert (found.rows, found.faults) == (ROWS, ())
    assert found.head is not None
    assert Head.read(str(found.head)) == found.head
    assert await faults(conn, found.head) == []


async def test_an_empty_trail_is_whole(database: Database) -> None:
    async with database.begin() as conn:
        found = await Trail(KEY).verify(conn)
    assert (found.rows, found.head, found.faults) == (0, None, ())


@pytest.mark.parametrize("column", ["actor", "verb", "object_id", "at"])
async def test_a_changed_row_is_found(conn: AsyncConnection, column: str) -> None:
    other = NOW + timedelta(microseconds=1) if column == "at" else "staff:2"
    await conn.execute(update(trail).where(trail.c.number == 3).values({column: other}))
    assert await faults(conn) == [Fault("changed", 3)]


async def test_a_row_whose_mac_was_made_without_the_key_is_found(conn: AsyncConnection) -> None:
    await add(conn, key=b"another key of enough bytes")
    assert await faults(conn) == [Fault("changed", ROWS + 1)]


@pytest.mark.parametrize(("gone", "found"), [((1,), 2), ((3,), 4), ((2, 3, 4), 5)])
async def test_missing_rows_are_found(conn: AsyncConnection, gone: tuple[int, ...], found: int) -> None:
    await conn.execute(delete(trail).where(trail.c.number.in_(gone)))
    assert await faults(conn) == [Fault("missing", found)]


async def test_a_row_taken_out_and_the_rest_moved_up_is_found(conn: AsyncConnection) -> None:
    await conn.execute(delete(trail).where(trail.c.number == 3))
    await conn.execute(text("UPDATE trail SET number = number - 1 WHERE number = 4"))
    await conn.execute(text("UPDATE trail SET number = number - 1 WHERE number = 5"))
    await conn.execute(text("UPDATE trail SET number = number - 1 WHERE number = 6"))
    assert Fault("changed", 3) in await faults(conn)


async def test_two_rows_that_changed_places_are_found(conn: AsyncConnection) -> None:
    for number, new in ((2, 99), (3, 2), (99, 3)):
        await conn.execute(update(trail).where(trail.c.number == number).values(number=new))
    assert Fault("changed", 2) in await faults(conn)


async def test_an_end_that_was_cut_off_shows_against_a_noted_head(conn: AsyncConnection) -> None:
    noted = (await Trail(KEY).verify(conn)).head
    await conn.execute(delete(trail).where(trail.c.number > 4))
    assert await faults(conn) == []
    assert await faults(conn, noted) == [Fault("cut", 5)]


async def test_a_trail_that_went_on_from_a_copy_shows_against_a_noted_head(conn: AsyncConnection) -> None:
    noted = (await Trail(KEY).verify(conn)).head
    await conn.execute(delete(trail).where(trail.c.number > 4))
    await Trail(KEY).record(conn, actor="staff:2", verb="answered", object_id="ticket:9", now=NOW)
    await add(conn, 3)
    assert await faults(conn) == []
    assert await faults(conn, noted) == [Fault("forked", 6)]


async def test_the_same_number_cant_stand_twice(conn: AsyncConnection) -> None:
    row = (await conn.execute(select(trail).where(trail.c.number == 2))).one()._asdict()
    nested = await conn.begin_nested()
    with pytest.raises(Exception, match="trail_pkey"):
        await conn.execute(insert(trail).values(row))
    await nested.rollback()


async def test_deeds_at_once_take_turns_and_none_is_lost(database: Database) -> None:
    async def deed(number: int) -> None:
        async with database.begin() as conn:
            await Trail(KEY).record(conn, actor=f"staff:{number}", verb="joined", object_id="-", now=NOW)

    await asyncio.gather(*(deed(number) for number in range(15)))
    async with database.begin() as conn:
        found = await Trail(KEY).verify(conn)
    assert (found.rows, found.faults) == (15, ())


async def test_a_deed_that_is_undone_leaves_no_row_and_no_gap(database: Database) -> None:
    async def undone() -> None:
        async with database.begin() as conn:
            await add(conn)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await undone()
    async with database.begin() as conn:
        await add(conn, 2)
        assert await faults(conn) == []


@settings(max_examples=30, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    number=st.integers(1, ROWS),
    column=st.sampled_from(["actor", "verb", "object_id", "mac"]),
    junk=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
)
def test_no_change_of_any_value_goes_unseen(number: int, column: str, junk: str) -> None:
    """The MAC covers every value, and where one ends and the next begins."""
    before, row = b"\0" * 32, {"number": number, "at": NOW, "actor": "staff:1", "verb": "a", "object_id": "b"}
    mac = Trail(KEY)._mac(before, row)
    if column == "mac":
        assert Trail(KEY)._mac(mac, row) != mac
    elif row[column] != junk:
        assert Trail(KEY)._mac(before, row | {column: junk}) != mac


async def test_values_cant_flow_into_each_other(conn: AsyncConnection) -> None:
    moved = {"actor": "staff:1answered", "verb": ""}
    await conn.execute(update(trail).where(trail.c.number == 1).values(moved))
    assert await faults(conn) == [Fault("changed", 1)]
    assert await conn.scalar(select(func.count()).select_from(trail)) == ROWS


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    key = key_in(folder)
    assert key == key_in(folder)
    assert len(key) == 32
    assert stat.S_IMODE((folder / "trail.key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["trail.key"]


@pytest.mark.parametrize("words", ["", "abcd", "no hex at all, though long enough"])
def test_a_key_that_is_none_is_refused_and_never_replaced(tmp_path: Path, words: str) -> None:
    (tmp_path / "trail.key").write_text(words)
    with pytest.raises(KeyRefused):
        Trail(key_in(tmp_path))
    assert (tmp_path / "trail.key").read_text() == words


def test_a_head_is_noted_beside_the_key_and_replaced(tmp_path: Path) -> None:
    assert noted_head(tmp_path) is None
    for number in (3, 8):
        note(tmp_path, Head(number, b"\x9f" * 32))
        assert noted_head(tmp_path) == Head(number, b"\x9f" * 32)
    assert [path.name for path in tmp_path.iterdir()] == ["trail.head"]
