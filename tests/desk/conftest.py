"""The desk without a browser: a seat for each member of staff, a clock that can be set, the run's database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from bot.desk import cookies
from bot.desk.app import desk_app
from bot.desk.built import Desk
from bot.dialogue.turn import Knowledge
from storage import desk as sessions
from storage import staff
from storage.audit import Trail
from storage.database import Database
from storage.staff import Role, Staff

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOST = "https://desk.example"
KEY = b"a key of enough bytes"
VILLAGE, NEIGHBOUR, TOWNSHIP, BANNER, OTHER_BANNER = "150621106201", "150621106202", "150621106", "150621", "150622"


@dataclass
class Clock:
    """The time, as a test has it."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.at += timedelta(**by)


@dataclass
class Seat:
    """A browser of a member of staff who is in, or of a stranger (`who` is None)."""

    client: AsyncClient
    desk: Desk
    who: Staff | None = None

    @property
    def member(self) -> Staff:
        """Who sits here."""
        assert self.who is not None
        return self.who

    @property
    def token(self) -> str:
        """What this browser's forms are made for."""
        jar = self.client.cookies
        return jar.get(cookies.SESSION) or jar.get(cookies.STRANGER) or ""

    async def get(self, path: str) -> Response:
        """Open a page: `/people` of the desk."""
        return await self.client.get(f"/desk{path}")

    async def see(self, path: str) -> str:
        """Open a page that is surely there; its HTML."""
        shown = await self.get(path)
        assert shown.status_code == 200, (path, shown.status_code, shown.text)
        return shown.text

    async def send(self, path: str, *, files: Any = None, **form: Any) -> Response:
        """Send a form of ours."""
        made = {"csrf": cookies.form_token(self.token)} | form
        return await self.client.post(f"/desk{path}", data=made, files=files)

    async def done(self, path: str, *, files: Any = None, **form: Any) -> str:
        """Send a form that surely is accepted and leads on; the page after it."""
        sent = await self.send(path, files=files, **form)
        assert sent.status_code == 303, (path, sent.status_code, sent.text)
        shown = await self.client.get(sent.headers["location"])
        assert shown.status_code == 200, shown.text
        return shown.text


Sit = Callable[..., Awaitable[Seat]]
Come = Callable[[], Seat]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def built(database: Database, know: Knowledge, clock: Clock) -> Desk:
    return Desk(database, lambda: know, clock, Trail(KEY))


@pytest.fixture
def application(built: Desk) -> FastAPI:
    """The desk where it is mounted."""
    app = FastAPI()
    app.mount("/desk", desk_app(built))
    return app


@pytest.fixture
async def come(application: FastAPI, built: Desk) -> AsyncIterator[Come]:
    """Let strangers come, each with cookies of their own."""
    async with AsyncExitStack() as leaving:

        def arrive() -> Seat:
            client = AsyncClient(transport=ASGITransport(application), base_url=HOST)
            leaving.push_async_callback(client.aclose)
            return Seat(client, built)

        yield arrive


@pytest.fixture
async def sit(built: Desk, come: Come) -> Sit:
    """Let somebody of a role sit down, signed in, for these places (stems); a cadre of one village if none is said."""

    async def down(role: Role = "cadre", *places: str, name: str = "王主任", trusted: bool = False) -> Seat:
        seat, now = come(), built.now()
        async with built.database.begin() as conn:
            invited = await staff.invite(
                conn, role=role, places=places or (VILLAGE,), name=name, made_by="operator", now=now
            )
            seat.who = await staff.join_at_desk(conn, invited, now=now)
            token = await sessions.begin(conn, seat.member.id, device="other", trusted=trusted, now=now)
        seat.client.cookies.set(cookies.SESSION, token, domain="desk.example", path="/desk")
        return seat

    return down
