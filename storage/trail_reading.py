"""The trail as people look at it: newest first, part by part. It is written and verified in `storage/audit.py`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, cast, literal, or_, select
from sqlalchemy.dialects.postgresql import TEXT
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit import Head
from storage.moments import utc
from storage.staff import works_in
from storage.tables.staff import staff, trail

NEWEST = 2**63 - 1


@dataclass(frozen=True)
class Done:
    """One row: who did what to which id."""

    number: int
    at: datetime
    actor: str
    verb: str
    object_id: str


_COLUMNS = (trail.c.number, trail.c.at, trail.c.actor, trail.c.verb, trail.c.object_id)


async def of_places(conn: AsyncConnection, stems: Collection[str], *, limit: int, before: int = NEWEST) -> list[Done]:
    """Return what staff of these places and below did, and what was done about them; who was let go included."""
    theirs = select(literal("staff:") + cast(staff.c.id, TEXT)).where(works_in(stems))
    return await _rows(conn, or_(trail.c.actor.in_(theirs), trail.c.object_id.in_(theirs)), before, limit)


async def whole(conn: AsyncConnection, *, limit: int, before: int = NEWEST) -> list[Done]:
    """Return what anybody did, the operator too."""
    return await _rows(conn, literal(True), before, limit)


async def of_one(conn: AsyncConnection, staff_id: int, *, limit: int, before: int = NEWEST) -> list[Done]:
    """Return what one member of staff did, and what was done about them."""
    who = f"staff:{staff_id}"
    return await _rows(conn, or_(trail.c.actor == who, trail.c.object_id == who), before, limit)


async def made_for(conn: AsyncConnection, staff_id: int, verb: str, *, since: datetime) -> list[Done]:
    """Return what others did about somebody by this verb since a moment, newest first."""
    who = f"staff:{staff_id}"
    by_others = (
        (trail.c.object_id == who) & (trail.c.actor != who) & (trail.c.verb == verb) & (trail.c.at >= utc(since))
    )
    return await _rows(conn, by_others, NEWEST, 20)


async def came_to(
    conn: AsyncConnection, stems: Collection[str], staff_id: int, verbs: Collection[str], *, since: datetime
) -> list[Done]:
    """Return by which of these deeds others came to work for one of these very places; also who was let go again."""
    others = staff.c.places.overlap(sorted(stems)) & (staff.c.id != staff_id)
    theirs = select(literal("staff:") + cast(staff.c.id, TEXT)).where(others)
    came = trail.c.object_id.in_(theirs) & trail.c.verb.in_(verbs) & (trail.c.at >= utc(since))
    return await _rows(conn, came, NEWEST, 20)


async def _rows(conn: AsyncConnection, wanted: ColumnElement[bool], before: int, limit: int) -> list[Done]:
    newest: Select[Any] = select(*_COLUMNS).where(wanted, trail.c.number < before).order_by(trail.c.number.desc())
    return [Done(**row._mapping) for row in await conn.execute(newest.limit(limit))]


async def head(conn: AsyncConnection, *, before: datetime) -> Head | None:
    """Return the head as it was at a moment: the last row written before it."""
    last = select(trail.c.number, trail.c.mac).where(trail.c.at < utc(before)).order_by(trail.c.number.desc()).limit(1)
    row = (await conn.execute(last)).one_or_none()
    return None if row is None else Head(row.number, row.mac)
