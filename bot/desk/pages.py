"""The desk's templates: escaped, strict, and with what every page needs."""

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from bot.channels.web import pages as web
from bot.desk import cookies
from bot.desk.at import At
from bot.desk.navigation import current, entries, said_after
from content.render import say
from scheduler.calendar import LOCAL

STATIC = Path(__file__).parent / "static"


@cache
def environment() -> Environment:
    """Make the environment; every value is escaped."""
    made = Environment(
        loader=PackageLoader("content", "templates/desk"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"moment": moment, "day": day, "tel": web.with_numbers, "say": said_of}
    made.globals |= {"asset": asset, "look": look, "csrf": csrf}
    return made


def said_of(value: object, template: str, sentence: str, argument: str) -> str:
    """A sentence of `content/templates/text/` about a value: `role|say("staff", "role", "role")`."""
    return say(template, sentence, **{argument: value})


@pass_context
def csrf(context: Context) -> str:
    """The token of a form on the page that is being made."""
    return cookies.form_token(context["token"])


def moment(at: datetime) -> str:
    """11月22日 11:05, as the clock shows here."""
    local = at.astimezone(LOCAL)
    return f"{local.month}月{local.day}日 {local.hour}:{local.minute:02}"


def day(on: date) -> str:
    """2026年11月22日."""
    return f"{on.year}年{on.month}月{on.day}日"


@cache
def asset(name: str) -> str:
    """Address a static file of the desk by its content."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/desk/static/{name}?v={digest}"


@cache
def look(name: str) -> str:
    """Address a file that the residents' page has too: one design language."""
    return web.asset(name).replace("/static/", "/desk/look/", 1)


def page(at: At, name: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a page for who is at the desk. One that looked something up must have asked whether it is theirs."""
    if at.declared.scope == "looked-up" and not at.allowed and status < 400:  # noqa: PLR2004
        raise RuntimeError("a route that looks things up calls at.allow(place) before it shows anything")
    given = {"at": at, "token": at.token, "entries": entries(at), "here": current(at), "said": said_after(at.request)}
    return _rendered(name, status, given | values)


def bare(name: str, token: str = "", /, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a page for somebody who is not in, or of whom it is not known."""
    given = {"at": None, "token": token, "entries": (), "here": "", "said": ""}
    return _rendered(name, status, given | values)


def _rendered(name: str, status: int, values: dict[str, Any]) -> HTMLResponse:
    made = environment().get_template(f"{name}.html").render(status=status, **values)
    # No copy stays in the browser: who goes back after leaving, on a shared computer, finds nothing.
    return HTMLResponse(made, status_code=status, headers={"Cache-Control": "no-store"})


def done(path: str, said: str = "") -> RedirectResponse:
    """Lead on to a page after a form; `said` is the sentence `done_<said>` of `content/templates/text/desk.j2`."""
    return RedirectResponse(f"/desk{path}" + (f"?done={said}" if said else ""), status_code=303)
