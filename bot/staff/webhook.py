"""The staff bot's webhook: as the residents' (bot/channels/telegram/webhook.py), under an address of its own."""

import hmac
import json

import structlog
from fastapi import APIRouter, Request, Response
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.channels.telegram.webhook import HEADER, path_of, secret_of
from bot.staff.bot import StaffBot
from bot.staff.polling import taken
from bot.staff.wire import KINDS
from storage.errors import DatabaseError

log = structlog.get_logger()

CONNECTIONS = 5
"""How many updates Telegram may post at once."""


def router(bot: Bot, staff: StaffBot) -> APIRouter:
    """The route. Whoever does not know both the path and the secret gets 401 and nothing else."""
    made = APIRouter()
    path, secret = path_of(bot.token).encode(), secret_of(bot.token).encode()

    @made.post("/telegram-staff/{part}", include_in_schema=False)
    async def update(part: str, request: Request) -> Response:
        given = request.headers.get(HEADER, "").encode()
        right = hmac.compare_digest(part.encode(), path) & hmac.compare_digest(given, secret)
        return Response(status_code=await _status(bot, staff, await request.body()) if right else 401)

    return made


async def _status(bot: Bot, staff: StaffBot, body: bytes) -> int:
    """200 for what need not come again, 503 for what must."""
    try:
        update = Update.de_json(json.loads(body), bot)
    except (ValueError, KeyError, TypeError, AttributeError):
        log.error("staff_update_unreadable")
        return 200
    try:
        await taken(staff, update)
    except (TelegramError, DatabaseError) as error:
        log.error("staff_update_waits", kind=type(error).__name__)
        return 503
    return 200


async def deliver_here(bot: Bot, public: str) -> None:
    """Ask Telegram to post updates to this address. Raises TelegramError."""
    url = f"{public.rstrip('/')}/telegram-staff/{path_of(bot.token)}"
    await bot.set_webhook(url, secret_token=secret_of(bot.token), max_connections=CONNECTIONS, allowed_updates=KINDS)
