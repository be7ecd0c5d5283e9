"""The web application without a browser: a client for each visitor, a clock that can be set, the run's database."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from httpx import ASGITransport, AsyncClient, Response

from bot.channels.web.app import web_app
from bot.channels.web.site import Site
from bot.dialogue.turn import Knowledge
from bot.pipeline import Pipeline
from storage.database import Database

PER_MINUTE = 5
HOST = "https://page.example"


@dataclass
class Clock:
    """The time, as a test has it."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 3, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, time: timedelta) -> None:
        """Let time pass."""
        self.at += time


@dataclass
class Visitor:
    """A browser without a screen: it keeps cookies, and gives each form an id."""

    client: AsyncClient
    forms: int = 0

    async def send(self, **form: str) -> Response:
        """Send the form of the page; its id is another each time, unless given."""
        self.forms += 1
        return await self.client.post("/ask", data={"message_id": f"form-{self.forms:012}"} | form)


Arrive = Callable[..., Visitor]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(know: Knowledge, database: Database, clock: Clock) -> Site:
    """The page's site, not behind HTTPS, with a low limit of messages."""
    pipeline = Pipeline(lambda: know, database, per_minute=PER_MINUTE, now=clock)
    return Site(pipeline, lambda: know, clock, "page", secure=False)


@pytest.fixture
async def arrive(site: Site) -> AsyncIterator[Arrive]:
    """Let visitors arrive; each has cookies of their own."""
    async with AsyncExitStack() as leaving:
        clients: list[AsyncClient] = []

        def come(at: Site = site) -> Visitor:
            clients.append(AsyncClient(transport=ASGITransport(web_app(at)), base_url=HOST))
            leaving.push_async_callback(clients[-1].aclose)
            return Visitor(clients[-1])

        yield come


@pytest.fixture
def visitor(arrive: Arrive) -> Visitor:
    return arrive()
