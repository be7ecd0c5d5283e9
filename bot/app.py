"""The one place that chooses what is real: database, content, clock, channels."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI

from bot.background import Speaker, background
from bot.channels.web.app import web_app
from bot.channels.web.site import Site
from bot.dialogue.turn import Service
from bot.knowledge import Held
from bot.pipeline import Pipeline
from bot.settings import Settings
from scheduler.clock import now
from storage.database import Database
from storage.schema import require_current, upgrade

if TYPE_CHECKING:
    from bot.channels.telegram.door import Open
    from bot.channels.wechat.service import Parts

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
async def web(settings: Settings, *, only: str = "") -> AsyncIterator[FastAPI]:
    """Build the HTTP application on the real database, with every door that is set up, or one of them alone."""
    service = Service(settings.service_name, settings.service_phone)
    held = Held(service, own=settings.content, cache=settings.data / "search-model.npz")
    held().places.find("x", "150621")  # reads the villages once, so that no resident waits for it
    async with opened(settings) as database:
        pipeline = Pipeline(held, database, per_minute=settings.messages_per_minute, now=now)
        site = Site(pipeline, held, now, ACCOUNT, settings.secure_cookies)
        app = web_app(site) if only in ("", "web") else FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        speakers: list[Speaker] = []
        async with AsyncExitStack() as doors:
            if settings.telegram_token and only in ("", "telegram"):
                telegram = await doors.enter_async_context(_telegram(settings, pipeline, database, service))
                app.include_router(telegram.routes)
                speakers.append(Speaker("telegram", telegram.account, telegram.sender))
            if settings.wechat_app_id and only in ("", "wechat"):
                official = await doors.enter_async_context(_wechat(settings, pipeline, database, held))
                app.include_router(official.routes)
                speakers.append(Speaker("wechat", settings.wechat_app_id, official.sender))
            if settings.wecom_webhook and only in ("", "wechat"):
                await doors.enter_async_context(_staff_alerts(settings, database))
            if settings.work_inside:
                await doors.enter_async_context(background(settings, database, held, speakers))
            yield app


def _telegram(
    settings: Settings, pipeline: Pipeline, database: Database, service: Service
) -> AbstractAsyncContextManager["Open"]:
    """The residents' Telegram bot; its libraries are loaded only where there is one."""
    from bot.channels.hearing import Command  # noqa: PLC0415
    from bot.channels.telegram.door import Telegram, door  # noqa: PLC0415

    chosen = Telegram(
        settings.telegram_token.get_secret_value() if settings.telegram_token else "",
        settings.telegram_api,
        settings.public_url or None,
        settings.telegram_per_second,
        Command(settings.voice_command) if settings.voice_command else None,
    )
    return door(chosen, pipeline, database, service, now)


def _wechat(
    settings: Settings, pipeline: Pipeline, database: Database, held: Held
) -> AbstractAsyncContextManager["Parts"]:
    """The official account; its libraries are loaded only where there is one."""
    from bot.channels.hearing import Command  # noqa: PLC0415
    from bot.channels.wechat.service import wechat  # noqa: PLC0415

    hearing = Command(settings.voice_command) if settings.voice_command else None
    return wechat(settings, database, pipeline, held, now, hearing=hearing)


def _staff_alerts(settings: Settings, database: Database) -> AbstractAsyncContextManager[None]:
    """The robot of staff's WeCom group."""
    from bot.channels.wechat.service import staff_alerts  # noqa: PLC0415

    return staff_alerts(settings, database, now)
