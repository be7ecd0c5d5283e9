"""The official account against a WeChat on loopback: real HTTP both ways, a clock that can be set."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from bot.channels.hearing import Hearing
from bot.channels.wechat.account import Account
from bot.channels.wechat.api import Api
from bot.channels.wechat.door import Door
from bot.channels.wechat.mass import MassSends
from bot.channels.wechat.robot import Robot
from bot.channels.wechat.routes import router
from bot.channels.wechat.sender import WeChatSender
from bot.channels.wechat.tokens import Tokens
from bot.dialogue.turn import Knowledge
from bot.pipeline import Pipeline
from content.wechat import Template
from storage.database import Database
from tests.fakes.wechat import FakeWeChat
from tests.wechat.serving import served

PAGES = "https://page.example"
PATIENCE = 60.0
"""Seconds that the fake and we wait in these tests. WeChat has five; a busy machine may stand still for longer."""


@dataclass
class Clock:
    """The time, as a test has it."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 3, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **time: float) -> None:
        """Let time pass."""
        self.at += timedelta(**time)


@dataclass
class Ours:
    """Our side, running."""

    account: Account
    api: Api
    door: Door
    sender: WeChatSender
    mass: MassSends
    robot: Robot
    database: Database


Start = Callable[..., AbstractAsyncContextManager[Ours]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def wechat(clock: Clock) -> AsyncIterator[FakeWeChat]:
    async with FakeWeChat(clock, patience=PATIENCE) as fake:
        yield fake


def account_of(fake: FakeWeChat) -> Account:
    """Our settings for the fake's account."""
    key = "" if fake.account.mode == "plain" else fake.account.aes_key
    theirs = fake.account
    return Account(theirs.app_id, theirs.secret, theirs.token, key, "service", fake.url, PAGES)


@pytest.fixture
def start(know: Knowledge, database: Database, wechat: FakeWeChat, clock: Clock) -> Start:
    """Start our side: `async with start(kind="subscription") as ours`."""
    know.search.find("低保")  # whatever is made at the first question, so that none of ours is late by it

    @asynccontextmanager
    async def starting(
        *,
        hearing: Hearing | None = None,
        templates: tuple[Template, ...] = (),
        trial: bool = False,
        wrap: Callable[[Pipeline], Pipeline] = lambda pipeline: pipeline,
        patience: float = PATIENCE,
        **changed: object,
    ) -> AsyncIterator[Ours]:
        account = replace(account_of(wechat), **changed)  # type: ignore[arg-type]
        pipeline = wrap(Pipeline(lambda: know, database, per_minute=20, now=clock))
        async with httpx.AsyncClient() as http:
            api = Api(account, Tokens(database, account.app_id), http, clock)
            door = Door(
                account, pipeline, database, api, know=lambda: know, now=clock, hearing=hearing, patience=patience
            )
            app = FastAPI()
            app.include_router(router(account, door, clock))
            async with served(app) as url:
                wechat.callback = f"{url}/wechat"
                sender = WeChatSender(account, api, database, templates=templates, service="试验村委会")
                mass = MassSends(api, database, account.app_id, guests_only=trial)
                robot = Robot(wechat.robot, database, http)
                yield Ours(account, api, door, sender, mass, robot, database)
                await door.finish()

    return starting


async def until(there: Callable[[], bool] | Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while True:
            found = there()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.02)
