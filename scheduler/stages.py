"""The stages of a window: on which days it is worth a word, and until when.

Counted from the last day on which the office is open before it closes, because a reminder to come on a Sunday helps
nobody. The latest stage that has come due is told, with words that fit the day of telling; earlier ones it covers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from scheduler.calendar import LOCAL, local_date
from scheduler.holidays import OfficeDays
from storage.entries import State
from storage.reminders import Due
from storage.windows import Timing, Window

OFFICE_CLOSES = time(18, 0)
"""After this hour of the last day nobody is told to go any more."""

LONG = timedelta(days=30)
"""How long it is worth telling that something is open until further notice."""

ALWAYS = date(2000, 1, 1)
"""When a window opened of which only the closing day is known."""


def last_day(opens_on: date | None, closes_on: date, days: OfficeDays) -> date:
    """Return the last day on which going there helps; the closing day itself if offices are closed all the while."""
    open_day = days.last_open(closes_on)
    return open_day if opens_on is None or open_day >= opens_on else closes_on


def due_on(window: Window, today: date, ahead: Sequence[int], days: OfficeDays) -> date | None:
    """Return the day of the latest stage that has come due, None before the first. `ahead`: days before the last."""
    stages = [window.opens_on or ALWAYS]
    if window.closes_on is not None:
        last = last_day(window.opens_on, window.closes_on, days)
        stages += [last - timedelta(days=number) for number in ahead]
    return max((day for day in stages if day <= today), default=None)


def helps_until(opens_on: date | None, closes_on: date | None, now: datetime, days: OfficeDays) -> datetime:
    """Return the moment after which telling a window's days helps nobody."""
    if closes_on is None:
        return now + LONG
    return datetime.combine(last_day(opens_on, closes_on, days), OFFICE_CLOSES, LOCAL)


def still_helps(opens_on: date | None, closes_on: date | None, now: datetime, days: OfficeDays) -> bool:
    """Whether telling a window's days helps at this moment."""
    return now < helps_until(opens_on, closes_on, now, days)


def as_due(window: Window, now: datetime, ahead: Sequence[int], days: OfficeDays) -> Due:
    """Return a window as a look sees it now; `earlier` is found by `with_earlier`."""
    dated = window.state is State.PUBLISHED and window.timing is not Timing.AWAITING
    until = helps_until(window.opens_on, window.closes_on, now, days) if dated else None
    due = due_on(window, local_date(now), ahead, days) if until and until > now else None
    what = (window.id, window.place, window.programme, window.topic, window.sensitive)
    span = (window.opens_on, window.closes_on) if dated else (None, None)
    return Due(*what, *span, due, until)


def with_earlier(seen: Sequence[Due], windows: Mapping[int, Window]) -> list[Due]:
    """Give each window the places, above it or below, whose own window for the same thing has begun and ends first."""
    groups: dict[tuple[str | None, str | None], list[Due]] = {}
    for one in seen:
        if one.due_on is not None:
            groups.setdefault((one.programme, windows[one.id].matter), []).append(one)
    return [
        replace(one, earlier=_earlier(one, groups.get((one.programme, windows[one.id].matter), []))) for one in seen
    ]


def _earlier(one: Due, others: Sequence[Due]) -> tuple[str, ...]:
    if one.due_on is None:
        return ()
    return tuple(sorted({other.place for other in others if _related(one, other) and _first(other) < _first(one)}))


def _related(one: Due, other: Due) -> bool:
    return one.place != other.place and (one.place.startswith(other.place) or other.place.startswith(one.place))


def _first(one: Due) -> tuple[bool, datetime | None, int]:
    """Sort what ends first first, what has no end last, and of two the place nearer to the resident."""
    return (one.closes_on is None, one.helps_until, -len(one.place))
