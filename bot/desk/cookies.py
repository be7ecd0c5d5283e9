"""The desk's cookie, and the token that each of its forms carries.

The cookie is either a session's, or before anybody is in a random one, so that the form to enter is guarded too.
"""

import hashlib
import hmac
import secrets

from fastapi import Request, Response

from storage.desk import TRUSTED_FOR

SESSION, STRANGER = "mingbai_desk", "mingbai_desk_before"
PATH = "/desk"
_NONCE = 16


def session_token(request: Request) -> str:
    """The token of the session's cookie, empty without one."""
    return request.cookies.get(SESSION, "")


def stranger_token(request: Request) -> str:
    """The token of who is not in yet, empty at the first visit."""
    return request.cookies.get(STRANGER, "")


def remember(response: Response, token: str, *, trusted: bool, secure: bool) -> None:
    """Give the browser its session. Lax, not strict: a link in a chat must open the desk; all that changes is a POST.

    Without an end of its own the cookie goes when the browser is closed.
    """
    kept = int(TRUSTED_FOR.total_seconds()) if trusted else None
    response.set_cookie(SESSION, token, max_age=kept, path=PATH, httponly=True, samesite="lax", secure=secure)


def greet(response: Response, token: str, *, secure: bool) -> None:
    """Give the browser of somebody who is not in what its form is checked by."""
    response.set_cookie(STRANGER, token, path=PATH, httponly=True, samesite="strict", secure=secure)


def forget(response: Response, *, secure: bool) -> None:
    """Take the session's cookie away."""
    response.delete_cookie(SESSION, path=PATH, httponly=True, samesite="lax", secure=secure)


def form_token(token: str) -> str:
    """A token for a form of this browser; another each time, so that compression tells nothing of it."""
    nonce = secrets.token_urlsafe(_NONCE)
    return f"{nonce}.{_mac(token, nonce)}"


def is_own_form(token: str, sent: str) -> bool:
    """Whether a form was made for the browser with this cookie."""
    nonce, _, mac = sent.partition(".")
    return bool(token) and hmac.compare_digest(_mac(token, nonce).encode(), mac.encode(errors="replace"))


def _mac(token: str, nonce: str) -> str:
    said = f"form {nonce}".encode(errors="replace")
    return hmac.new(token.encode(errors="replace"), said, hashlib.sha256).hexdigest()
