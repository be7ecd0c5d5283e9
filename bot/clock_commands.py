"""`mingbai clock`, `mingbai worker`: what runs beside the doors, in processes of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import click
import structlog
from fastapi import FastAPI

from bot.beside import beside
from bot.dialogue.turn import Service
from bot.knowledge import Held
from bot.logs import configure
from bot.running import run
from bot.serving import serve, stopping
from bot.settings import Settings, settings

if TYPE_CHECKING:
    from bot.health.figures import Figures
    from storage.database import Database

log = structlog.get_logger()


@click.command()
def clock() -> None:
    """Run the timetable: reminders, wake-ups, forgetting. A second one stands by and takes over if this one dies."""
    run(_until_stopped(settings(), clock=True))


@click.command()
def worker() -> None:
    """Send what is due on the accounts that are set up. Run as many as wanted, on as many machines."""
    run(_until_stopped(settings(), clock=False))


async def _until_stopped(chosen: Settings, *, clock: bool) -> None:
    """Run until SIGTERM or Ctrl-C."""
    configure(chosen.log_level)
    with stopping() as stop:
        async with _running(chosen, clock=clock):
            await stop.wait()


@asynccontextmanager
async def _running(chosen: Settings, *, clock: bool) -> AsyncIterator[None]:
    from bot.background import background  # noqa: PLC0415
    from bot.health.figures import Figures  # noqa: PLC0415
    from bot.speaking import speakers  # noqa: PLC0415
    from bot.stores import opened  # noqa: PLC0415 - as above

    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened(chosen))
        service = Service(chosen.service_name, chosen.service_phone)
        held = Held(service, own=chosen.content, cache=chosen.data / "search-model.npz")
        ours = [] if clock else await stack.enter_async_context(speakers(chosen, database))
        if not clock and not ours:
            # Not an end: a service manager would start it again and again until an account is set up.
            log.warning("no_account", set="MINGBAI_TELEGRAM_TOKEN, or WeChat's settings; then start this anew")
        figures = Figures()
        await stack.enter_async_context(background(chosen, database, held, ours, figures, clock=clock))
        if chosen.health_port:
            await stack.enter_async_context(beside(_health(chosen, chosen.health_port, database, held, figures)))
        yield


async def _health(chosen: Settings, port: int, database: "Database", held: Held, figures: "Figures") -> None:
    """Tell how this process is, until cancelled."""
    from bot.app import health_of  # noqa: PLC0415 - as above

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(health_of(chosen, database, held, figures))
    await serve(app, "127.0.0.1", port, until=asyncio.Event())
