"""How a route of the desk is made: it says which deed it is, and how the place that it is about is known.

`own`: it shows or changes only what is theirs, by `at.stems()` or by who they are.
`named`: the address holds a place, `{place}`, which is looked at before the handler runs.
`looked-up`: the handler finds the place (of a ticket, of a form) and calls `at.allow(place)`; what it shows or records
without having done so is an error.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import APIRouter, Request

from bot.staff.may import Deed

Scope = Literal["own", "named", "looked-up"]
Handler = Callable[..., Any]


@dataclass(frozen=True)
class Declared:
    """Who may enter a route. No deed: anybody, as at the door."""

    deed: Deed | None
    scope: Scope = "own"


@dataclass(frozen=True)
class Routes:
    """The routes of one part of the desk."""

    router: APIRouter = field(default_factory=APIRouter)

    def get(self, path: str, deed: Deed | None, scope: Scope = "own") -> Callable[[Handler], Handler]:
        """Make a route that shows something and changes nothing."""
        return self._route("GET", path, Declared(deed, scope))

    def post(self, path: str, deed: Deed | None, scope: Scope) -> Callable[[Handler], Handler]:
        """Make a route that changes something, by a form of ours."""
        return self._route("POST", path, Declared(deed, scope))

    def _route(self, method: str, path: str, said: Declared) -> Callable[[Handler], Handler]:
        if (said.scope == "named") != ("{place}" in path):
            raise ValueError(f"{path}: named is said where, and only where, the address holds {{place}}")

        def made(handler: Handler) -> Handler:
            extra = {"desk": said}
            self.router.add_api_route(path, handler, methods=[method], response_model=None, openapi_extra=extra)
            return handler

        return made


def declared(request: Request) -> Declared:
    """What the route of a request says of itself."""
    said: Declared = request.scope["route"].openapi_extra["desk"]
    return said
