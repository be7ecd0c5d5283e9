"""How many residents of a place could be sent something now: counted, never listed."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import wechat
from storage.moments import utc
from storage.tables import resident
from storage.tables.wechat import wechat_window


async def reachable(conn: AsyncConnection, stem: str, *, guests_only: bool = False, now: datetime) -> Mapping[str, int]:
    """Count by channel the residents who named this place or one in it, who neither stopped nor left.

    Of WeChat's only those to whom it lets us write now. `guests_only`: while the installation is in trial.
    """
    named = func.unnest(resident.c.places).column_valued("named")
    theirs = select(named).where(named.startswith(stem, autoescape=True)).correlate(resident).exists()
    here = [theirs, resident.c.stopped_at.is_(None), resident.c.gone_at.is_(None), _may_be_written_to(now)]
    if guests_only:
        here.append(resident.c.trial_guest)
    counted = select(resident.c.channel, func.count()).where(*here).group_by(resident.c.channel)
    return {row[0]: row[1] for row in await conn.execute(counted)}


def _may_be_written_to(now: datetime) -> ColumnElement[bool]:
    limit, mine = wechat.AFTER_MESSAGE, wechat_window.c.resident_id == resident.c.id
    lately = wechat_window.c.messaged_at > utc(now) - limit.period
    left = wechat_window.c.messaged_used < limit.messages - limit.kept
    open_window = select(1).select_from(wechat_window).where(mine, lately, left).exists()
    return (resident.c.channel != wechat.CHANNEL) | open_window
