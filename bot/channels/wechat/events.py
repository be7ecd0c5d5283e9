"""Events that are not answered: leaving, agreeing to notices, and what became of messages."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import structlog

from bot.channels.wechat.mass import Totals, finished
from bot.channels.wechat.wire import Update
from storage import residents, wechat
from storage.database import Database

log = structlog.get_logger()

BLOCKED = "failed:user block"


class Events:
    """Notes the events of one account. Each may come again: noting it twice changes nothing."""

    def __init__(self, database: Database, account: str) -> None:
        self._database, self._account = database, account

    async def note(self, update: Update, now: datetime) -> None:
        """Note an event; one that means nothing to us is let pass."""
        match update.event:
            case "unsubscribe":
                await self._left(update, now)
            case "subscribe_msg_popup_event" | "subscribe_msg_change_event":
                await self._agreed(update, now)
            case "subscribe_msg_sent_event":
                _log_unsent(update)
            case "templatesendjobfinish" if update.data.get("Status") == BLOCKED:
                await self._gone(update, now)
            case "masssendjobfinish":
                await finished(self._database, self._account, Totals.of(update.data), now)

    async def _left(self, update: Update, now: datetime) -> None:
        """Who unfollows wants nothing more; when they come back, the welcome tells how to be written to again."""
        async with self._database.begin() as conn:
            who = await wechat.resident_at(conn, self._account, update.address)
            if who is not None:
                await residents.stop(conn, who, now)
        await self._gone(update, now)

    async def _gone(self, update: Update, now: datetime) -> None:
        async with self._database.begin() as conn:
            await residents.gone(conn, channel=wechat.CHANNEL, account=self._account, address=update.address, now=now)

    async def _agreed(self, update: Update, now: datetime) -> None:
        """Note which notices a resident wants. One whom we don't know yet is met by it: they asked to be written to."""
        async with self._database.begin() as conn:
            met = await residents.meet(
                conn, channel=wechat.CHANNEL, account=self._account, address=update.address, now=now
            )
            for row in rows(update):
                template = str(row.get("TemplateId") or "")
                if row.get("SubscribeStatusString") == "accept":
                    await wechat.agree(conn, met.id, template, now)
                else:
                    await wechat.disagree(conn, met.id, template)


def rows(update: Update) -> Iterator[Mapping[str, Any]]:
    """The rows of an event that carries a list; of a single row WeChat's XML makes no list."""
    for name in ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent"):
        listed = (update.data.get(name) or {}).get("List") or []
        yield from [listed] if isinstance(listed, Mapping) else listed


def _log_unsent(update: Update) -> None:
    for row in rows(update):
        if str(row.get("ErrorCode") or "0") != "0":
            log.warning("wechat_notice_failed", code=str(row.get("ErrorCode")), message=str(row.get("MsgID")))
