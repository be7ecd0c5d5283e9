"""What runs beside the doors: the timetable, and the workers that send. In `mingbai serve`, or in processes alone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog

from bot.answers import Answers
from bot.beside import beside
from bot.broadcasts.composing import Broadcasting
from bot.health.figures import Figures
from bot.knowledge import Held
from bot.settings import Settings
from scheduler import runner
from scheduler.broadcast.drain import Drained, drain
from scheduler.clock import now
from scheduler.composing import Composers
from scheduler.engine import Engine, prepare
from scheduler.holidays import office_days
from scheduler.remind_words import Reminding
from scheduler.sending import Sender
from scheduler.timetable import Work
from scheduler.trial import Trial
from storage import accounts, residents
from storage.database import Database

log = structlog.get_logger()

AGAIN = 2.0  # seconds until what ended by an error is started anew


@dataclass(frozen=True)
class Speaker:
    """An account that may speak first, and how."""

    channel: str
    account: str
    sender: Sender


@asynccontextmanager
async def background(
    settings: Settings,
    database: Database,
    held: Held,
    speakers: Sequence[Speaker],
    figures: Figures,
    *,
    clock: bool = True,
) -> AsyncIterator[None]:
    """Run the timetable (unless not `clock`) and send what is due on these accounts, for as long as the context lasts.

    Other processes may do the same: one runs the timetable, and no account is drained by two.
    """
    await asyncio.to_thread(prepare, database.url)
    async with AsyncExitStack() as stack:
        engine = await stack.enter_async_context(Engine(database.url, size=4 + settings.accounts_at_once))
        if clock:
            await stack.enter_async_context(
                beside(_kept_up("clock", lambda: runner.run(_work(settings, database, engine, held))))
            )
        if speakers:
            sending = _Sending(settings, database, held, speakers, figures)
            working = (_kept_up("worker", lambda: sending.work(engine)), _kept_up("answers", sending.answers))
            await stack.enter_async_context(beside(*working))
        yield


def _work(settings: Settings, database: Database, engine: Engine, held: Held) -> Work:
    return Work(database, engine, lambda: held().library, office_days(), settings.reminded_before, now)


class _Sending:
    def __init__(
        self, settings: Settings, database: Database, held: Held, speakers: Sequence[Speaker], figures: Figures
    ) -> None:
        self._settings, self._database, self._held, self._figures = settings, database, held, figures
        self._senders = {(one.channel, one.account): self._careful(one) for one in speakers}
        self._composers: Composers = {
            "reminder": Reminding(lambda: held().library, held().places, office_days()),
            "broadcast": Broadcasting(held),
        }

    def _careful(self, speaker: Speaker) -> Sender:
        """Counted; and in trial only guests are reached."""
        sender = self._figures.watching(speaker.channel, speaker.sender)
        if not self._settings.trial:
            return sender

        async def is_guest(account: str, address: str) -> bool:
            async with self._database.begin() as conn:
                return await residents.is_guest(conn, channel=speaker.channel, account=account, address=address)

        return Trial(sender, is_guest)

    async def work(self, engine: Engine) -> None:
        """Drain the accounts that we speak for whenever they are woken."""
        channels = {channel for channel, _ in self._senders}
        await engine.work(self._drain, channels=channels, concurrency=self._settings.accounts_at_once)

    async def answers(self) -> None:
        """Take the answers of staff back to who asked."""
        await Answers(self._database, self._senders, places=lambda: self._held().places, now=now).keep_sending()

    async def _drain(self, account_id: int) -> Drained:
        async with self._database.begin() as conn:
            account = await accounts.get(conn, account_id)
        sender = self._senders.get((account.channel, account.name)) if account else None
        if sender is None:
            log.warning("no_sender", account=account_id)
            return Drained(busy=True)
        return await drain(account_id, store=self._database, sender=sender, composers=self._composers, now=now)


async def _kept_up(name: str, start: Callable[[], Awaitable[None]]) -> None:
    """Run something, and start it anew when it ends."""
    while True:
        try:
            await start()
        except Exception as error:  # the database is gone, most often; the doors must go on
            log.warning("background_failed", what=name, error=type(error).__name__)
        await asyncio.sleep(AGAIN)
