"""The day's head of the trail, told where the database does not reach: whoever changes the trail later is found out."""

from datetime import datetime, time, timedelta

import structlog

from scheduler.calendar import LOCAL, local_date
from storage.alerts import raise_alert
from storage.database import Database
from storage.trail_reading import head

log = structlog.get_logger()


async def tell_head(database: Database, now: datetime) -> str:
    """Tell staff's alert channel and the log the head at last midnight, once a day; returns it, empty without rows."""
    today = local_date(now)
    midnight = datetime.combine(today, time(), LOCAL)
    async with database.begin() as conn:
        found = await head(conn, before=midnight)
        if found is None:
            return ""
        # The same day's head a second time changes nothing: this may run as often as one likes.
        if await raise_alert(conn, "trail_head", f"{today - timedelta(days=1)} {found}", now):
            log.info("trail_head", day=str(today - timedelta(days=1)), head=str(found))
    return str(found)
