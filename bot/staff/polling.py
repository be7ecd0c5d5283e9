"""Long polling for the staff bot: an update is confirmed only when it was acted on and answered.

python-telegram-bot's own updater confirms what it has only put into a queue, which a crash empties.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.error import RetryAfter, TelegramError

from bot.channels.telegram.patience import Patience
from bot.staff.bot import StaffBot
from bot.staff.wire import KINDS, wait_of
from storage.errors import DatabaseError

log = structlog.get_logger()

LONG = 30
"""Seconds for which Telegram keeps a call open when there is nothing."""

GRACE = 10
"""Seconds beyond that after which a call is given up."""


class Polling:
    """Fetches one bot's updates and lets them be taken in turn, until it is told to stop."""

    def __init__(self, bot: Bot, staff: StaffBot, patience: Patience | None = None) -> None:
        self._bot, self._staff, self._patience = bot, staff, patience or Patience()
        self._offset: int | None = None
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Fetch nothing more; what is being answered is answered."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    async def pause(self, patience: Patience) -> None:
        """Wait before another try; a stop ends the waiting."""
        await self._or_stop(patience.wait(), None)

    async def run(self) -> None:
        """Fetch and take, whatever fails; returns after `stop`."""
        while not self._stop.is_set():
            try:
                for update in await self._or_stop(self._next(), ()):
                    await taken(self._staff, update)
                    self._offset = update.update_id + 1
                    if self._stop.is_set():
                        break
                self._patience.rested()
            except (TelegramError, DatabaseError) as error:
                log.error("staff_bot_waits", kind=type(error).__name__)
                await self.pause(self._patience)
        await self._confirm()

    async def _next(self) -> tuple[Update, ...]:
        try:
            return await self._bot.get_updates(
                self._offset, timeout=LONG, read_timeout=GRACE, allowed_updates=list(KINDS)
            )
        except RetryAfter as error:
            await asyncio.sleep(wait_of(error))
            return ()

    async def _or_stop(self, work: Coroutine[Any, Any, Any], instead: Any) -> Any:
        """Await something, or `instead` if we are to stop. What Telegram gave in a call broken off it gives again."""
        working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return working.result() if working.done() else instead
        finally:
            working.cancel()
            stopping.cancel()

    async def _confirm(self) -> None:
        """Tell Telegram what we took, so that the next start is not given it again."""
        if self._offset is None:
            return
        try:
            await self._bot.get_updates(self._offset, limit=1, timeout=0)
        except TelegramError as error:
            log.warning("staff_bot_not_told", kind=type(error).__name__)


async def taken(staff: StaffBot, update: Update) -> None:
    """Take an update. A fault of ours is loud, and neither ends the bot nor comes again for ever."""
    try:
        await staff.take(update)
    except (TelegramError, DatabaseError):
        raise
    except Exception:
        log.exception("staff_update_failed", update=update.update_id)
