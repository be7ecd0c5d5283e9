"""Answers on their way to a resident: tried until they went, for as long as the sweep leaves them to us."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import structlog

from bot.channels.telegram.line import Line
from bot.channels.telegram.render import CAPABILITIES, Part, parts
from bot.channels.telegram.wire import Told
from bot.pipeline import Clock, Handled, NotSent, Pipeline, Reply
from content.message import Message
from scheduler.sending import Gone, NotNow, Outcome, Refused, Sent, TryLater
from storage import residents
from storage.database import Database
from storage.errors import DatabaseError
from storage.inbox import MessageKey

log = structlog.get_logger()

TRIED_FOR = 35.0
"""Seconds for which an answer is tried; with one more call it is done before the sweep looks, a minute after."""

NOTED_FOR = 3
"""Tries to note that an answer went."""

EDIT_GONE = frozenset(("edit_not_found", "edit_forbidden", "edit_no_text", "message_id_invalid"))
"""The message to be changed is not there any more: the answer is sent as a new one."""

Try = Callable[[], Awaitable[Outcome]]


class Replies:
    """Sends answers of one account, and notes what became of them."""

    def __init__(
        self, line: Line, pipeline: Pipeline, database: Database, *, now: Clock, page: str | None = None
    ) -> None:
        """`page` is the public address of the web page, for links to cards."""
        self._line, self._pipeline, self._database, self._now, self._page = line, pipeline, database, now, page
        self._at_work: set[MessageKey] = set()

    def ours(self, told: Told, handled: Handled) -> Callable[[], Awaitable[None]]:
        """Leave an answer out of the sweep from now on, however long it waits for its turn; returns what sends it."""
        self._at_work.add(handled.key)
        return partial(self._send_ours, told, handled)

    async def _send_ours(self, told: Told, handled: Handled) -> None:
        try:
            await self.send(told, handled)
        finally:
            self._at_work.discard(handled.key)

    async def send(self, told: Told, handled: Handled) -> None:
        """Send the answer to what was told; in the place of a tapped message, unless that shows a card to be kept."""
        if handled.reply is None:
            return
        tap = told.tap
        last = handled.reply.messages[-1]
        editing = tap.message if tap is not None and not (tap.on_card and not last.options) else None
        outcome = await self._all(told.chat, handled.reply, editing)
        if await self._settled(told.chat, outcome):
            await self._note(handled)

    async def say(self, chat: int, message: Message) -> Outcome:
        """Send one message that is kept nowhere; if it does not go, it is let go."""
        return await self._message(chat, message, None, _time() + TRIED_FOR)

    async def sweep(self) -> int:
        """Send what was left unsent a minute ago or more; returns how many went."""
        if self._line.gate.held:
            return 0
        account, at_work = self._line.account, frozenset(self._at_work)
        return await self._pipeline.resend(CAPABILITIES.name, account, self._resend, at_work=at_work)

    async def _resend(self, address: str, reply: Reply) -> None:
        if not await self._settled(int(address), await self._all(int(address), reply, None)):
            raise NotSent

    async def _all(self, chat: int, reply: Reply, editing: int | None) -> Outcome:
        until = _time() + TRIED_FOR
        outcome: Outcome = Sent()
        for message in reply.messages:
            outcome = await self._message(chat, message, editing, until)
            if not isinstance(outcome, Sent):
                return outcome
            editing = None
        return outcome

    async def _message(self, chat: int, message: Message, editing: int | None, until: float) -> Outcome:
        outcome: Outcome = Sent()
        for part in parts(message, page=self._page):
            outcome = await self._part(chat, part, editing, until)
            if not isinstance(outcome, Sent):
                return outcome
            editing = None
        return outcome

    async def _part(self, chat: int, part: Part, editing: int | None, until: float) -> Outcome:
        if editing is not None:
            outcome = await self._tried(lambda: self._line.change(chat, editing, part), until)
            if not (isinstance(outcome, Refused) and outcome.reason in EDIT_GONE):
                return outcome
        return await self._tried(lambda: self._line.say(chat, part), until)

    async def _tried(self, attempt: Try, until: float) -> Outcome:
        """Try until it is certain, or time is over: again what surely was not taken; a doubt is left to the sweep."""
        while True:
            outcome = await attempt()
            if not isinstance(outcome, TryLater) or _time() + outcome.after.total_seconds() > until:
                return outcome
            if not outcome.whole_account:  # else the gate waits, for everybody
                await asyncio.sleep(outcome.after.total_seconds())

    async def _settled(self, chat: int, outcome: Outcome) -> bool:
        """Whether nothing is left to be done for an answer."""
        match outcome:
            case Sent():
                return True
            case Gone():
                await self._gone(chat)
                return True
            case Refused(reason=reason):
                log.error("reply_refused", account=self._line.account, reason=reason)
                return True
            case NotNow():
                return False
        log.warning("reply_left_to_the_sweep", account=self._line.account, outcome=type(outcome).__name__)
        return False

    async def _gone(self, chat: int) -> None:
        with suppress(DatabaseError):  # the next message to them tells it again
            async with self._database.begin() as conn:
                await residents.gone(
                    conn,
                    channel=CAPABILITIES.name,
                    account=self._line.account,
                    address=str(chat),
                    now=self._now(),
                )

    async def _note(self, handled: Handled) -> None:
        """Note that an answer went; what can't be noted goes out once more by the sweep, and that is logged."""
        for wait in range(1, NOTED_FOR + 1):
            try:
                return await self._pipeline.sent(handled)
            except DatabaseError:
                await asyncio.sleep(wait)
        log.error("reply_not_noted", account=self._line.account)
        return None


def _time() -> float:
    return asyncio.get_running_loop().time()
