"""Windows: when and where one can apply for a thing, in one place."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Row, Text, and_, bindparam, false, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import entries
from storage.entries import By, Ledger, Revision, State
from storage.tables import place_window, place_window_revision

WINDOWS = Ledger(place_window, place_window_revision)


class Timing(StrEnum):
    """What is known of a window's days. Days are the calendar's, and the last day is itself still open."""

    DATED = "dated"  # closes_on; opens_on where it is not open already. One day: both the same
    OPEN_ENDED = "open_ended"  # opens_on, until further notice
    YEARLY = "yearly"  # the days of this or the next year; `roll_yearly` moves them on
    AWAITING = "awaiting"  # `about` says when about; the notice has not come


@dataclass(frozen=True)
class Entered:
    """What staff enter. Exactly one of `programme` (its id) and `matter` (their own words); `place` is a stem.

    `batch` tells apart several windows of one thing in one place (春季, 第二批).
    """

    place: str
    timing: Timing
    programme: str | None = None
    matter: str | None = None
    batch: str = ""
    topic: str | None = None
    sensitive: bool = False
    opens_on: date | None = None
    closes_on: date | None = None
    about: str | None = None
    where_to_go: str | None = None
    what_to_bring: str | None = None
    source: str = ""
    source_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Window(Entered):
    """A window as it is kept. `revision` counts its changes; ids of staff say who entered and who confirmed it."""

    id: int
    state: State
    entered_by: str
    confirmed_by: str | None
    revision: int
    changed_at: datetime


async def enter(conn: AsyncConnection, entered: Entered, *, author: str, reason: str, now: datetime) -> Window:
    """Keep a draft. Raises AlreadyThere where the place has a window for the same thing and batch, in any state."""
    row = await entries.enter(conn, WINDOWS, asdict(entered), author=author, reason=reason, now=now)
    return as_window(row)


async def change(
    conn: AsyncConnection, id_: int, changes: Mapping[str, object], *, author: str, reason: str, now: datetime
) -> Window:
    """Change fields of `Entered`, a move to other days included. Raises NoSource, NoSuchEntry."""
    row = await entries.change(conn, WINDOWS, id_, changes, author=author, reason=reason, now=now)
    return as_window(row)


async def publish(
    conn: AsyncConnection, id_: int, *, confirmer: str, reason: str, now: datetime, seen: int | None = None
) -> Window:
    """Show a window to residents in the revision that was `seen`. Raises Differs, NoSource, NoSuchMove, NoSuchEntry."""
    by: By = {"author": confirmer, "reason": reason, "now": now}
    return as_window(await entries.move(conn, WINDOWS, id_, State.PUBLISHED, **by, seen=seen))


async def cancel(conn: AsyncConnection, id_: int, *, author: str, reason: str, now: datetime) -> Window:
    """Take a window back. Raises NoSuchMove, NoSuchEntry."""
    return as_window(await entries.move(conn, WINDOWS, id_, State.CANCELLED, author=author, reason=reason, now=now))


async def history(conn: AsyncConnection, id_: int) -> list[Revision]:
    """Return every change, the first one first; `held` has the fields of `Window`."""
    return await entries.history(conn, WINDOWS, id_)


async def get(conn: AsyncConnection, id_: int) -> Window | None:
    """Return a window in whatever state, None where there is none."""
    row = (await conn.execute(select(place_window).where(place_window.c.id == id_))).one_or_none()
    return None if row is None else as_window(row)


async def find(
    conn: AsyncConnection, *, place: str, programme: str | None, matter: str | None, batch: str = ""
) -> Window | None:
    """Return the place's window for a thing, in whatever state, None where there is none."""
    same = [
        place_window.c.place == place,
        place_window.c.programme.is_not_distinct_from(programme),
        place_window.c.matter.is_not_distinct_from(matter),
        place_window.c.batch == batch,
    ]
    row = (await conn.execute(select(place_window).where(and_(*same)))).one_or_none()
    return None if row is None else as_window(row)


async def below(conn: AsyncConnection, stems: Sequence[str]) -> list[Window]:
    """Return the windows of these places and of all that lies in them, in whatever state, those that close first."""
    within = or_(false(), *(place_window.c.place.startswith(stem) for stem in stems))
    asked = select(place_window).where(within).order_by(place_window.c.closes_on.nulls_last(), place_window.c.id)
    return [as_window(row) for row in await conn.execute(asked)] if stems else []


async def published(conn: AsyncConnection, *, closing_after: date) -> list[Window]:
    """Return what residents are shown, without what had closed by this day."""
    still = or_(place_window.c.closes_on.is_(None), place_window.c.closes_on > closing_after)
    shown = and_(place_window.c.state == State.PUBLISHED.value, still)
    return [as_window(row) async for row in entries.bites(conn, WINDOWS, shown)]


async def roll_yearly(conn: AsyncConnection, today: date, *, author: str, reason: str, now: datetime) -> int:
    """Move yearly windows that have closed on to their next year; returns how many. Doing it twice changes nothing."""
    due = (place_window.c.timing == Timing.YEARLY.value, place_window.c.closes_on < today)
    rows = (await conn.execute(select(place_window).where(*due).with_for_update())).all()
    for row in rows:
        years = next(n for n in range(1, today.year - row.closes_on.year + 2) if later(row.closes_on, n) >= today)
        days = {"opens_on": row.opens_on and later(row.opens_on, years), "closes_on": later(row.closes_on, years)}
        confirmer = row.confirmed_by or author  # a published one stays confirmed by the person who did so
        await change(conn, row.id, days | {"confirmed_by": confirmer}, author=author, reason=reason, now=now)
    return len(rows)


def later(day: date, years: int) -> date:
    """The same day some years later; of 29 February the 28th where that year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


async def file_under(conn: AsyncConnection, filed: Mapping[str, tuple[str, bool]]) -> None:
    """File windows of programmes under the topic that content gives them now, and whether that is sensitive."""
    of = bindparam("of_programme", type_=Text)
    topic, sensitive = bindparam("to_topic", type_=Text), bindparam("to_sensitive", type_=Boolean)
    stale = or_(place_window.c.topic.is_distinct_from(topic), place_window.c.sensitive != sensitive)
    move = update(place_window).where(place_window.c.programme == of, stale)
    used = (await conn.execute(select(place_window.c.programme).distinct())).scalars()
    rows = [
        {"of_programme": id_, "to_topic": filed[id_][0], "to_sensitive": filed[id_][1]} for id_ in used if id_ in filed
    ]
    if rows:
        await conn.execute(move.values(topic=topic, sensitive=sensitive), rows)


def as_window(row: Row[Any]) -> Window:
    """Return the record of a row of the table."""
    kept = dict(row._mapping)
    return Window(**kept | {"timing": Timing(kept["timing"]), "state": State(kept["state"])})
