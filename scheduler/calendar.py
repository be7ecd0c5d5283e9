"""Days as people here count them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


def local_date(moment: datetime) -> date:
    """The day in Inner Mongolia at an aware moment. Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone: say which zone it is in, datetime(..., tzinfo=UTC)")
    return moment.astimezone(LOCAL).date()
