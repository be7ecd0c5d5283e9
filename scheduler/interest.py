"""When a month's interest is closed: from the second day of the next month on, so that marks held up still come in."""

from datetime import date, datetime, timedelta

from content.library import Library
from content.places import Places
from content.programme import Programme
from content.sensitive import is_sensitive
from scheduler.calendar import local_date
from storage.database import Database
from storage.interest import closing, marks, rule
from storage.interest.closing import Closed
from storage.interest.rule import Frame

CARE = "care"
"""The topic that sensitive programmes of other topics are counted under: a grave illness is no figure of 看病医保."""

_GRACE = timedelta(days=1)


def topic_of(programme: Programme, library: Library) -> str:
    """Return the topic that a programme's interest counts for."""
    sensitive = is_sensitive(programme, library)
    return CARE if sensitive and not library.topics[programme.topic].sensitive else programme.topic


def sensitive_topics(library: Library) -> frozenset[str]:
    """Return what has limits of its own: sensitive topics, and what sensitive programmes of others count for."""
    return frozenset({CARE} | {id_ for id_, topic in library.topics.items() if topic.sensitive})


def frame_of(library: Library, places: Places) -> Frame:
    """Return what can be counted, as content has it now."""
    filed = {id_: topic_of(programme, library) for id_, programme in library.programmes.items()}
    banners = (banner.stem for league in places.children(rule.REGION) for banner in places.children(league.stem))
    return rule.frame(library.topics, sensitive_topics(library), filed, banners)


def is_due(month: date, today: date) -> bool:
    """Whether a month (its first day) may be closed by the timetable."""
    following = (month + timedelta(days=32)).replace(day=1)
    return today >= following + _GRACE


async def close_due(database: Database, frame: Frame, now: datetime) -> list[Closed]:
    """Close every month that is due and has marks, each in a transaction of its own."""
    async with database.begin() as conn:
        due = [month for month in await marks.open_months(conn) if is_due(month, local_date(now))]
    closed = [await close(database, month, frame, now) for month in due]
    return [one for one in closed if one is not None]


async def close(database: Database, month: date, frame: Frame, now: datetime) -> Closed | None:
    """Close one month; None if it is closed already. NotOver."""
    async with database.begin() as conn:
        return await closing.close(conn, month, frame, today=local_date(now), now=now)
