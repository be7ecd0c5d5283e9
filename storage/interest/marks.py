"""Marks of open months: who did what, in tables that are dropped at the close and stand in no backup.

A month has three: people (where and on which channel their first mark of the month was), marks, and the key by which
three topics of a resident are chosen. All hang on `resident`, so that whatever forgets a resident forgets the marks.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from itertools import groupby

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.interest.rule import Measure
from storage.locks import Turn
from storage.tables.interest import interest_release

OPEN = "interest_open_"
"""How the tables of open months are called; a backup leaves out `interest_open_*`."""

_TURN = int(Turn.MONTH)
_PATIENCE = "2s"


@dataclass(frozen=True, order=True)
class Mark:
    """One thing that a resident did in a month (its first day, Shanghai). `programme` is empty where there is none.

    `home` is the stem of their township or what they said of it; of a month only the first one counts.
    """

    month: date
    resident_id: int
    measure: Measure
    topic: str
    programme: str = ""
    home: str = "15"
    channel: str = ""


class Written(Enum):
    """What became of marks of one month."""

    KEPT = auto()
    CLOSED = auto()  # the month is closed: they are discarded
    CLOSING = auto()  # being closed just now: try again


@dataclass(frozen=True)
class Tables:
    """The names of a month's tables, made of numbers only."""

    people: str
    marks: str
    key: str


def tables(month: date) -> Tables:
    """Return the names of a month's tables."""
    stem = f"{OPEN}{month:%Y_%m}"
    return Tables(f"{stem}_people", f"{stem}_marks", f"{stem}_key")


def in_months(marks: Iterable[Mark]) -> list[list[Mark]]:
    """Return marks by month, in the order in which they came."""
    ordered = sorted(marks, key=lambda mark: mark.month)
    return [list(found) for _, found in groupby(ordered, key=lambda mark: mark.month)]


async def write(conn: AsyncConnection, marks: Sequence[Mark]) -> Written:
    """Keep marks of one month, the first ones first. Those of residents who are erased are left out.

    Done again, it changes nothing: after a connection that was lost while committing, write once more.
    """
    month = marks[0].month
    if not await _shared(conn, month):
        return Written.CLOSING
    if await conn.scalar(select(interest_release.c.month).where(interest_release.c.month == month)):
        return Written.CLOSED
    await _open(conn, month)
    await _insert(conn, tables(month), marks)
    return Written.KEPT


async def alone(conn: AsyncConnection, month: date) -> None:
    """Hold a month's lock until the transaction ends; waits for writers."""
    await conn.execute(text(f"SELECT pg_advisory_xact_lock({_TURN}, :month)"), {"month": _number(month)})


async def open_months(conn: AsyncConnection) -> list[date]:
    """Return the months that have tables, the oldest first."""
    asked = f"SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename ~ '^{OPEN}.*_key$'"  # noqa: S608
    names = (await conn.scalars(text(asked))).all()
    return sorted(date(int(name[-11:-7]), int(name[-6:-4]), 1) for name in names)


async def count(conn: AsyncConnection, month: date) -> int:
    """How many rows a month's tables hold; 0 where they are not there."""
    found = 0
    for name in vars(tables(month)).values():
        if await is_there(conn, name):
            found += int(await conn.scalar(text(f"SELECT count(*) FROM {name}")) or 0)  # noqa: S608
    return found


async def _hurry(conn: AsyncConnection) -> None:
    """Give up (StatementRefused) rather than hold up every message while waiting for the lock on residents."""
    await conn.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))


async def is_there(conn: AsyncConnection, table: str) -> bool:
    """Whether a table is there now. Not by to_regclass: that remembers what was not there when it looked before."""
    asked = text("SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = :name")
    return bool(await conn.scalar(asked, {"name": table}))


async def drop(conn: AsyncConnection, month: date) -> None:
    """Drop a month's tables, key and all. Do it last in a transaction: nobody reads or writes residents meanwhile."""
    await _hurry(conn)
    for name in vars(tables(month)).values():
        await conn.execute(text(f"DROP TABLE IF EXISTS {name} CASCADE"))


def _number(month: date) -> int:
    return month.year * 100 + month.month


async def _shared(conn: AsyncConnection, month: date) -> bool:
    asked = text(f"SELECT pg_try_advisory_xact_lock_shared({_TURN}, :month)")
    return bool(await conn.scalar(asked, {"month": _number(month)}))


async def _open(conn: AsyncConnection, month: date) -> None:
    """Make a month's tables with a new key, unless they are there. Two writers take turns."""
    its = tables(month)
    if await is_there(conn, its.key):
        return
    await conn.execute(text(f"SELECT pg_advisory_xact_lock({_TURN}, 0)"))
    if await is_there(conn, its.key):
        return
    await _hurry(conn)
    whose = "bigint NOT NULL REFERENCES"
    people = f"resident_id {whose} resident ON DELETE CASCADE PRIMARY KEY, home text NOT NULL, channel text NOT NULL"
    names = "topic, measure, programme"
    columns = ", ".join(f"{name} text NOT NULL" for name in names.split(", "))
    marks = f"resident_id {whose} {its.people} ON DELETE CASCADE, {columns}, PRIMARY KEY (resident_id, {names})"
    await conn.execute(text(f"CREATE TABLE {its.people} ({people})"))
    await conn.execute(text(f"CREATE TABLE {its.marks} ({marks})"))
    await conn.execute(text(f"CREATE TABLE {its.key} (key bytea NOT NULL)"))
    await conn.execute(text(f"INSERT INTO {its.key} VALUES (:key)"), {"key": secrets.token_bytes(32)})  # noqa: S608


async def _insert(conn: AsyncConnection, its: Tables, marks: Sequence[Mark]) -> None:
    """Rows in the order of residents, so that two writers never wait for each other."""
    first = {mark.resident_id: mark for mark in reversed(marks)}
    people = [first[id_] for id_ in sorted(first)]
    who = {
        "ids": [one.resident_id for one in people],
        "homes": [one.home for one in people],
        "channels": [one.channel for one in people],
    }
    await conn.execute(text(_PEOPLE.format(people=its.people)), who)
    done = sorted({(one.resident_id, one.topic, one.measure.value, one.programme) for one in marks})
    names = ("ids", "topics", "measures", "programmes")
    columns = {name: list(values) for name, values in zip(names, zip(*done, strict=True), strict=True)}
    await conn.execute(text(_MARKS.format(marks=its.marks, people=its.people)), columns)


_PEOPLE = """
WITH here AS (SELECT id FROM resident WHERE id = ANY(CAST(:ids AS bigint[])) ORDER BY id FOR KEY SHARE)
INSERT INTO {people} (resident_id, home, channel)
SELECT given.id, given.home, given.channel
FROM unnest(CAST(:ids AS bigint[]), CAST(:homes AS text[]), CAST(:channels AS text[])) AS given (id, home, channel)
JOIN here USING (id) ORDER BY given.id
ON CONFLICT DO NOTHING
"""

_MARKS = """
INSERT INTO {marks} (resident_id, topic, measure, programme)
SELECT given.* FROM unnest(CAST(:ids AS bigint[]), CAST(:topics AS text[]), CAST(:measures AS text[]),
  CAST(:programmes AS text[])) AS given (id, topic, measure, programme)
JOIN {people} ON resident_id = given.id ORDER BY given.id
ON CONFLICT DO NOTHING
"""
