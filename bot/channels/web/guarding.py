"""What stands before every route: headers that forbid all but our own, a limit on size, our own forms only."""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LARGEST_FORM = 64 * 1024
"""Bytes; 10,000 characters of a question, percent-encoded, do not fit twice."""

Next = Callable[[Request], Awaitable[Response]]


async def guarded(request: Request, call_next: Next) -> Response:
    """Refuse forms that are too large or come from another site; add the headers to every answer."""
    response = _refusal(request) or await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if not request.url.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response


def _refusal(request: Request) -> Response | None:
    if request.method in ("GET", "HEAD"):
        return None
    length = request.headers.get("content-length", "")
    if not re.fullmatch(r"\d{1,9}", length):
        return PlainTextResponse("请说明长度。", 411)
    if int(length) > LARGEST_FORM:
        return PlainTextResponse("太长了，请少写一点。", 413)
    origin = request.headers.get("origin")
    if origin not in (None, "null") and urlsplit(origin).netloc != request.headers.get("host"):
        return PlainTextResponse("这个表单不是从本页发来的。", 403)
    return None
