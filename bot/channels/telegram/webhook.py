"""The webhook: Telegram posts each update to an address that nobody can guess, with a secret in a header."""

import hashlib
import hmac

import structlog
from aiogram import Bot
from aiogram.methods import SetWebhook
from aiogram.types import Update
from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from bot.channels.telegram.residents import ResidentsBot
from bot.channels.telegram.wire import KINDS
from storage.errors import DatabaseError

log = structlog.get_logger()

CONNECTIONS = 40
"""How many updates Telegram may post at once."""

HEADER = "X-Telegram-Bot-Api-Secret-Token"


def path_of(token: str) -> str:
    """The last part of the address: made of the token, so that it is the same after a restart and tells nothing."""
    return _derived(token, "path")


def secret_of(token: str) -> str:
    """What Telegram is to send in the header."""
    return _derived(token, "secret")


def _derived(token: str, purpose: str) -> str:
    return hmac.new(token.encode(), f"mingbai webhook {purpose}".encode(), hashlib.sha256).hexdigest()


def router(residents: ResidentsBot, token: str) -> APIRouter:
    """The route. Whoever does not know both the path and the secret gets 401 and nothing else."""
    made = APIRouter()
    path, secret = path_of(token).encode(), secret_of(token).encode()

    @made.post("/telegram/{part}", include_in_schema=False)
    async def update(part: str, request: Request) -> Response:
        given = request.headers.get(HEADER, "").encode()
        right = hmac.compare_digest(part.encode(), path) & hmac.compare_digest(given, secret)
        return Response(status_code=await _taken(residents, await request.body()) if right else 401)

    return made


async def _taken(residents: ResidentsBot, body: bytes) -> int:
    """The status: 200 for what need not come again, 503 for what must."""
    try:
        await residents.take(Update.model_validate_json(body))
    except DatabaseError as error:
        log.error("update_not_kept", error=type(error).__name__)
        return 503
    except ValidationError:
        log.error("update_unreadable")
    except Exception:  # a fault of ours: loud, and not delivered again for ever
        log.exception("update_failed")
    return 200


async def deliver_here(bot: Bot, public: str, token: str) -> None:
    """Ask Telegram to post updates to this address. Raises what aiogram raises."""
    url = f"{public.rstrip('/')}/telegram/{path_of(token)}"
    asked = SetWebhook(url=url, secret_token=secret_of(token), max_connections=CONNECTIONS, allowed_updates=KINDS)
    await bot(asked)
