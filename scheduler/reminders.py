"""Reminders: a look at the facts, which plans what is to be told today. Run it as often as you like.

At opening, some days before the last, on the last, and when staff move or cancel a window, to those who follow it and
were not told so yet. Many on one day are one message. What a missed look left out, the next one finds.

One message a day (design.md §7), and nobody misses a date: these two meet where something changes after the day's
message left. So there may be a second and last message that day, for what tomorrow would be too late, and nothing else:
what ends today, and a change where the day that was told or the day that holds now is today or tomorrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from scheduler.calendar import LOCAL, local_date
from scheduler.holidays import OfficeDays
from scheduler.limits import after_quiet
from scheduler.stages import as_due, with_earlier
from storage import reminders
from storage.database import Database
from storage.reminders import Due, Look

AHEAD = (7, 1, 0)
"""How many days before the last day a resident is reminded, unless the operator sets others."""

CHANGED_WITHIN = timedelta(days=60)
"""How long ago a move or a cancellation may be that some were not told of yet."""


@dataclass(frozen=True)
class Planned:
    """What a look planned: lines, and the deliveries made for them (others waited already)."""

    lines: int = 0
    deliveries: int = 0


async def look(database: Database, now: datetime, *, days: OfficeDays, ahead: Sequence[int] = AHEAD) -> Planned:
    """Plan what is to be told today, residents bite by bite, each bite in a transaction of its own.

    Two looks at once plan nothing twice; one that dies in the middle is finished by the next.
    """
    seen = await _seen(database, now, ahead, days)
    if not seen:
        return Planned()
    when, planned, low = _look(now), Planned(), 0
    while (high := await _next(database, low)) is not None:
        async with database.begin() as conn:
            lines, made = await reminders.plan(conn, seen, when, low=low, high=high)
        planned, low = Planned(planned.lines + lines, planned.deliveries + made), high
    return planned


async def _seen(database: Database, now: datetime, ahead: Sequence[int], days: OfficeDays) -> list[Due]:
    """Read the windows worth a word, and take back what waits to be told of those that have changed since."""
    async with database.begin() as conn:
        since, today = now - CHANGED_WITHIN, local_date(now)
        windows = {window.id: window for window in await reminders.windows(conn, today=today, since=since)}
        seen = with_earlier([as_due(window, now, ahead, days) for window in windows.values()], windows)
        changed = [one for one in seen if windows[one.id].changed_at >= since]
        if changed:
            await reminders.unplan_changed(conn, changed)
    return [one for one in seen if one.due_on is not None or windows[one.id].changed_at >= since]


async def _next(database: Database, low: int) -> int | None:
    async with database.begin() as conn:
        return await reminders.next_bite(conn, low)


def _look(now: datetime) -> Look:
    today = local_date(now)
    return Look(now, today, datetime.combine(today, time(), LOCAL), after_quiet(now))
