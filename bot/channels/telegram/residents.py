"""The residents' bot: updates in, answers out, each once, one resident's in order, everybody's side by side.

An update is *taken* when its effects and its answer stand in the database. It may be acknowledged to Telegram when it
was also sent, or some seconds after it was taken: a slow chat holds nobody else up, and what is not sent by then stays
kept and goes out by the sweep.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from aiogram.exceptions import AiogramError
from aiogram.types import Update

from bot.channels.hearing import LONGEST, Hearing
from bot.channels.order import Order
from bot.channels.telegram.line import Line
from bot.channels.telegram.render import CAPABILITIES
from bot.channels.telegram.replies import Replies
from bot.channels.telegram.wire import InGroup, Membership, Told, read
from bot.incoming import Incoming, Voice
from bot.pipeline import Clock, Pipeline
from content.message import Message, Text
from content.render import say
from storage import residents
from storage.database import Database
from storage.errors import DatabaseError

log = structlog.get_logger()

ACKNOWLEDGED_AFTER = 3.0
"""Seconds after which an update that is taken is acknowledged, though its answer is still on its way."""

POINTED_EVERY = timedelta(minutes=1)
"""A group is told of the private chat once in so long: of too much there Telegram holds the whole account."""

Send = Callable[[], Awaitable[None]]


@dataclass
class _Work:
    """One update on its way."""

    taken: "asyncio.Future[None]"
    whole: "asyncio.Task[None]" = field(init=False)


class ResidentsBot:
    """One bot of one account. Updates come from polling or the webhook, whichever is on."""

    def __init__(
        self,
        line: Line,
        pipeline: Pipeline,
        database: Database,
        replies: Replies,
        *,
        now: Clock,
        hearing: Hearing | None = None,
    ) -> None:
        """`hearing` recognises voice messages; None: nobody does, and residents are told so kindly."""
        self._line, self._pipeline, self._database, self._replies = line, pipeline, database, replies
        self._now, self._hearing = now, hearing
        self._order, self._sending = Order(), Order()
        self._works: dict[int, _Work] = {}
        self._beside: set[asyncio.Task[Any]] = set()
        self.username = ""
        self._pointed: dict[int, datetime] = {}

    async def take(self, update: Update) -> None:
        """Act on an update and answer it; returns when it may be acknowledged. A copy waits for the one at work.

        Raises DatabaseError where nothing could be kept: Telegram is to deliver it again.
        """
        work = self._works.get(update.update_id) or self._start(update)
        await asyncio.shield(work.taken)
        await asyncio.wait({work.whole}, timeout=ACKNOWLEDGED_AFTER)

    async def finish(self) -> None:
        """Wait until everything that was begun has ended; nothing new may come."""
        while running := [*(work.whole for work in self._works.values()), *self._beside]:
            await asyncio.wait(running)

    def _start(self, update: Update) -> _Work:
        work = _Work(asyncio.get_running_loop().create_future())
        work.taken.add_done_callback(lambda taken: taken.exception())  # told to who waits; nobody may wait any more
        self._works[update.update_id] = work
        work.whole = asyncio.create_task(self._whole(update, work.taken))
        work.whole.add_done_callback(lambda _: self._works.pop(update.update_id, None))
        return work

    async def _whole(self, update: Update, taken: "asyncio.Future[None]") -> None:
        heard = read(update, self.username)
        if heard is None:
            taken.set_result(None)
            return
        if isinstance(heard, Told) and heard.tap is not None:
            self._aside(self._line.stop_clock(heard.tap.query))
        try:
            async with self._order.of(str(heard.chat)):
                send = await self._acted(heard, update.update_id)
                sending = asyncio.create_task(self._in_turn(heard.chat, send))  # waits for its turn from now on
        except DatabaseError as error:
            taken.set_exception(error)
            return
        except Exception as error:  # a fault of ours goes to who delivered the update, to be loud there
            taken.set_exception(error)
            await self._failed(heard)
            return
        taken.set_result(None)
        await sending

    async def _failed(self, heard: Told | Membership | InGroup) -> None:
        """Tell a resident who would wait in vain."""
        if isinstance(heard, Told):
            await self._replies.say(heard.chat, Message(blocks=(Text(text=say("talk", "failed")),)))

    async def _in_turn(self, chat: int, send: Send) -> None:
        async with self._sending.of(str(chat)):
            await send()

    async def _acted(self, heard: Told | Membership | InGroup, number: int) -> Send:
        """Do what an update asks of us, and return what is left to do: to send."""
        match heard:
            case Told():
                handled = await self._pipeline.handle(await self._incoming(heard, number), welcoming=True)
                return self._replies.ours(heard, handled)
            case Membership(chat=chat, gone=gone):
                await self._moved(chat, gone=gone)
                return _nothing
            case InGroup(chat=chat):
                return partial(self._point, chat)

    async def _incoming(self, told: Told, number: int) -> Incoming:
        voice = None if told.voice is None else Voice(await self._heard(told.voice, told.seconds))
        return Incoming(
            CAPABILITIES.name,
            self._line.account,
            str(told.chat),
            f"update-{number}",
            self._now(),
            text=told.text,
            action=told.action,
            voice=voice,
        )

    async def _heard(self, file: str, seconds: int) -> str | None:
        if self._hearing is None:
            return None
        if seconds > LONGEST:
            return ""
        try:
            sound = await self._line.bot.download(file)
        except (AiogramError, OSError, TimeoutError) as error:
            log.warning("voice_not_fetched", error=type(error).__name__)
            return ""
        return await self._hearing.hear(sound.read()) if sound else ""

    async def _moved(self, chat: int, *, gone: bool) -> None:
        at: dict[str, str] = {"channel": CAPABILITIES.name, "account": self._line.account, "address": str(chat)}
        async with self._database.begin() as conn:
            if gone:
                await residents.gone(conn, **at, now=self._now())
            else:
                await residents.back(conn, **at)

    async def _point(self, group: int) -> None:
        """In a group, only say where the private chat is, and not again and again."""
        now = self._now()
        self._pointed = {chat: at for chat, at in self._pointed.items() if now - at < POINTED_EVERY}
        if group in self._pointed:
            return
        self._pointed[group] = now
        words = say("telegram", "group", link=f"https://t.me/{self.username}")
        await self._replies.say(group, Message(blocks=(Text(text=words),)))

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)


async def _nothing() -> None:
    """There is nothing to send."""
