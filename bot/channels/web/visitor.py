"""Who is at the browser: a random cookie, of which only a digest is stored. No name, no address, no third party."""

import hashlib
import re
import secrets

from fastapi import Request, Response

COOKIE = "mingbai"
KEPT_FOR = 30 * 24 * 3600
"""Seconds that the browser keeps the cookie; storage forgets an unseen visitor without a place as soon."""

TOKEN_BYTES = 16
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def token_of(request: Request) -> str | None:
    """Read the visitor's token; one that we can't have made counts as none."""
    token = request.cookies.get(COOKIE, "")
    return token if _TOKEN.fullmatch(token) else None


def new_token() -> str:
    """Make a token for a new visitor."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def address(token: str) -> str:
    """The address under which a visitor is stored: a digest, so that what is stored opens no session."""
    return hashlib.sha256(f"mingbai web visitor {token}".encode()).hexdigest()


def remember(response: Response, token: str, *, secure: bool) -> None:
    """Give the browser its cookie."""
    response.set_cookie(COOKIE, token, max_age=KEPT_FOR, httponly=True, samesite="lax", secure=secure)


def forget(response: Response, *, secure: bool) -> None:
    """Take the cookie away."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=secure)
