"""The staff bot as a whole: introduced, listening one way or the other, telling of new questions, and stopped."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

import structlog
from fastapi import APIRouter
from telegram import Bot, BotCommand
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram.patience import Patience, kept_up
from bot.dialogue.turn import Knowledge
from bot.staff.announcing import Announcing
from bot.staff.bot import StaffBot
from bot.staff.polling import Polling
from bot.staff.talk import COMMANDS
from bot.staff.webhook import deliver_here, router
from bot.staff.work import Connected
from content.render import say
from storage.audit import Trail
from storage.database import Database
from storage.errors import DatabaseError

log = structlog.get_logger()

TIMEOUT = 20.0
"""Seconds for one call."""

ANNOUNCED_EVERY = 10.0
"""Seconds between two looks at questions of which staff were not told."""

STOPPED_WITHIN = 20.0
"""Seconds for which a stop waits for an answer on its way; Telegram gives its update again later."""


@dataclass(frozen=True)
class StaffDoor:
    """How the bot is set up. `public`: https address under which this process is reached; None: long polling."""

    token: str
    server: str
    public: str | None


@asynccontextmanager
async def client(token: str, server: str) -> AsyncIterator[Bot]:
    """Open the client of the Bot API at a server; unlike `async with Bot(…)` it does not need Telegram to answer."""
    address = server.rstrip("/")
    async with _requests(8) as calls, _requests(1) as polls:
        yield Bot(token, f"{address}/bot", f"{address}/file/bot", request=calls, get_updates_request=polls)


def _requests(at_once: int) -> HTTPXRequest:
    return HTTPXRequest(at_once, TIMEOUT, TIMEOUT, TIMEOUT, TIMEOUT)


@asynccontextmanager
async def door(
    chosen: StaffDoor,
    database: Database,
    *,
    know: Callable[[], Knowledge],
    trail: Trail,
    connected: Connected,
    now: Callable[[], datetime],
) -> AsyncIterator[APIRouter]:
    """Run the staff bot for as long as the context lasts; gives the webhook's route. Nothing from outside ends it."""
    async with client(chosen.token, chosen.server) as bot:
        staff_bot = StaffBot(bot, database, know=know, trail=trail, connected=connected, now=now)
        polling = Polling(bot, staff_bot)
        listening = asyncio.create_task(kept_up(lambda: _listening(bot, polling, chosen, connected)))
        looking = Announcing(staff_bot, database, know)
        announcing = asyncio.create_task(kept_up(lambda: _announcing(looking, now)))
        try:
            yield router(bot, staff_bot)
        finally:
            polling.stop()
            announcing.cancel()
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.gather(listening, return_exceptions=True), STOPPED_WITHIN)


async def _listening(bot: Bot, polling: Polling, chosen: StaffDoor, connected: Connected) -> None:
    """Introduce the bot and choose how updates come, as often as it takes; then poll, if that is the way."""
    patience = Patience()
    while not polling.stopped:
        try:
            await bot.set_my_commands(menu(connected))
            if chosen.public is None:
                await bot.delete_webhook()
            else:
                await deliver_here(bot, chosen.public)
            break
        except TelegramError as error:
            log.error("staff_bot_not_ready", kind=type(error).__name__)
            await polling.pause(patience)
    log.info("staff_bot_ready", way="polling" if chosen.public is None else "webhook")
    if chosen.public is None:
        await polling.run()


def menu(connected: Connected) -> list[BotCommand]:
    """The commands with their descriptions; only what is connected."""
    return [BotCommand(name, say("staff", f"help_{name}")) for name, one in COMMANDS.items() if one.there(connected)]


async def _announcing(announcing: Announcing, now: Callable[[], datetime]) -> None:
    """Look again and again; without the database nothing is told, and what waits still stands in /inbox."""
    while True:
        try:
            await announcing.look(now())
        except DatabaseError as error:
            log.warning("questions_not_announced", kind=type(error).__name__)
        await asyncio.sleep(ANNOUNCED_EVERY)
