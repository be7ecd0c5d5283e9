"""The door: an update of WeChat comes in, and its answer goes back while WeChat waits, or is written afterwards.

WeChat waits five seconds and asks three times. An answer that is ready goes back as the reply; else WeChat is told that
we have the message, and the answer is written as a customer-service message. Whichever way is said first stands, so
three tries bring one answer, also when the first try died. An answer of several texts is written, so that they keep
their order. An account that may not write lets WeChat wait and ask again: the next try is given the stored answer.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.hearing import Hearing
from bot.channels.wechat import asking
from bot.channels.wechat.account import Account
from bot.channels.wechat.api import Api, Failed
from bot.channels.wechat.events import Events
from bot.channels.wechat.wire import Update, joined, news, passive_news, passive_text, short
from bot.channels.wechat.writer import Piece, Writer, news_piece, text_piece
from bot.dialogue.turn import Knowledge
from bot.pipeline import Handled, Pipeline, Reply
from content.message import Message, Text
from content.render import say
from scheduler.sending import Gone, Refused, Sent
from storage import deliveries, wechat
from storage.database import Database
from storage.inbox import MessageKey

log = structlog.get_logger()
T = TypeVar("T")

ACKNOWLEDGED = "success"
"""What tells WeChat that we have it and that it need not ask again."""

PATIENCE = 4.2
"""Seconds that an answer may take as the reply; WeChat hangs up after 5, and the way there and back takes its part."""

AT_ONCE = 8
"""Updates that are worked on at the same time; below the connections of the pool, so that others find one too."""

MOST_TEXTS = 5
"""WeChat lets so many follow a message."""

KEPT_FOR_REPEATS = timedelta(minutes=5)
"""A repeat with a signature that is still good is given the stored answer."""

UNSENT_AFTER = timedelta(minutes=1)
"""An answer that was given no way for so long lost its process: it is written."""


@dataclass(frozen=True)
class _Answer:
    """What is said to an update, which way it goes, and whether that is new. Without a key nothing was asked."""

    messages: tuple[Message, ...]
    key: MessageKey | None = None
    way: wechat.Way = "passive"
    new: bool = True


class Door:
    """Answers the updates of one account."""

    def __init__(
        self,
        account: Account,
        pipeline: Pipeline,
        database: Database,
        api: Api,
        *,
        know: Callable[[], Knowledge],
        now: Callable[[], datetime],
        hearing: Hearing | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """`hearing` recognises voices where WeChat does not; `patience` is shorter in tests."""
        self._account, self._pipeline, self._database, self._api = account, pipeline, database, api
        self._know, self._now, self._hearing, self._patience = know, now, hearing, patience
        self._writer = Writer(api, database, account.app_id)
        self._events = Events(database, account.app_id)
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._running: set[asyncio.Task[Any]] = set()

    async def answer(self, update: Update) -> str:
        """Answer an update: the XML of the reply, or ACKNOWLEDGED where nothing is to be said, or not this way."""
        sentence = asking.kindly(update)
        if sentence is not None:
            await self._acted(update)
            return passive_text(update, say("wechat", sentence))
        if not asking.talks(update):
            await self._acted(update)
            await self._events.note(update, self._now())
            return ACKNOWLEDGED
        task = self._start(self._talked(update))
        if self._account.may_write:
            await asyncio.wait({task}, timeout=self._patience)
            if not task.done():
                self._start(self._written_late(task, update))
                return ACKNOWLEDGED
        return self._given(update, await task)

    async def sweep(self) -> None:
        """Write the answers whose process died, and forget those that WeChat has taken."""
        now = self._now()
        async with self._database.begin() as conn:
            await wechat.settle(conn, self._account.app_id, before=now - KEPT_FOR_REPEATS, now=now)
            left = await wechat.unsent(conn, self._account.app_id, before=now - UNSENT_AFTER)
        for one in left if self._account.may_write else ():
            await self._reopen(one)
            await self._write(one.address, one.message, Reply.model_validate(one.reply).messages)

    async def _reopen(self, one: wechat.Left) -> None:
        """Note the message of an answer whose process may have died before it could.

        If it was a tap after all, WeChat refuses what we write, and that puts our count right.
        """
        async with self._database.begin() as conn:
            await wechat.acted(conn, self._account.app_id, one.address, "message", one.received_at)

    async def finish(self) -> None:
        """Wait for the answers that are on their way; called before the process ends."""
        while self._running:
            await asyncio.wait(self._running)

    async def _talked(self, update: Update) -> _Answer:
        """Talk, a few at a time: of many who write at once, the first are answered while WeChat waits for them."""
        heard = await self._heard(update)
        async with self._turns:
            incoming = asking.incoming_of(update, self._account.app_id, self._know().places, heard)
            if incoming is None:
                return _Answer((Message(blocks=(Text(text=say("wechat", "no_place_there")),)),))
            handled = await self._pipeline.handle(incoming, welcoming=True)
            return await self._claimed(update, handled)

    async def _heard(self, update: Update) -> str | None:
        """What was said in a voice: as WeChat recognised it, else by the hook; None where nobody did."""
        if update.kind != "voice" or update.said or self._hearing is None or not update.media:
            return update.said or None
        try:
            return await self._hearing.hear(await self._api.media(update.media))
        except Failed as error:
            log.warning("wechat_voice_not_fetched", error=type(error).__name__)
            return None

    def _given(self, update: Update, answer: _Answer) -> str:
        """Give an answer as the reply, or write it where it is several texts."""
        if answer.way == "passive":
            return self._passive(update, answer.messages) if answer.messages else ACKNOWLEDGED
        if answer.new and answer.key:
            self._start(self._write(update.address, answer.key, answer.messages))
        return ACKNOWLEDGED

    async def _claimed(self, update: Update, handled: Handled) -> _Answer:
        """Note what WeChat lets us do now, let go what was held for the resident, say which way the answer goes."""
        messages = handled.reply.messages if handled.reply else ()
        several = self._account.may_write and len(self._pieces(messages)) > 1
        async with self._database.begin() as conn:
            here = await self._note_act(update, conn)
            way, new = await wechat.claim(conn, handled.key, "message" if several else "passive", self._now())
        if here and here.stopped and update.event == "subscribe":
            messages = (*messages, Message(blocks=(Text(text=say("wechat", "still_stopped")),)))
        return _Answer(messages, handled.key, way, new)

    def _passive(self, update: Update, messages: tuple[Message, ...]) -> str:
        card = news(messages[-1], self._account.pages) if len(messages) == 1 else None
        if card is not None:
            return passive_news(update, card)
        return passive_text(update, short(joined(messages, self._account.pages)))

    def _pieces(self, messages: tuple[Message, ...]) -> list[Piece]:
        card = news(messages[-1], self._account.pages) if len(messages) == 1 else None
        if card is not None:
            return [news_piece(card)]
        return [text_piece(text) for text in joined(messages, self._account.pages)[:MOST_TEXTS]]

    async def _written_late(self, task: asyncio.Task[_Answer], update: Update) -> None:
        """Write an answer that was not ready in time, unless a later try has taken it meanwhile."""
        answer = await task
        if not (answer.new and answer.key and answer.messages):
            return
        if answer.way == "passive":
            async with self._database.begin() as conn:
                await wechat.turn_to(conn, answer.key, "message")
        await self._write(update.address, answer.key, answer.messages)

    async def _write(self, address: str, key: MessageKey, messages: tuple[Message, ...]) -> None:
        """Write an answer; what surely did not leave, or perhaps did not, is written again by the sweep."""
        outcome = await self._writer.write(address, self._pieces(messages), self._now(), answering=True)
        if isinstance(outcome, Sent | Refused | Gone):
            await self._pipeline.sent(Handled(None, key))
        else:
            log.warning("wechat_answer_waits", outcome=type(outcome).__name__)

    async def _acted(self, update: Update) -> None:
        async with self._database.begin() as conn:
            await self._note_act(update, conn)

    async def _note_act(self, update: Update, conn: AsyncConnection) -> wechat.Here | None:
        """Note that WeChat lets us speak for a while, and let go what was held, as much as fits; returns who it is."""
        now, act = self._now(), asking.act_of(update)
        here = await wechat.acted(conn, self._account.app_id, update.address, act, min(update.at, now))
        if here and here.waited_for and act and self._account.may_write:
            room = (await wechat.window(conn, here.id)).room(now, answering=False)
            await deliveries.release(conn, here.id, now, most=room)
        return here

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run something that outlives its request; a fault in it is logged, without words."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("wechat_update_failed", error=type(error).__name__)
