"""Run the official account beside the web page, in one process: its routes, and what must be looked at again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import httpx
import structlog
from fastapi import APIRouter

from bot.beside import beside
from bot.channels.hearing import Hearing
from bot.channels.wechat.account import Account
from bot.channels.wechat.api import Api, Failed
from bot.channels.wechat.door import Door
from bot.channels.wechat.mass import MassSends
from bot.channels.wechat.robot import Robot
from bot.channels.wechat.routes import router
from bot.channels.wechat.sender import WeChatSender
from bot.channels.wechat.tokens import Tokens
from bot.dialogue.turn import Knowledge
from bot.pipeline import Pipeline
from bot.settings import Settings
from content.wechat import templates
from storage import accounts
from storage.database import Database
from storage.errors import DatabaseError

log = structlog.get_logger()

EVERY = 30.0
"""Seconds between two looks at answers that wait, mass sends and alerts."""

PER_SECOND = 100.0
"""Messages in a second that are sent at most; WeChat names a limit for each minute, far above."""

Clock = Callable[[], datetime]
Look = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Parts:
    """What the official account is made of, for whoever builds the application."""

    routes: APIRouter
    sender: WeChatSender
    door: Door
    mass: MassSends


def account_of(settings: Settings) -> Account | None:
    """The official account of the settings; None where there is none."""
    if settings.wechat_app_id is None or settings.wechat_secret is None or settings.wechat_token is None:
        return None
    return Account(
        app_id=settings.wechat_app_id,
        secret=settings.wechat_secret.get_secret_value(),
        token=settings.wechat_token.get_secret_value(),
        aes_key=settings.wechat_aes_key.get_secret_value() if settings.wechat_aes_key else "",
        kind=settings.wechat_kind,
        api=settings.wechat_api.rstrip("/"),
        pages=settings.public_url or "",
    )


@asynccontextmanager
async def client(account: Account, database: Database, now: Clock) -> AsyncIterator[Api]:
    """Open the interfaces of an account."""
    async with httpx.AsyncClient() as http:
        yield Api(account, Tokens(database, account.app_id), http, now)


@asynccontextmanager
async def wechat(
    settings: Settings,
    database: Database,
    pipeline: Pipeline,
    know: Callable[[], Knowledge],
    now: Clock,
    *,
    hearing: Hearing | None = None,
) -> AsyncIterator[Parts]:
    """Run the official account of the settings; ends when its answers are on their way. ValueError if none is set."""
    account = account_of(settings)
    if account is None:
        raise ValueError("no official account is set")
    async with client(account, database, now) as api:
        door = Door(account, pipeline, database, api, know=know, now=now, hearing=hearing)
        made = templates(settings.content)
        sender = WeChatSender(account, api, database, templates=made, service=settings.service_name)
        mass = MassSends(api, database, account.app_id, guests_only=settings.trial)
        await _registered(database, account)
        try:
            async with beside(again(EVERY, door.sweep, lambda: mass.look(now()))):
                yield Parts(router(account, door, now), sender, door, mass)
        finally:
            await door.finish()


@asynccontextmanager
async def staff_alerts(settings: Settings, database: Database, now: Clock) -> AsyncIterator[None]:
    """Tell staff in their WeCom group what they must hear of."""
    webhook = settings.wecom_webhook.get_secret_value() if settings.wecom_webhook else ""
    async with httpx.AsyncClient() as http:
        robot = Robot(webhook, database, http)
        async with beside(again(EVERY, lambda: robot.look(now()))):
            yield


async def again(seconds: float, *looks: Look) -> None:
    """Look again and again. What fails is logged, and tried at the next look; no look waits for another's fault."""
    while True:
        for look in looks:
            try:
                await look()
            except (DatabaseError, Failed) as error:
                log.warning("wechat_look_failed", error=type(error).__name__)
        await asyncio.sleep(seconds)


async def _registered(database: Database, account: Account) -> None:
    """An account that may write can be sent to: the drains know it by its AppID."""
    if account.may_write:
        async with database.begin() as conn:
            await accounts.register(conn, channel="wechat", name=account.app_id, per_second=PER_SECOND)
