"""Build the web application."""

from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from bot.channels.web import notice
from bot.channels.web.guarding import Guarding
from bot.channels.web.pages import STATIC, page
from bot.channels.web.routes import router
from bot.channels.web.site import Site

A_YEAR = 365 * 24 * 3600


class Assets(StaticFiles):
    """Static files under addresses that change with their content: browsers may keep them for good."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """Say so in the answer."""
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        return response


def web_app(site: Site, beside: Mapping[str, FastAPI] | None = None) -> FastAPI:
    """Make the application for one site; no documentation routes, nothing is fetched from elsewhere.

    `beside`: applications that guard themselves, by the path under which each is mounted.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.site = site
    app.include_router(router)
    app.include_router(notice.router)
    app.mount("/static", Assets(directory=STATIC))
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    for path, other in (beside or {}).items():
        app.mount(path, other)
    app.add_middleware(Guarding, apart=tuple(f"{path}/" for path in beside or ()))

    @app.exception_handler(HTTPException)
    async def missing(_: Request, error: HTTPException) -> HTMLResponse:
        return page("missing", status=error.status_code, site=site)

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, __: RequestValidationError) -> HTMLResponse:
        return page("refused", status=422, site=site)

    return app
