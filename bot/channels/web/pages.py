"""The web page's templates: escaped, strict, and with the few things that every page needs."""

import hashlib
import re
import secrets
from functools import cache
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

STATIC = Path(__file__).parent / "static"
SHOWN = 120
_NUMBER = re.compile(r"(?<![\d.年第])(1[12]\d|12\d{3}|96110|95598)(?![\d年.%])")


@cache
def environment() -> Environment:
    """Make the environment; every value is escaped."""
    loader = PackageLoader("content", "templates/web")
    made = Environment(loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"tel": with_numbers, "brief": brief}
    made.globals |= {"asset": asset, "nonce": lambda: secrets.token_urlsafe(16)}
    return made


def with_numbers(text: str) -> Markup:
    """Make the service numbers of a text tappable: 110, 12345, 96110."""
    return Markup(_NUMBER.sub(r'<a href="tel:\1">\1</a>', str(escape(text))))  # noqa: S704 - escaped just before


def brief(text: str) -> str:
    """Show a long question back in part."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


@cache
def asset(name: str) -> str:
    """Address a static file by its content, so that browsers may keep it for good."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def page(name: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Render a page."""
    return HTMLResponse(environment().get_template(f"{name}.html").render(**values), status_code=status)
