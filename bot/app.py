"""The one place that chooses what is real: database, content, clock, channels."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI

from bot.channels.web.app import web_app
from bot.channels.web.site import Site
from bot.dialogue.turn import Service
from bot.knowledge import Held
from bot.pipeline import Pipeline
from bot.settings import Settings
from scheduler.clock import now
from storage.database import Database
from storage.errors import DatabaseError
from storage.retention import forget_due
from storage.schema import require_current, upgrade

log = structlog.get_logger()

FORGET_EVERY = 3600
"""Seconds between two looks at what is to be forgotten."""

ACCOUNT = "page"
"""The web page is one account of its channel."""


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """Open the database. The embedded one is brought up to date by itself; an outside one must be already."""
    url = settings.database_url.get_secret_value() if settings.database_url else None
    database = await Database.open(url, settings.data)
    try:
        if url is None:
            await asyncio.to_thread(upgrade, database.url)
        async with database.begin() as conn:
            await require_current(conn)
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def web(settings: Settings) -> AsyncIterator[FastAPI]:
    """Build the web page on the real database."""
    service = Service(settings.service_name, settings.service_phone)
    held = Held(service, own=settings.content, cache=settings.data / "search-model.npz")
    held().places.find("x", "150621")  # reads the villages once, so that no resident waits for it
    async with opened(settings) as database:
        pipeline = Pipeline(held, database, per_minute=settings.messages_per_minute, now=now)
        forgetting = asyncio.create_task(_forget(database))
        try:
            yield web_app(Site(pipeline, held, now, ACCOUNT, settings.secure_cookies))
        finally:
            forgetting.cancel()


async def _forget(database: Database) -> None:
    """Delete every hour what is due. A failure is logged and tried again at the next hour; nothing waits for it."""
    while True:
        try:
            forgotten = await forget_due(database, now())
            log.info("forgotten", **{name.replace(" ", "_"): count for name, count in forgotten.items()})
        except DatabaseError as error:
            log.warning("forgetting_failed", error=type(error).__name__)
        await asyncio.sleep(FORGET_EVERY)
