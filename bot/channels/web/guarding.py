"""What stands before every route: headers that forbid all but our own, a limit on size, our own forms only."""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import structlog
from fastapi import Request, Response

from bot.channels.web.pages import page

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    # Not no-referrer: under it browsers send our own forms with "Origin: null", as a hostile page may do too.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LARGEST_FORM = 128 * 1024
"""Bytes; a question of 10,000 characters, percent-encoded, is at most 120,000."""

Next = Callable[[Request], Awaitable[Response]]
log = structlog.get_logger()


async def guarded(request: Request, call_next: Next) -> Response:
    """Refuse forms that are too large or come from another site; add the headers to every answer, failures too."""
    status = _refused(request)
    response = _page(request, "refused", status) if status else await _answer(request, call_next)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store" if request.method == "POST" else "private, no-cache")
    return response


async def _answer(request: Request, call_next: Next) -> Response:
    """Answer. What breaks is told kindly and logged by its route: a path may hold what somebody typed."""
    try:
        return await call_next(request)
    except Exception:
        log.exception("page_failed", route=getattr(request.scope.get("route"), "path", ""))
        return _page(request, "failed", 500)


def _page(request: Request, name: str, status: int) -> Response:
    return page(name, status=status, site=request.app.state.site)


def _refused(request: Request) -> int | None:
    """The status with which a form is refused, None for one that may pass."""
    if request.method in ("GET", "HEAD"):
        return None
    length = request.headers.get("content-length", "")
    if not re.fullmatch(r"\d{1,9}", length):
        return 411
    if int(length) > LARGEST_FORM:
        return 413
    return None if _ours(request) else 403


def _ours(request: Request) -> bool:
    """Whether a form was sent from our own page, as the browser says; one that says nothing is let pass."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
