"""Every channel, made as it is in service, for one suite."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from bot.channels import console
from bot.channels.telegram.door import Telegram, door
from bot.channels.telegram.render import CAPABILITIES as TELEGRAM
from bot.channels.web.app import web_app
from bot.channels.web.site import CAPABILITIES as WEB
from bot.channels.web.site import Site
from bot.channels.wechat.account import Account
from bot.channels.wechat.api import Api
from bot.channels.wechat.door import Door
from bot.channels.wechat.routes import router
from bot.channels.wechat.sender import WeChatSender
from bot.channels.wechat.tokens import Tokens
from bot.dialogue.turn import Knowledge
from bot.pipeline import Pipeline
from content.split import utf8, utf16
from storage.database import Database
from tests.contract.talkers import AtConsole, Channel, OnPage, OnTelegram, OnWeChat, now
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.limits import unlimited
from tests.fakes.wechat import FakeWeChat
from tests.wechat.serving import served

TOKEN = "123456:fake-token"  # noqa: S105 - opens nothing

Make = Callable[[Knowledge, Pipeline, Database], AbstractAsyncContextManager[Channel]]


@asynccontextmanager
async def at_console(know: Knowledge, pipeline: Pipeline, database: Database) -> AsyncIterator[Channel]:
    """The terminal, which keeps nothing and needs no pipeline."""
    yield Channel(console.CAPABILITIES, lambda: AtConsole(console.Console(know, now)))


@asynccontextmanager
async def on_page(know: Knowledge, pipeline: Pipeline, database: Database) -> AsyncIterator[Channel]:
    """The residents' page."""
    clients: list[AsyncClient] = []
    app = web_app(Site(pipeline, lambda: know, now, "page", secure=False))

    def come() -> OnPage:
        clients.append(AsyncClient(transport=ASGITransport(app), base_url="https://page.example"))
        return OnPage(clients[-1])

    async with AsyncClient(transport=ASGITransport(app), base_url="https://page.example") as looking:
        foot = (await looking.get("/")).text
    yield Channel(WEB, come, foot=foot)
    for client in clients:
        await client.aclose()


@asynccontextmanager
async def on_telegram(know: Knowledge, pipeline: Pipeline, database: Database) -> AsyncIterator[Channel]:
    """The residents' bot, by long polling."""
    ids = count(5001)
    async with FakeTelegram() as server:
        fake = server.bot(TOKEN, limits=unlimited())
        chosen = Telegram(TOKEN, server.url, None, 1000.0)
        async with door(chosen, pipeline, database, know.service, now) as opened:
            yield Channel(
                TELEGRAM,
                lambda: OnTelegram(fake.person(next(ids))),
                size=utf16,
                longest=4096,
                sender=opened.sender,
                account=opened.account,
                address="5001",
                heard=lambda: [one.text for one in fake.person(5001).chat.heard],
            )


@asynccontextmanager
async def on_wechat(know: Knowledge, pipeline: Pipeline, database: Database) -> AsyncIterator[Channel]:
    """The official account, in safe mode."""
    ids = count(1)
    async with FakeWeChat(now) as server, AsyncClient() as http:
        theirs = server.account
        account = Account(theirs.app_id, theirs.secret, theirs.token, theirs.aes_key, "service", server.url, "")
        api = Api(account, Tokens(database, account.app_id), http, now)
        opened = Door(account, pipeline, database, api, know=lambda: know, now=now)
        app = FastAPI()
        app.include_router(router(account, opened, now))
        async with served(app) as url:
            server.callback = f"{url}/wechat"
            yield Channel(
                account.capabilities,
                lambda: OnWeChat(server.person(f"resident-{next(ids)}"), opened.finish),
                size=utf8,
                longest=600,
                sender=WeChatSender(account, api, database, templates=(), service="试验村委会"),
                account=account.app_id,
                address="resident-1",
                heard=lambda: server.person("resident-1").texts,
            )
            await opened.finish()


CHANNELS: dict[str, Make] = {"console": at_console, "web": on_page, "telegram": on_telegram, "wechat": on_wechat}
"""Every channel. A new one is added here and nowhere else in this suite."""


@pytest.fixture(params=CHANNELS)
async def channel(request: pytest.FixtureRequest, know: Knowledge, database: Database) -> AsyncIterator[Channel]:
    """Each channel in turn."""
    pipeline = Pipeline(lambda: know, database, per_minute=100, now=now)
    async with CHANNELS[request.param](know, pipeline, database) as made:
        yield made
