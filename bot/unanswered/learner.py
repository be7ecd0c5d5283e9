"""Learn from questions that found no card, behind the answers' back.

What was written goes from a short queue through `keepable`, which takes a thread; what is left
of it, and the counts, are written once an hour, all at once and in a random order. So no row tells when in the day its
text came or beside whom. Fails open: what does not fit, or can't be written, is let go; no answer ever waits.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import structlog

from bot.beside import beside
from bot.dialogue.turn import Knowledge
from bot.unanswered.keepable import keepable
from bot.unanswered.missed import Missed
from bot.unanswered.vocabulary import Vocabulary
from scheduler.calendar import local_date
from storage import unanswered
from storage.database import Database
from storage.errors import DatabaseError

log = structlog.get_logger()

WRITE_EVERY = 3600.0
"""Seconds between two writings."""

MOST = 200
"""Questions waiting, and texts held, at most; more are let go."""


class Learner:
    """One a process. `hear` never waits; `run` is its background task; `close` writes what is held."""

    def __init__(
        self,
        know: Callable[[], Knowledge],
        words: Vocabulary,
        database: Database,
        *,
        now: Callable[[], datetime],
        every: float = WRITE_EVERY,
    ) -> None:
        """`every`: seconds between two writings."""
        self._know, self._words, self._database, self._now, self._every = know, words, database, now, every
        self._heard: asyncio.Queue[Missed] = asyncio.Queue(MOST)
        self._texts: set[str] = set()
        self._times: Counter[str] = Counter()
        self._learning: asyncio.Future[None] | None = None

    def hear(self, missed: Missed) -> None:
        """Take a question up for later, or let it go where too many wait."""
        try:
            self._heard.put_nowait(missed)
        except asyncio.QueueFull:
            log.info("unanswered_let_go")

    async def run(self) -> None:
        """Learn and write for ever."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._listen())
            both.create_task(self._write_now_and_then())

    async def _listen(self) -> None:
        while True:
            self._learning = asyncio.ensure_future(self._learn(await self._heard.get()))
            await asyncio.shield(self._learning)  # one taken up is learnt, also while the process ends

    async def _write_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            await self.write()

    async def close(self) -> None:
        """Learn from what waits and write it; called when `run` has ended."""
        if self._learning is not None:
            await self._learning
        while not self._heard.empty():
            await self._learn(self._heard.get_nowait())
        await self.write()

    async def write(self) -> None:
        """Write what is held, in a random order and under the day of the writing. What fails is let go."""
        texts, times = random.sample(sorted(self._texts), len(self._texts)), dict(self._times)
        self._texts.clear()
        self._times.clear()
        if not times:
            return
        try:
            async with self._database.begin() as conn:
                await unanswered.keep(conn, texts, day=local_date(self._now()))
                await unanswered.count(conn, times, day=local_date(self._now()))
        except DatabaseError as error:
            log.warning("unanswered_not_written", error=type(error).__name__)

    async def _learn(self, missed: Missed) -> None:
        self._times[missed.topic] += 1
        if missed.text is None or len(self._texts) >= MOST:
            return
        try:
            left = await asyncio.to_thread(self._keepable, missed.text)
        except Exception as error:  # whatever breaks here must end no task: nothing is kept of that text
            log.error("unanswered_failed", error=type(error).__name__)
            return
        if left is not None:
            self._texts.add(left)

    def _keepable(self, text: str) -> str | None:
        return keepable(text, self._know().places, self._words)


@asynccontextmanager
async def learning(
    know: Callable[[], Knowledge], database: Database, now: Callable[[], datetime], *, wanted: bool
) -> AsyncIterator[Callable[[Missed], None] | None]:
    """Learn in the background; yields what takes a question, None where nothing is to be kept.

    The words are read before anybody asks: it takes a second and a half of processor, and answers beside it wait.
    """
    if not wanted:
        yield None
        return
    words = await asyncio.to_thread(Vocabulary.load, know().library)
    learner = Learner(know, words, database, now=now)
    try:
        async with beside(learner.run()):
            yield learner.hear
    finally:
        await learner.close()
