"""Long polling: an update is confirmed only when it, and all before it, are taken.

aiogram's own polling confirms what it has only begun to handle, and ends when its first call fails; this one does not.
"""

import asyncio
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, ClientDecodeError, TelegramRetryAfter
from aiogram.methods import DeleteWebhook, GetUpdates
from aiogram.types import Update
from pydantic import ValidationError

from bot.channels.telegram.line import TIMEOUT
from bot.channels.telegram.patience import Patience
from bot.channels.telegram.residents import ResidentsBot
from bot.channels.telegram.wire import KINDS
from storage.errors import DatabaseError

log = structlog.get_logger()

LONG = 30
"""Seconds for which Telegram keeps a call open when there is nothing."""


SLOW = 0.5
"""Seconds after which the next updates are fetched, though one is not taken yet: a voice message, mostly."""


class Polling:
    """Fetches one bot's updates until it is told to stop."""

    def __init__(self, bot: Bot, residents: ResidentsBot) -> None:
        self._bot, self._residents = bot, residents
        self._offset: int | None = None
        self._begun: dict[int, asyncio.Task[None]] = {}  # by id: what Telegram gave and was not confirmed yet
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Fetch and take, whatever fails; returns after `stop` when what was fetched is taken and confirmed."""
        patience = Patience()
        while not self.stopped:
            try:
                updates = await self._next()
            except AiogramError as error:
                log.error("telegram_not_reached", kind=type(error).__name__, told=getattr(error, "message", "")[:200])
                await self.pause(patience, error)
                continue
            if await self._take(updates):
                patience.rested()
            else:
                await self.pause(patience)
        await self._residents.finish()
        await asyncio.gather(*self._begun.values(), return_exceptions=True)
        self._settle()
        await self._confirm()

    def stop(self) -> None:
        """Fetch nothing more."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    async def _next(self) -> list[Update]:
        """The next updates; none if we are to stop. What Telegram gave in a call that we broke off it gives again."""
        fetching = asyncio.ensure_future(self._fetched(0 if self._begun else LONG))
        stopping = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({fetching, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return fetching.result() if fetching.done() else []
        finally:
            fetching.cancel()
            stopping.cancel()

    async def _fetched(self, seconds: int) -> list[Update]:
        asked = GetUpdates(offset=self._offset, timeout=seconds, allowed_updates=KINDS)
        try:
            return await self._bot(asked, request_timeout=seconds + TIMEOUT)
        except ClientDecodeError as error:
            return self._readable(error.data)

    def _readable(self, answer: Any) -> list[Update]:
        """The updates that can be read where one can't: it must not stop the others for good."""
        if not isinstance(answer, dict) or not answer.get("ok"):
            raise AiogramError("no updates in the answer")
        found = []
        for one in answer.get("result", []):
            try:
                found.append(Update.model_validate(one))
            except ValidationError:
                log.error("update_unreadable", update=one.get("update_id"))
                found.append(Update(update_id=one["update_id"]))  # so that it is confirmed in its turn
        return found

    async def _take(self, updates: list[Update]) -> bool:
        """Take updates side by side, and go on when all are done or one needs long. Whether all could be kept.

        Telegram gives what is not confirmed again and again; what has begun is not begun anew.
        """
        for one in updates:
            if one.update_id not in self._begun:
                self._begun[one.update_id] = asyncio.create_task(self._residents.take(one))
        if self._begun:
            await asyncio.wait(self._begun.values(), timeout=SLOW)
        return self._settle()

    def _settle(self) -> bool:
        """Count as taken what is done, up to the first that is not. Whether the database kept everything."""
        for number, task in sorted(self._begun.items()):
            if not task.done():
                return True
            del self._begun[number]
            error = task.exception()
            if isinstance(error, DatabaseError):
                log.error("update_not_kept", error=type(error).__name__)
                return False
            if error is not None:  # a fault of ours: loud, and not in the way of all others for good
                log.error("update_failed", update=number, exc_info=error)
            self._offset = number + 1
        return True

    async def _confirm(self) -> None:
        """Tell Telegram what we took, so that the next start is not given it again."""
        if self._offset is None:
            return
        try:
            await self._bot(GetUpdates(offset=self._offset, limit=1, timeout=0), request_timeout=TIMEOUT)
        except AiogramError as error:
            log.warning("telegram_not_told", kind=type(error).__name__)

    async def pause(self, patience: Patience, error: AiogramError | None = None) -> None:
        """Wait before another try, as long as Telegram said where it did; a stop ends the waiting."""
        told = error.retry_after if isinstance(error, TelegramRetryAfter) else 0.0
        pausing = asyncio.ensure_future(patience.wait(told))
        stopping = asyncio.ensure_future(self._stop.wait())
        await asyncio.wait({pausing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        pausing.cancel()
        stopping.cancel()


async def listen_here(bot: Bot) -> None:
    """Take a webhook away: Telegram gives updates only one way at a time. What waits there is kept."""
    await bot(DeleteWebhook(drop_pending_updates=False))
