"""What stands before every route: headers that forbid all but our own, a limit on size, our own forms only."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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

Told = Callable[[Request, str, int], Response]
"""Makes the page that says why nothing was done: its template, its status."""

log = structlog.get_logger()


class Guarding:
    """Refuse forms that are too large or come from another site; add the headers to every answer, failures too.

    Plain ASGI: Starlette's middleware of functions starts a task and two queues for each request, which cost more time
    than all that is done here. What begins with one of `apart` guards itself in the same way, with a limit of its own.
    """

    def __init__(
        self, app: ASGIApp, *, largest: int = LARGEST_FORM, told: Told | None = None, apart: tuple[str, ...] = ()
    ) -> None:
        self._app, self._largest, self._told, self._apart = app, largest, told or _page, apart

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is no request (the start of the application) is passed on."""
        if scope["type"] != "http" or scope["path"].startswith(self._apart):
            await self._app(scope, receive, send)
            return
        request, guarded = Request(scope, receive), _Answer(send, post=scope["method"] == "POST")
        status = _refused(request, self._largest)
        if status:
            await self._told(request, "refused", status)(scope, receive, guarded.send)
        else:
            await self._answered(request, receive, guarded)

    async def _answered(self, request: Request, receive: Receive, guarded: "_Answer") -> None:
        """Answer. What breaks is told kindly and logged by its route: a path may hold what somebody typed."""
        try:
            await self._app(request.scope, receive, guarded.send)
        except Exception:
            log.exception("page_failed", route=getattr(request.scope.get("route"), "path", ""))
            if guarded.begun:
                raise
            await self._told(request, "failed", 500)(request.scope, receive, guarded.send)


class _Answer:
    """The way out of one request: adds the headers where its answer begins."""

    def __init__(self, send: Send, *, post: bool) -> None:
        self._send, self._post, self.begun = send, post, False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store" if self._post else "private, no-cache")
        await self._send(message)


def _page(request: Request, name: str, status: int) -> Response:
    return page(name, status=status, site=request.app.state.site)


def _refused(request: Request, largest: int) -> int | None:
    """The status with which a form is refused, None for one that may pass."""
    if request.method in ("GET", "HEAD"):
        return None
    length = request.headers.get("content-length", "")
    if not re.fullmatch(r"\d{1,9}", length):
        return 411
    if int(length) > largest:
        return 413
    return None if _ours(request) else 403


def _ours(request: Request) -> bool:
    """Whether a form was sent from our own page, as the browser says; one that says nothing is let pass."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
