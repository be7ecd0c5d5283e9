"""What of WeChat is content: the menu, and which of an account's templates carry our messages."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from content.load import records
from content.message import Heading, Message, Text
from content.programme import Frozen
from content.render import said_blocks, say

PACKAGE = Path(__file__).parent
MENU, NOTICES = "wechat_menu.yaml", "wechat_notices.yaml"

NAME_BYTES, ITEM_BYTES = 16, 60
"""Bytes that WeChat takes of a menu's names; beyond 4 and 8 letters phones cut them."""

NAME_LETTERS, ITEM_LETTERS = 4, 8

Source = Literal["title", "text", "service", "day", "hint"]
"""What fills a field: the first line, the rest, who runs this service, today, and how to see the whole."""

LIMITS: Mapping[str, int] = {"thing": 20, "character_string": 32, "phrase": 5, "name": 10, "const": 20}
"""Characters that a field of each type takes; times and dates are written as they must be."""

_FIELD = re.compile(r"(?P<type>[a-z_]+?)\d+")
_CUT = "…"


class _Item(Frozen):
    name: Annotated[str, Field(min_length=1, max_length=ITEM_LETTERS)]
    action: Annotated[str, Field(pattern=r"^[a-z][a-z-]*(:[a-z0-9.,-]*)?$", max_length=64)] | None = None
    page: Annotated[str, Field(pattern=r"^/")] | None = None
    url: Annotated[str, Field(pattern=r"^https?://", max_length=1024)] | None = None

    @property
    def does(self) -> int:
        """How many things it does."""
        return sum(one is not None for one in (self.action, self.page, self.url))


class Item(_Item):
    """One line of a menu: exactly one of action, page and url."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.does != 1:
            raise ValueError("写一样：action、page 或 url")
        return self


class Button(_Item):
    """One of the three buttons: with items, or doing one thing itself."""

    name: Annotated[str, Field(min_length=1, max_length=NAME_LETTERS)]
    items: Annotated[tuple[Item, ...], Field(max_length=5)] = ()

    @model_validator(mode="after")
    def _either(self) -> Self:
        if self.does != (0 if self.items else 1):
            raise ValueError("要么有 items，要么写一样：action、page 或 url")
        return self


class Template(Frozen):
    """One of the account's own templates: its id, how it is sent, and what fills its fields."""

    template: Annotated[str, Field(min_length=1, max_length=64)]
    way: Literal["subscription", "template"]
    fields: Annotated[dict[str, Source], Field(min_length=1)]

    @model_validator(mode="after")
    def _fields_known(self) -> Self:
        for name, source in self.fields.items():
            kind = type_of(name)
            if (kind in ("time", "date")) != (source == "day") or (kind not in LIMITS and source != "day"):
                raise ValueError(f"{name} 不能放 {source}")
        return self


def type_of(field: str) -> str:
    """The type in a field's name: `thing` of `thing1`; "" where it has none that we know."""
    found = _FIELD.fullmatch(field)
    return found["type"] if found and (found["type"] in LIMITS or found["type"] in ("time", "date")) else ""


def menu(own: Path | None = None) -> tuple[Button, ...]:
    """Read the menu, a deployment's own before ours. Raises InvalidContent."""
    root = own if own is not None and (own / MENU).exists() else PACKAGE
    return records(Button, root / MENU, root)


def templates(own: Path | None = None) -> tuple[Template, ...]:
    """Read which templates carry our messages, best first; none where a deployment has no such file."""
    return records(Template, own / NOTICES, own) if own is not None and (own / NOTICES).exists() else ()


def menu_json(buttons: Sequence[Button], pages: str) -> dict[str, Any]:
    """Write a menu as WeChat takes it; what needs the web page is left out where that has no public address."""
    written = [_button(one, pages) for one in buttons]
    return {"button": [one for one in written if one is not None]}


def _button(button: Button, pages: str) -> dict[str, Any] | None:
    if not button.items:
        return _item(button, pages)
    items = [one for one in (_item(item, pages) for item in button.items) if one is not None]
    return {"name": button.name, "sub_button": items} if items else None


def _item(item: _Item, pages: str) -> dict[str, Any] | None:
    if item.action is not None:
        return {"type": "click", "name": item.name, "key": item.action}
    if item.url is not None:
        return {"type": "view", "name": item.name, "url": item.url}
    return {"type": "view", "name": item.name, "url": f"{pages.rstrip('/')}{item.page}"} if pages else None


def filled(template: Template, message: Message, *, service: str, day: str) -> tuple[dict[str, dict[str, str]], bool]:
    """Fill a template's fields, each cut to its limit; also whether the whole message stands in them."""
    title, rest = _parts(message)
    sources: Mapping[str, Callable[[], str]] = {
        "title": lambda: title,
        "text": lambda: rest or title,
        "service": lambda: service,
        "day": lambda: day,
        "hint": lambda: say("wechat", "notice_hint"),
    }
    values = {name: _cut(sources[source](), _limit(name)) for name, source in template.fields.items()}
    whole = all(part in values.values() for part in (title, rest) if part)
    return {name: {"value": value} for name, value in values.items()}, whole


def _parts(message: Message) -> tuple[str, str]:
    """The first line of a message, and what follows it, in one line."""
    first = next((one.text for one in message.blocks if isinstance(one, Heading | Text)), "")
    rest = said_blocks(message).removeprefix(first)
    return first.replace("\n", " "), " ".join(rest.split())


def _limit(field: str) -> int | None:
    return LIMITS.get(type_of(field))


def _cut(text: str, limit: int | None) -> str:
    return text if limit is None or len(text) <= limit else text[: limit - 1] + _CUT
