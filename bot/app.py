"""The one place that chooses what is real: database, content, clock, channels."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI

from bot.background import Speaker, background
from bot.channels.web.app import web_app
from bot.channels.web.rehearsal import rehearse, set_aside
from bot.channels.web.site import Site
from bot.dialogue.state import Telling
from bot.dialogue.turn import Service
from bot.health.figures import Figures
from bot.health.routes import Process
from bot.health.routes import router as health
from bot.interest.writer import counting
from bot.knowledge import Held
from bot.live import Live, live
from bot.notices.lookup import published
from bot.pipeline import Pipeline
from bot.settings import Settings
from bot.stores import erasures_of, opened, trail_of
from bot.unanswered.learner import learning
from bot.windows.examples import bring, take_back
from scheduler.clock import now
from storage.database import Database
from storage.residents import Resident

if TYPE_CHECKING:
    from bot.channels.telegram.door import Open
    from bot.channels.wechat.service import Parts
    from bot.staff.work import Connected

ACCOUNT = "page"
"""The web page is one account of its channel."""


@asynccontextmanager
async def web(settings: Settings, *, only: str = "", examples: bool = False) -> AsyncIterator[FastAPI]:
    """Build the HTTP application on the real database, with every door that is set up, or one of them alone.

    `examples`: windows are shown that are none, each saying so; else none of them is left.
    """
    held = _held(settings)
    async with (
        opened(settings) as database,
        live(held, database, now) as know,
        learning(know, database, now, wanted=settings.keep_unanswered and _heard(only)) as learn,
        counting(database) as count,
    ):
        await _show_examples(database, held, wanted=examples and settings.outside is None)
        figures = Figures()
        pipeline = _pipeline(settings)(know, database, learn=learn, count=count, watch=figures.answered)
        site = Site(pipeline, know, now, ACCOUNT, settings.secure_cookies, notices=partial(published, database))
        app = _pages(settings, site, database, know, only=only)
        app.include_router(health_of(settings, database, held, figures))
        async with (
            _open_doors(settings, app, pipeline, database, know, only=only) as speakers,
            background(settings, database, held, speakers, figures) if settings.work_inside else nullcontext(),
        ):
            set_aside()
            yield app


def _pipeline(settings: Settings) -> "partial[Pipeline]":
    """The pipeline of these settings, which wants what it works on yet."""
    telling, back = telling_of(settings), erasures_of(settings)
    return partial(Pipeline, per_minute=settings.messages_per_minute, now=now, telling=telling, erasures=back)


def health_of(settings: Settings, database: Database, held: Held, figures: Figures) -> APIRouter:
    """What tells how this process is."""
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
    return health(Process(database, figures, lambda: len(held().library.programmes), settings.data, token, now))


def _held(settings: Settings) -> Held:
    """The content, read; the villages too, so that no resident waits for it."""
    name, phone, pages = settings.service_name, settings.service_phone, settings.public_url or ""
    service = Service(name, phone, learns=settings.keep_unanswered, pages=pages, filing=settings.filing or "")
    held = Held(service, own=settings.content, cache=settings.data / "search-model.npz")
    held().places.find("x", "150621")
    return held


@asynccontextmanager
async def _open_doors(
    settings: Settings, app: FastAPI, pipeline: Pipeline, database: Database, know: Live, *, only: str
) -> AsyncIterator[list[Speaker]]:
    """Open what is set up beside the page; gives the accounts that may speak first."""
    speakers: list[Speaker] = []
    async with AsyncExitStack() as doors:
        if settings.telegram_token and only in ("", "telegram"):
            telegram = await doors.enter_async_context(_telegram(settings, pipeline, database, know().service))
            app.include_router(telegram.routes)
            speakers.append(Speaker("telegram", telegram.account, telegram.sender))
        if settings.wechat_app_id and only in ("", "wechat"):
            official = await doors.enter_async_context(_wechat(settings, pipeline, database, know))
            app.include_router(official.routes)
            speakers.append(Speaker("wechat", settings.wechat_app_id, official.sender))
        if settings.staff_token and only in ("", "staff"):
            app.include_router(await doors.enter_async_context(_staff(settings, database, know)))
        if settings.wecom_webhook and only in ("", "wechat"):
            await doors.enter_async_context(_staff_alerts(settings, database))
        yield speakers


async def _show_examples(database: Database, held: Held, *, wanted: bool) -> None:
    async with database.begin() as conn:
        if wanted:
            await bring(conn, held().library, now())
        else:
            await take_back(conn)


def telling_of(settings: Settings) -> Callable[[Resident], Telling]:
    """How surely each channel that is set up brings a reminder. In trial only its guests are reached."""
    told: dict[str, Telling] = {}
    if settings.telegram_token:
        told["telegram"] = "sure"
    if settings.wechat_app_id and settings.wechat_kind != "unverified":
        told["wechat"] = "held"

    def telling(resident: Resident) -> Telling:
        return told.get(resident.channel, "never") if resident.trial_guest or not settings.trial else "never"

    return telling


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
    settings: Settings, pipeline: Pipeline, database: Database, know: Live
) -> AbstractAsyncContextManager["Parts"]:
    """The official account; its libraries are loaded only where there is one."""
    from bot.channels.hearing import Command  # noqa: PLC0415
    from bot.channels.wechat.service import wechat  # noqa: PLC0415

    hearing = Command(settings.voice_command) if settings.voice_command else None
    return wechat(settings, database, pipeline, know, now, hearing=hearing)


def _staff(settings: Settings, database: Database, know: Live) -> AbstractAsyncContextManager["APIRouter"]:
    """The staff bot: another library, another token; no power of it is reachable from the residents'."""
    from bot.staff.door import StaffDoor, door  # noqa: PLC0415

    token = settings.staff_token.get_secret_value() if settings.staff_token else ""
    chosen = StaffDoor(token, settings.telegram_api, settings.public_url or None)
    return door(chosen, database, know=know, trail=trail_of(settings), connected=_connected(settings), now=now)


def _pages(settings: Settings, site: Site, database: Database, know: Live, *, only: str) -> FastAPI:
    """The residents' page and the desk, or one of them; an application without pages where another door is alone."""
    if _heard(only):
        rehearse(site)
    desk = {"/desk": _desk(settings, database, know)} if only in ("", "desk") else {}
    if only in ("", "web"):
        return web_app(site, desk)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    for path, other in desk.items():
        app.mount(path, other)
    return app


def _heard(only: str) -> bool:
    """Whether residents ask at this door, or at one of them all."""
    return only not in ("desk", "staff")


def _desk(settings: Settings, database: Database, know: Live) -> FastAPI:
    """The staff's pages."""
    from bot.desk.app import desk_app  # noqa: PLC0415 - a process of one other door alone needs none of it
    from bot.desk.built import Desk  # noqa: PLC0415

    connected, secure = _connected(settings), settings.secure_cookies
    built = Desk(
        database, know, now, trail_of(settings), connected, secure, settings.public_url, content=settings.content
    )
    return desk_app(built)


def _connected(settings: Settings) -> "Connected":
    """What staff can use here beside the bot itself."""
    from bot.staff.work import Connected  # noqa: PLC0415 - as above

    speaking = {"telegram": settings.telegram_token, "wechat": settings.wechat_app_id}
    there = frozenset(name for name, is_set in speaking.items() if is_set)
    return Connected(desk=settings.public_url, trial=settings.trial, speaking=there)


def _staff_alerts(settings: Settings, database: Database) -> AbstractAsyncContextManager[None]:
    """The robot of staff's WeCom group."""
    from bot.channels.wechat.service import staff_alerts  # noqa: PLC0415

    return staff_alerts(settings, database, now)
