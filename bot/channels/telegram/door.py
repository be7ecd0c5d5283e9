"""The residents' bot as a whole: introduced, listening one way or the other, swept, and stopped without a loss."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from aiogram.exceptions import AiogramError
from fastapi import APIRouter

from bot.channels.hearing import Hearing
from bot.channels.telegram.line import Line
from bot.channels.telegram.menu import introduce
from bot.channels.telegram.patience import Patience, kept_up
from bot.channels.telegram.polling import Polling, listen_here
from bot.channels.telegram.render import CAPABILITIES
from bot.channels.telegram.replies import Replies
from bot.channels.telegram.residents import ResidentsBot
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.webhook import deliver_here, router
from bot.dialogue.turn import Service
from bot.pipeline import Clock, Pipeline
from storage import accounts
from storage.database import Database
from storage.errors import DatabaseError

log = structlog.get_logger()

SWEPT_EVERY = 5.0
"""Seconds between two looks at answers left unsent, and at what other processes were told to wait."""

STOPPED_WITHIN = 20.0
"""Seconds for which a stop waits for answers on their way; what is left then goes out by the next start's sweep."""


@dataclass(frozen=True)
class Telegram:
    """How the bot is set up. `public`: https address under which this process is reached; None: long polling."""

    token: str
    server: str
    public: str | None
    per_second: float
    hearing: Hearing | None = None


@dataclass(frozen=True)
class Open:
    """The open door: the webhook's route, the sender for what nobody asked for, and the account's name."""

    routes: APIRouter
    sender: TelegramSender
    account: str


@asynccontextmanager
async def door(
    chosen: Telegram, pipeline: Pipeline, database: Database, service: Service, now: Clock
) -> AsyncIterator[Open]:
    """Run the residents' bot for as long as the context lasts. Nothing that Telegram or the network does ends it."""
    line = Line(chosen.token, server=chosen.server, per_second=chosen.per_second, held=_holding(database, chosen, now))
    replies = Replies(line, pipeline, database, now=now, page=_page(chosen))
    bot = ResidentsBot(line, pipeline, database, replies, now=now, hearing=chosen.hearing)
    polling = Polling(line.bot, bot)
    await _registered(database, chosen)
    working = [asyncio.create_task(kept_up(lambda: _listening(line, bot, polling, chosen, service)))]
    working.append(asyncio.create_task(kept_up(lambda: _sweeping(replies, line, database, now))))
    try:
        yield Open(router(bot, chosen.token), TelegramSender(line, page=_page(chosen)), line.account)
    finally:
        polling.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(STOPPED_WITHIN):
                await _stopped(working, bot, polling=chosen.public is None)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        await line.close()


@asynccontextmanager
async def sending(chosen: Telegram, database: Database, now: Clock) -> AsyncIterator[TelegramSender]:
    """Give the sender to a process that does nothing else with this account: the worker, where it runs alone."""
    line = Line(chosen.token, server=chosen.server, per_second=chosen.per_second, held=_holding(database, chosen, now))
    await _registered(database, chosen)
    try:
        yield TelegramSender(line, page=_page(chosen))
    finally:
        await line.close()


def _page(chosen: Telegram) -> str | None:
    """The address for links to cards: Telegram takes only those that everybody can open."""
    return chosen.public if chosen.public and chosen.public.startswith("https://") else None


async def _stopped(working: list["asyncio.Task[None]"], bot: ResidentsBot, *, polling: bool) -> None:
    if polling:
        await asyncio.wait(working[:1])
    await bot.finish()


async def _listening(line: Line, bot: ResidentsBot, polling: Polling, chosen: Telegram, service: Service) -> None:
    """Introduce the bot and choose how updates come, as often as it takes; then poll, if that is the way."""
    patience = Patience()
    while not polling.stopped:
        try:
            bot.username = await introduce(line.bot, service)
            if chosen.public is None:
                await listen_here(line.bot)
            else:
                await deliver_here(line.bot, chosen.public, chosen.token)
            break
        except AiogramError as error:
            log.error("telegram_not_ready", kind=type(error).__name__, told=getattr(error, "message", "")[:200])
            await polling.pause(patience, error)
    log.info("telegram_ready", account=line.account, way="polling" if chosen.public is None else "webhook")
    if chosen.public is None:
        await polling.run()


async def _sweeping(replies: Replies, line: Line, database: Database, now: Clock) -> None:
    """Look again and again for answers left unsent, and heed what other processes were told."""
    while True:
        try:
            await _heed(line, database, now)
            if sent := await replies.sweep():
                log.info("replies_swept", account=line.account, count=sent)
        except DatabaseError as error:
            log.warning("sweep_failed", error=type(error).__name__)
        await asyncio.sleep(SWEPT_EVERY)


async def _heed(line: Line, database: Database, now: Clock) -> None:
    async with database.begin() as conn:
        account = await accounts.find(conn, channel=CAPABILITIES.name, name=line.account)
    if account is not None and account.held_until is not None and account.held_until > now():
        line.gate.hold((account.held_until - now()).total_seconds())


def _holding(database: Database, chosen: Telegram, now: Clock) -> Callable[[timedelta], Awaitable[None]]:
    """What notes a 429 for every process that uses the account."""
    name = chosen.token.partition(":")[0]

    async def hold(after: timedelta) -> None:
        try:
            async with database.begin() as conn:
                if account := await accounts.find(conn, channel=CAPABILITIES.name, name=name):
                    await accounts.hold(conn, account.id, now() + after)
        except DatabaseError as error:
            log.warning("hold_not_noted", error=type(error).__name__)

    return hold


async def _registered(database: Database, chosen: Telegram) -> None:
    name = chosen.token.partition(":")[0]
    async with database.begin() as conn:
        await accounts.register(conn, channel=CAPABILITIES.name, name=name, per_second=chosen.per_second)
