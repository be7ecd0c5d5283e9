"""What was released: stored once, read by pages and exports, never changed."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.interest import units
from storage.interest.rule import VERSION, Cell, Frame, Measure, Note, Part, Release
from storage.tables.interest import interest_figure, interest_note, interest_release


@dataclass(frozen=True)
class Kept:
    """A release with what is known of its close. `rule` is the version of the rule that made it."""

    release: Release
    frame: Frame
    rule: int
    closed_at: datetime
    before: int
    after: int
    digest: str


class NoRelease(LookupError):
    """The month is not closed."""


async def is_closed(conn: AsyncConnection, month: date) -> bool:
    """Whether a month has its release."""
    return bool(await conn.scalar(select(interest_release.c.month).where(interest_release.c.month == month)))


async def months(conn: AsyncConnection) -> list[date]:
    """Return the months that were released, the oldest first."""
    return list((await conn.scalars(select(interest_release.c.month).order_by(interest_release.c.month))).all())


async def store(conn: AsyncConnection, release: Release, frame: Frame, *, before: int, now: datetime) -> str:
    """Store a release and return its digest. A month has one release: a second is refused by the table.

    `before`: rows of marks; all of them are there still, until `dropped` says how many are left.
    """
    row = {"month": release.month, "rule": VERSION, "closed_at": now, "frame": _as_json(frame)}
    row |= {"marks_before": before, "marks_after": before, "digest": digest(release)}
    await conn.execute(insert(interest_release), row)
    figures = [cell._asdict() | {"month": release.month, "figure": number} for cell, number in release.figures.items()]
    if figures:
        await conn.execute(insert(interest_figure), figures)
    said = {"enough": release.enough, "withheld": release.withheld}
    notes = [note._asdict() | {"month": release.month, "says": says} for says, kept in said.items() for note in kept]
    if notes:
        await conn.execute(insert(interest_note), notes)
    return str(row["digest"])


async def dropped(conn: AsyncConnection, month: date, after: int) -> None:
    """Note how many rows of marks are left after the drop."""
    await conn.execute(update(interest_release).where(interest_release.c.month == month).values(marks_after=after))


async def read(conn: AsyncConnection, month: date) -> Kept:
    """Return a month's release. NoRelease."""
    row = (await conn.execute(select(interest_release).where(interest_release.c.month == month))).one_or_none()
    if row is None:
        raise NoRelease(f"{month:%Y-%m}")
    figures = await conn.execute(select(interest_figure).where(interest_figure.c.month == month))
    notes = (await conn.execute(select(interest_note).where(interest_note.c.month == month))).all()
    release = Release(
        month,
        await units.fixed(conn, month.year),
        {_cell(one): one.figure for one in figures},
        frozenset(_note(one) for one in notes if one.says == "enough"),
        frozenset(_note(one) for one in notes if one.says == "withheld"),
    )
    about = (row.rule, row.closed_at, row.marks_before, row.marks_after, row.digest)
    return Kept(release, _as_frame(row.frame), *about)


async def is_enough(conn: AsyncConnection, month: date, part: Part, place: str) -> bool:
    """Whether enough people were active there in this month, so that anything is shown."""
    table = interest_note.c
    which = (table.month == month, table.part == part.value, table.place == place, table.says == "enough")
    return (await conn.execute(select(table.month).where(*which).limit(1))).first() is not None


async def figures_of(
    conn: AsyncConnection, parts: Sequence[Part], places: Sequence[str], since: date
) -> dict[date, dict[Cell, int]]:
    """Return figures of some places by month, from the month `since` on: what a page shows."""
    table = interest_figure.c
    which = (table.part.in_(parts), table.place.in_(places), table.month >= since)
    found: dict[date, dict[Cell, int]] = {}
    for row in await conn.execute(select(interest_figure).where(*which).order_by(table.month)):
        found.setdefault(row.month, {})[_cell(row)] = row.figure
    return found


def digest(release: Release) -> str:
    """Return the SHA-256 of a release, the same for the same figures on every machine."""
    return hashlib.sha256("\n".join(_lines(release)).encode()).hexdigest()


def _lines(release: Release) -> Iterator[str]:
    yield f"mingbai interest {release.month:%Y-%m}"
    for unit in sorted(release.units, key=lambda unit: unit.id):
        yield " ".join(("unit", unit.id, unit.banner, str(unit.rest), *unit.members))
    for cell in sorted(release.figures):
        yield " ".join((*cell, str(release.figures[cell])))
    for says, notes in (("enough", release.enough), ("withheld", release.withheld)):
        yield from (" ".join((says, *note)) for note in sorted(notes))


def _cell(row: Any) -> Cell:
    return Cell(Part(row.part), row.place, row.subject, Measure(row.measure))


def _note(row: Any) -> Note:
    return Note(Part(row.part), row.place, row.subject)


def _as_json(frame: Frame) -> dict[str, Any]:
    sets = {name: sorted(kept) for name, kept in vars(frame).items() if isinstance(kept, frozenset)}
    return sets | {"topic_of": dict(frame.topic_of)}


def _as_frame(kept: str | dict[str, Any]) -> Frame:
    found = json.loads(kept) if isinstance(kept, str) else kept
    sets = {name: frozenset(found[name]) for name in ("topics", "sensitive", "banners")}
    return Frame(topic_of=found["topic_of"], **sets)
