"""The robot of staff's WeCom group: what must be heard of, with numbers only; nothing that a resident wrote."""

import json
from datetime import datetime, timedelta

import httpx
import structlog

from bot.channels.wechat.api import Failed, Rejected, answered, request
from content.render import say
from scheduler.calendar import local_date
from storage import alerts
from storage.database import Database

log = structlog.get_logger()

MOST_AT_ONCE = 15
"""Alerts told in one message: WeCom takes 2,048 bytes of text."""

OLD_AFTER = timedelta(days=3)
"""A question that nobody answered for so long is told."""

LAPSING_WITHIN = timedelta(days=7)
"""A local detail that lapses so soon is told, so that somebody confirms it anew."""

EVERY = timedelta(seconds=30)
"""Between two looks: two messages a minute at most, of the twenty that WeCom takes."""


class Robot:
    """Tells staff in one group. The address of its webhook is a secret."""

    def __init__(self, webhook: str, database: Database, http: httpx.AsyncClient) -> None:
        self._webhook, self._database, self._http = webhook, database, http

    async def look(self, now: datetime) -> int:
        """Tell what was not told yet, in one message; returns how many. What did not surely arrive is told again."""
        soon = local_date(now + LAPSING_WITHIN)
        async with self._database.begin() as conn:
            await alerts.raise_due(conn, asked_before=now - OLD_AFTER, lapsing_until=soon, now=now)
            waiting = await alerts.untold(conn, MOST_AT_ONCE)
            if not waiting:
                return 0
            lines = [say("wechat", f"alert_{one.kind}", about=one.about) for one in waiting]
            if not await self._told("\n".join((say("wechat", "alert_head"), *lines))):
                return 0
            for one in waiting:
                await alerts.told(conn, one, now)
            return len(waiting)

    async def _told(self, text: str) -> bool:
        body = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False).encode()
        try:
            answered(await request(self._http, "POST", self._webhook, body, {}))
        except Rejected as error:
            log.error("wecom_refused", code=error.code)
            return False
        except Failed as error:
            log.warning("wecom_not_reached", error=type(error).__name__)
            return False
        return True
