"""The line to Telegram for one account: every call goes through the gate and comes back as an outcome."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, ClientDecodeError
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import LinkPreviewOptions
from aiohttp import ClientSession, TraceConfig

from bot.channels.telegram.gate import Gate
from bot.channels.telegram.outcomes import outcome_of
from bot.channels.telegram.render import Part
from scheduler.sending import Outcome, Sent, TryLater, leaves

log = structlog.get_logger()

TIMEOUT = 20
"""Seconds for one call; a resident does not wait longer either."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

Held = Callable[[timedelta], Awaitable[None]]


async def _leaves(*_: object) -> None:
    leaves()


_TRACE = TraceConfig()
_TRACE.on_request_chunk_sent.append(_leaves)
_TRACE.freeze()


class _Session(AiohttpSession):
    """aiogram's, to which a page in other characters than it says (some proxy's) is one more unreadable answer.

    It says when a request leaves.
    """

    async def create_session(self) -> ClientSession:
        """Return the session, made at the first call."""
        made = self._session
        session = await super().create_session()
        if session is not made:
            session.trace_configs.append(_TRACE)
        return session

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - as aiogram has it
    ) -> TelegramType:
        """Call. Raises AiogramError whatever comes back."""
        try:
            return await super().make_request(bot, method, timeout)
        except UnicodeDecodeError as error:
            raise ClientDecodeError("not in the characters that it says", error, None) from error


class Line:
    """One account's calls. `held` is told of every 429, so that other processes heed it too."""

    def __init__(self, token: str, *, server: str, per_second: float, held: Held) -> None:
        """`server` is the address of the Bot API; `per_second`: messages that the account may send."""
        session = _Session(api=TelegramAPIServer.from_base(server), timeout=TIMEOUT)
        self.bot = Bot(token, session)
        self.account = token.partition(":")[0]
        self.gate = Gate(per_second)
        self._held = held

    async def say(self, chat: int, part: Part) -> Outcome:
        """Send a new message, once, in its turn."""
        method = SendMessage(
            chat_id=chat, text=part.html, parse_mode="HTML", reply_markup=part.keyboard, link_preview_options=NO_PREVIEW
        )
        return await self._once(method)

    async def change(self, chat: int, message: int, part: Part) -> Outcome:
        """Put other words and buttons in the place of a message, once, in its turn."""
        method = EditMessageText(
            chat_id=chat,
            message_id=message,
            text=part.html,
            parse_mode="HTML",
            reply_markup=part.keyboard,
            link_preview_options=NO_PREVIEW,
        )
        return await self._once(method)

    async def stop_clock(self, query: str) -> None:
        """Answer a tap, so that the button stops waiting. Where that fails, the message changes all the same."""
        try:
            await self.bot(AnswerCallbackQuery(callback_query_id=query))
        except AiogramError as error:
            outcome = await self._failed(error)
            log.info("tap_not_answered", account=self.account, outcome=type(outcome).__name__)

    async def _once(self, method: TelegramMethod[Any]) -> Outcome:
        await self.gate.pass_()
        try:
            result = await self.bot(method)
        except AiogramError as error:
            return await self._failed(error)
        return Sent(str(result.message_id))

    async def _failed(self, error: AiogramError) -> Outcome:
        outcome = outcome_of(error)
        if isinstance(outcome, TryLater) and outcome.whole_account:
            await self._hold(outcome.after)
        return outcome

    async def _hold(self, after: timedelta) -> None:
        self.gate.hold(after.total_seconds())
        log.warning("telegram_said_wait", account=self.account, seconds=after.total_seconds())
        await self._held(after)

    async def close(self) -> None:
        """End the connections."""
        await self.bot.session.close()
