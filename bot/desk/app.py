"""Build the desk: an application of its own under /desk, which guards itself and fails in its own words."""

from urllib.parse import urlsplit

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from bot.channels.web import pages as web
from bot.channels.web.app import Assets
from bot.channels.web.guarding import Guarding
from bot.desk import (
    content,
    content_phrases,
    details,
    entering,
    helping,
    interest,
    inviting,
    mine,
    moving,
    notices,
    notices_acts,
    notices_write,
    people,
    questions,
    today,
    trail,
    windows,
    windows_sheet,
)
from bot.desk.built import Desk
from bot.desk.entering import at_the_door, inside
from bot.desk.pages import STATIC, bare
from bot.desk.refusals import NotFresh, NotIn, Refusal
from bot.desk.routes import Routes

LARGEST_FORM = 4 * 1024 * 1024
"""Bytes; a spreadsheet of some thousand rows."""

log = structlog.get_logger()

PARTS: tuple[Routes, ...] = (
    entering.routes,
    today.routes,
    inviting.routes,
    moving.routes,
    people.routes,
    mine.routes,
    trail.routes,
    helping.routes,
    notices_write.routes,
    notices.routes,
    notices_acts.routes,
    windows_sheet.routes,
    windows.routes,
    details.routes,
    questions.routes,
    content.routes,
    content_phrases.routes,
    interest.routes,
)
"""All that the desk consists of."""


def desk_app(desk: Desk) -> FastAPI:
    """Make the application, to be mounted under /desk."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    for part in PARTS:
        app.include_router(part.router)
    app.mount("/static", Assets(directory=STATIC))
    app.mount("/look", Assets(directory=web.STATIC))
    app.add_middleware(Guarding, largest=LARGEST_FORM, told=lambda _, name, status: bare(name, status=status))
    _tell_refusals(app)
    return app


def _tell_refusals(app: FastAPI) -> None:
    @app.exception_handler(Refusal)
    async def refused(request: Request, error: Refusal) -> Response:
        log.info("desk_refused", kind=type(error).__name__, route=_route(request))
        if isinstance(error, NotIn):
            return at_the_door(request, status=error.status, why="ended" if request.method == "POST" else "")
        if isinstance(error, NotFresh):
            return Response(status_code=303, headers={"Location": f"/desk/again?then=/desk{_came_from(request)}"})
        return bare(error.page, status=error.status)

    @app.exception_handler(HTTPException)
    async def missing(_: Request, error: HTTPException) -> Response:
        return bare("missing", status=error.status_code)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, __: RequestValidationError) -> Response:
        return bare("missing", status=404) if request.method == "GET" else bare("refused", status=422)


def _came_from(request: Request) -> str:
    """The page of the desk on which a form stood, as the browser says."""
    return inside(urlsplit(request.headers.get("referer", "")).path)


def _route(request: Request) -> str:
    """The route's pattern: a path may hold what somebody typed."""
    path: str = getattr(request.scope.get("route"), "path", "")
    return path
