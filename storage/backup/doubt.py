"""After a restore nobody knows what was sent since the backup: nothing that may have been is sent again."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import deliveries
from storage.moments import utc

# A notice that was not on its way yet may have gone out since: staff look, and resume it. One that waited for approval
# may have been approved. An urgent one goes on: late is worse than twice, and it ends by itself within hours.
_STOP = text("""
UPDATE broadcast SET state = 'stopped', moved_at = :now
WHERE state = 'approved' AND kind = 'notice' AND out_at IS NULL
""")
_LAPSE = text("UPDATE broadcast SET state = 'lapsed', moved_at = :now WHERE state = 'submitted'")
_MASS = text("""
UPDATE wechat_mass SET state = 'unknown', moved_at = :now
WHERE state IN ('approved', 'sending') AND planned_for <= :now
""")


async def doubt(conn: AsyncConnection, now: datetime) -> int:
    """Call what waits unknown, except what is urgent; returns how many deliveries."""
    for statement in (_STOP, _LAPSE, _MASS):
        await conn.execute(statement, {"now": utc(now)})
    return await deliveries.doubt(conn, now)
