"""What reminders promise, said plainly for one resident and one window: see tests/scheduler/years.py."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from scheduler.calendar import local_date
from scheduler.holidays import office_days
from scheduler.stages import helps_until
from storage.entries import State
from storage.following import Follow
from storage.tables import reminder
from storage.windows import Window

A_DAY = timedelta(days=1)
ORDER = (reminder.c.told_on, reminder.c.again)


def behind(window: Window, wanted: Sequence[Window]) -> bool:
    """Whether the window of a place above or below comes first for who wants these (loosely: any of them)."""
    others = [one for one in wanted if one.programme == window.programme and one.place != window.place]
    return any(one.state is State.PUBLISHED for one in others)


def presses(window: Window, named: tuple[date | None, date | None] | None, now: datetime) -> bool:
    """Whether tomorrow is too late: it ends today, or of a change what was told or what is true ends by tomorrow."""
    today = local_date(now)
    true = span_of(window)
    until = helps_until(*true, now, office_days()) if true != (None, None) else None
    ends = [local_date(until)] if until else []
    if named is None or named == true or (named[1] is not None and named[1] < today):
        return ends == [today]
    return min([*ends, *([named[1]] if named[1] else [])], default=date.max) <= today + A_DAY


def span_of(window: Window) -> tuple[date | None, date | None]:
    return (window.opens_on, window.closes_on) if window.state is State.PUBLISHED else (None, None)


def matches(follow: Follow, window: Window, places: Sequence[str]) -> bool:
    if window.sensitive and not follow.consented:
        return False
    if follow.kind == "place":
        return follow.subject.startswith(window.place)
    subject = window.programme if follow.kind == "programme" else window.topic
    return follow.subject == subject and any(place.startswith(window.place) for place in places or ("15",))
