"""Subscribers: how many could be written to in each unit, and how many follow each topic there.

They stand beside the statistics: for the same fixed units only, taken once a month at the close, rounded, and never for
a sensitive topic. No channel and no sum is told, so no figure is tied to another by an equation that an attacker could
solve; what few follow is not shown, and in a unit with few people nothing is.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, column, func, insert, select, values
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.interest.rule import ENOUGH, TOWNSHIP_DIGITS, VERIFYING, Frame, Part, Unit, written
from storage.interest.units import placed
from storage.tables import following, resident
from storage.tables.interest import interest_subscriber

EVERYBODY = ""
"""Stands where a topic does, for all who could be written to."""

_HOME = func.left(func.coalesce(resident.c.places[1], "15"), TOWNSHIP_DIGITS).label("home")


def shown(counts: Mapping[tuple[str, str], int], units: Sequence[Unit]) -> dict[tuple[str, str], int]:
    """Return what may be shown of true counts, which are by the home's stem (cut to its township) and the topic."""
    where = placed(units, {home for home, _ in counts})
    people: Counter[tuple[str, str]] = Counter()
    for (home, topic), count in counts.items():
        if home in where:
            people[where[home].id, topic] += count
    enough = {unit for (unit, topic), count in people.items() if topic == EVERYBODY and count >= ENOUGH}
    made = {key: written(Part.UNIT, count) for key, count in people.items() if key[0] in enough}
    return {key: figure for key, figure in made.items() if figure is not None}


async def take(conn: AsyncConnection, month: date, units: Sequence[Unit], frame: Frame) -> None:
    """Count subscribers as they are now, and store what may be shown beside the month's release."""
    rows = [
        {"month": month, "unit": unit, "topic": topic, "figure": figure}
        for (unit, topic), figure in shown(await _counts(conn, frame), units).items()
    ]
    if rows:
        await conn.execute(insert(interest_subscriber), rows)


async def reached(conn: AsyncConnection) -> tuple[date | None, Mapping[str, int]]:
    """Return the newest month that has figures, and how many could be written to then, by the unit's id."""
    table = interest_subscriber.c
    month = await conn.scalar(select(func.max(table.month)))
    asked = select(table.unit, table.figure).where(table.month == month, table.topic == EVERYBODY)
    return month, {row.unit: row.figure for row in await conn.execute(asked)}


async def sums(conn: AsyncConnection, month: date, units: Collection[str]) -> Mapping[str, int]:
    """Add up by topic what is shown of some units (ids) in a month; what is not shown is in no sum."""
    table = interest_subscriber.c
    which = (table.month == month, table.unit.in_(units))
    asked = select(table.topic, func.sum(table.figure).label("people")).where(*which).group_by(table.topic)
    return {row.topic: int(row.people) for row in await conn.execute(asked)}


async def _counts(conn: AsyncConnection, frame: Frame) -> dict[tuple[str, str], int]:
    """Count those who neither stopped nor left, on channels that verify an account."""
    everybody = select(_HOME, func.count()).where(*_written_to()).group_by(_HOME)
    counts = {(home, EVERYBODY): int(count) for home, count in await conn.execute(everybody)}
    subjects = list(_subjects(frame))
    if subjects:
        rows = await conn.execute(_followers(subjects))
        counts |= {(row.home, row.topic): int(row.people) for row in rows}
    return counts


def _subjects(frame: Frame) -> Iterator[tuple[str, str, str]]:
    """What can be followed, with the topic that it counts for; nothing sensitive stands in the frame's topics."""
    yield from (("topic", topic, topic) for topic in sorted(frame.topics))
    yield from (("programme", id_, topic) for id_, topic in frame.topic_of.items() if topic in frame.topics)


def _followers(subjects: Sequence[tuple[str, str, str]]) -> Select[Any]:
    of = values(column("kind", Text), column("subject", Text), column("topic", Text), name="of").data(list(subjects))
    same = and_(following.c.kind == of.c.kind, following.c.subject == of.c.subject)
    joined = resident.join(following, following.c.resident_id == resident.c.id).join(of, same)
    people = func.count(resident.c.id.distinct()).label("people")
    counted = select(_HOME, of.c.topic, people).select_from(joined)
    return counted.where(*_written_to()).group_by(_HOME, of.c.topic)


def _written_to() -> tuple[ColumnElement[bool], ...]:
    return resident.c.channel.in_(VERIFYING), resident.c.stopped_at.is_(None), resident.c.gone_at.is_(None)
