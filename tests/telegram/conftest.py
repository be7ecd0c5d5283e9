"""The residents' bot on the fake Bot API server: by long polling, or by a webhook of a real HTTP server."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
import uvicorn
from fastapi import FastAPI

from bot.channels.hearing import Hearing
from bot.channels.telegram import door as doors
from bot.channels.telegram.door import Open, Telegram, door
from bot.dialogue.turn import Knowledge, Service
from bot.pipeline import Pipeline
from scheduler.clock import now
from storage.database import Database
from tests.fakes.telegram import FakeBot, FakeTelegram
from tests.fakes.telegram.limits import unlimited

TOKEN = "123456:fake-token"  # noqa: S105 - opens nothing
SERVICE = Service("试验村委会", "0477-1234567")

Running = Callable[..., AbstractAsyncContextManager[Open]]


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as running:
        yield running


@pytest.fixture
def fake(server: FakeTelegram) -> FakeBot:
    """The bot as Telegram knows it, without limits."""
    return server.bot(TOKEN, limits=unlimited())


@pytest.fixture
def pipeline(know: Knowledge, database: Database) -> Pipeline:
    return Pipeline(lambda: know, database, per_minute=100, now=now)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for unsent answers often, so that no test waits for it."""
    monkeypatch.setattr(doors, "SWEPT_EVERY", 0.2)


@pytest.fixture
def running(server: FakeTelegram, pipeline: Pipeline, database: Database) -> Running:
    """Run the bot for as long as a context lasts: `async with running(hearing=…, webhook=True) as open`."""

    @asynccontextmanager
    async def run(*, webhook: bool = False, hearing: Hearing | None = None, token: str = TOKEN) -> AsyncIterator[Open]:
        listening = socket.create_server(("127.0.0.1", 0))
        public = f"http://127.0.0.1:{listening.getsockname()[1]}" if webhook else None
        chosen = Telegram(token, server.url, public, 1000.0, hearing)
        async with door(chosen, pipeline, database, SERVICE, now) as opened, serving(opened, listening):
            yield opened

    return run


@asynccontextmanager
async def serving(opened: Open, listening: socket.socket) -> AsyncIterator[None]:
    """Answer at a socket that listens already."""
    app = FastAPI()
    app.include_router(opened.routes)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    server.capture_signals = _no_signals  # type: ignore[method-assign]
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await task


def _no_signals():  # type: ignore[no-untyped-def]
    from contextlib import nullcontext

    return nullcontext()


@pytest.fixture(params=["polling", "webhook"])
async def bot(request: pytest.FixtureRequest, fake: FakeBot, running: Running) -> AsyncIterator[Open]:
    """The bot, running one way and the other."""
    async with running(webhook=request.param == "webhook") as opened:
        await fake.until(lambda: fake.called("getupdates") or fake.called("setwebhook"))
        yield opened
