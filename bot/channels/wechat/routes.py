"""The address that WeChat calls: verification by GET, messages by POST. A stranger is refused without a hint."""

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from fastapi import APIRouter, Request, Response

from bot.channels.wechat.account import Account
from bot.channels.wechat.door import Door
from bot.channels.wechat.signature import Refused, check, opened, sealed
from bot.channels.wechat.wire import Unreadable, Update, passive_text, read
from content.render import say
from storage.errors import DatabaseError

log = structlog.get_logger()

PATH = "/wechat"
LARGEST = 64 * 1024
"""Bytes of a message of WeChat's."""


def router(account: Account, door: Door, now: Callable[[], datetime]) -> APIRouter:
    """Make the routes of one account."""
    routes = APIRouter()

    @routes.get(PATH)
    async def verify(request: Request) -> Response:
        """Show WeChat that we know the token."""
        try:
            check(account, request.query_params, now())
        except Refused:
            return Response(status_code=401)
        return Response(request.query_params.get("echostr", ""), media_type="text/plain")

    @routes.post(PATH)
    async def receive(request: Request) -> Response:
        """Answer a message; what WeChat can't have sent is refused."""
        update = _read(account, request.query_params, await request.body(), now())
        if isinstance(update, int):
            return Response(status_code=update)
        return _response(account, await _answered(door, update), request.query_params.get("nonce", ""), now())

    return routes


def _response(account: Account, answer: str | None, nonce: str, now: datetime) -> Response:
    """What goes back: a reply, sealed where messages are, or a word."""
    if answer is None:
        return Response(status_code=500)
    if not answer.startswith("<"):
        return Response(answer, media_type="text/plain")
    return Response(sealed(account, answer, nonce, now), media_type="application/xml")


def _read(account: Account, query: Mapping[str, str], body: bytes, now: datetime) -> Update | int:
    """Read a message, or say with which status it is refused."""
    if len(body) > LARGEST:
        return 413
    try:
        return read(opened(account, query, body.decode(errors="replace"), now))
    except Refused:
        return 401
    except Unreadable:
        return 400


async def _answered(door: Door, update: Update) -> str | None:
    """Answer; while the database is away, say so kindly, before WeChat says that the service is broken.

    None for a fault of ours: WeChat asks again. It is logged here, without words: the server would print them.
    """
    try:
        return await door.answer(update)
    except DatabaseError as error:
        log.error("wechat_not_answered", error=type(error).__name__)
        return passive_text(update, say("talk", "failed"))
    except Exception:
        log.exception("wechat_fault", event=update.event, kind=update.kind)
        return None
