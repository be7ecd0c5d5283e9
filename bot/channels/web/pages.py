"""The web page's templates: escaped, strict, and with the few things that every page needs."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from content.library import Library
from content.message import Message, Option, Text
from content.render import say

STATIC = Path(__file__).parent / "static"
SHOWN = 120

HOTLINES = r"12\d{3}|96110|95598"
EMERGENCY = r"(?<=[打拨或、警救])1(?:10|19|20|22)"
"""Three digits are a number to call only after such a word: “科技110” is the name of a service, and 120 may be yuan."""

NOT_AFTER = r"[\d.%％”年月日元万亿亩户人头只米公吨斤个岁天次件条]"

FIRST = ("quotes", "ask")
"""What most people want next: it stands out."""

FEEDBACK = ("helpful", "unhelpful")
GROUPS = {"card": "cards"} | dict.fromkeys(FIRST, "first") | dict.fromkeys(FEEDBACK, "feedback")


@cache
def environment() -> Environment:
    """Make the environment; every value is escaped."""
    loader = PackageLoader("content", "templates/web")
    # The templates are the package's and never change while it runs: no look at their files for each page.
    made = Environment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"tel": with_numbers, "brief": brief, "grouped": grouped, "verb": verb, "tiles": tiles}
    made.tests |= {"plea": is_plea}
    made.globals |= {"asset": asset, "nonce": lambda: secrets.token_urlsafe(16)}
    return made


def with_numbers(text: str, own: str = "") -> Markup:
    """Make the service numbers of a text tappable (110, 12345, 96110), and the phone of those who run this one."""
    return Markup(_numbers(own).sub(_link, str(escape(text))))  # noqa: S704 - escaped just before


@cache
def _numbers(own: str) -> re.Pattern[str]:
    also = rf"{re.escape(str(escape(own)))}|" if re.search(r"\d{3}", own) else ""
    return re.compile(rf"(?<![\d.第“])(?:{also}{HOTLINES}|{EMERGENCY})(?!{NOT_AFTER})")


def _link(number: re.Match[str]) -> str:
    dialled = re.sub(r"[^\d+]", "", number[0])
    return f'<a href="tel:{dialled}">{number[0]}</a>'


def brief(text: str) -> str:
    """Show a long question back in part."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def verb(action: str) -> str:
    """What an action does: `quotes` of `quotes:dibao`."""
    return action.partition(":")[0]


def grouped(options: Iterable[Option]) -> dict[str, list[Option]]:
    """Part options by their weight: cards to choose from, what comes first, the rest, a word on the answer."""
    groups: dict[str, list[Option]] = {"cards": [], "first": [], "more": [], "feedback": []}
    back = say("labels", "back")
    for option in options:
        groups["more" if option.label == back else GROUPS.get(verb(option.action), "more")].append(option)
    return groups


def tiles(library: Library) -> Markup:
    """The topics that have cards, to be tapped. Every page of a talk shows them: drawn once for a content."""
    return _tiles(tuple((topic.id, topic.name) for topic in library.topics.values() if library.by_topic[topic.id]))


@lru_cache(maxsize=4)
def _tiles(topics: tuple[tuple[str, str], ...]) -> Markup:
    return Markup(environment().get_template("tiles.html").render(topics=topics))  # noqa: S704 - a template of ours


def is_plea(message: Message) -> bool:
    """Whether a message is the reply to a plea for help: a number before all else, and nothing to choose."""
    first = message.blocks[0] if message.blocks else None
    return isinstance(first, Text) and first.strong and not message.options


@cache
def asset(name: str) -> str:
    """Address a static file by its content, so that browsers may keep it for good."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def page(name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a page."""
    return HTMLResponse(environment().get_template(f"{name}.html").render(status=status, **values), status_code=status)
