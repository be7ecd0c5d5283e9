"""Times as the tables keep them: aware, in UTC."""

from datetime import UTC, date, datetime

from storage.errors import NaiveTime


def utc(now: datetime) -> datetime:
    """Return the same moment in UTC. NaiveTime if it carries no zone."""
    if now.tzinfo is None or now.utcoffset() is None:
        raise NaiveTime(f"{now!r} has no zone; hand in an aware time, as scheduler/clock.py gives it")
    return now.astimezone(UTC)


def day(now: datetime) -> date:
    """Return the day in UTC, which only measures how long ago something was. Days that people read are the caller's."""
    return utc(now).date()
