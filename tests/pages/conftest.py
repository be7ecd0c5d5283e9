"""The real application on a loopback port, and a real Chromium to look at it."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, async_playwright, expect

import bot.app
from bot.dialogue.turn import Knowledge
from bot.settings import Settings
from storage.database import Database
from tests.pages.visitor import PHONE, Arrive, Visitor

CHROMIUM = Path("/usr/bin/chromium")
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
QUIET += "--disable-component-update --disable-sync"
HERE = Path(__file__).parent

PATIENCE = 60_000
"""Milliseconds that a page may take here; a machine that runs all tests at once is slow."""

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the page tests out where Debian's Chromium is not installed; CI fails then by itself."""
    absent = pytest.mark.skip(reason=f"{CHROMIUM} is not installed; `make page` as root installs it")
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.page)
            if not CHROMIUM.exists():
                item.add_marker(absent)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave Ctrl-C to pytest."""
        yield


@pytest.fixture(scope="session")
async def application(migrated_database: Database, database_folder: Path) -> AsyncIterator[FastAPI]:
    """The real application, as `mingbai serve` builds it, on the database of the run."""
    async with bot.app.web(Settings(data=database_folder, messages_per_minute=200)) as app:
        yield app


@pytest.fixture(scope="session")
def know(application: FastAPI) -> Knowledge:
    """The content that the application answers from."""
    known: Knowledge = application.state.site.know
    return known


@pytest.fixture(scope="session")
async def address(application: FastAPI) -> AsyncIterator[str]:
    """Where the application answers."""
    server = _Server(uvicorn.Config(application, log_config=None, access_log=False))
    listening = socket.create_server(("127.0.0.1", 0))  # connections wait in it until the server has started
    running = asyncio.create_task(server.serve(sockets=[listening]))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await running


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for the run. Going back is quick in it, as in a resident's browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=QUIET.split(), ignore_default_args=["--disable-back-forward-cache"]
        )
        yield browser
        await browser.close()


@pytest.fixture
async def arrive(address: str, chromium: Browser) -> AsyncIterator[Arrive]:
    """Let visitors arrive, each in a browser context of their own, made with what Playwright's `new_context` takes."""
    async with contextlib.AsyncExitStack() as leaving:

        async def come(*, script: str = "", **context: Any) -> Visitor:
            own = await chromium.new_context(**{"viewport": PHONE, "locale": "zh-CN"} | context)
            leaving.push_async_callback(own.close)
            own.set_default_timeout(PATIENCE)
            if script:
                await own.add_init_script(script)
            visitor = Visitor(address, own, await own.new_page())
            visitor.watch()
            await visitor.goto()
            return visitor

        yield come


@pytest.fixture
async def visitor(arrive: Arrive) -> Visitor:
    """A visitor with a phone and JavaScript, at the front page."""
    return await arrive()
