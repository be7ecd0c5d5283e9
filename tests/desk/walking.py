"""A walk through the desk as a browser without scripts takes it: links to follow, forms to fill in."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """A form of a page: its fields with their values, text fields by name, files by name."""

    method: str
    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def filled(self, text: str) -> dict[str, list[str]]:
        """The fields with this text in every one that takes text."""
        return self.values | {name: [text] for name in self.texts}


class Page(HTMLParser):
    """What a page holds: links inside the desk, forms, and what a strict policy would refuse."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.inline: list[str] = []
        self._select = ""
        self._script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of one tag."""
        at = {name: value or "" for name, value in attrs}
        self.inline += [f"{tag} {name}" for name in at if name == "style" or name.startswith("on")]
        self.inline += [tag for _ in [0] if tag == "style" or (tag == "script" and "src" not in at)]
        self.inline += [value for name, value in at.items() if name in ("href", "src") and "javascript:" in value]
        if tag == "a" and at.get("href", "").startswith("/desk"):
            self.links.append(at["href"].removeprefix("/desk"))
        if tag == "form":
            self.forms.append(Form(at.get("method", "get"), at["action"].removeprefix("/desk")))
        if tag in ("input", "textarea", "select", "option", "button") and self.forms:
            self._field(tag, at)

    def _field(self, tag: str, at: dict[str, str]) -> None:
        form, name, kind = self.forms[-1], at.get("name", ""), at.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "option":
            form.values.setdefault(self._select, []).append(at.get("value", ""))
            form.values[self._select] = form.values[self._select][-1:]
        elif tag == "textarea" or (tag == "input" and kind in ("text", "search", "tel", "date", "number")):
            form.texts.append(name)
        elif kind == "file":
            form.files.append(name)
        elif name:
            many = form.values.setdefault(name, [])
            many.append(at.get("value", "on"))
            form.values[name] = many if kind == "checkbox" else many[:1]


def paths(links: Iterable[str]) -> set[str]:
    """Where links lead, as far as a walk goes: not to files, and each page of a list once."""
    return {link.partition("#")[0] for link in links if not link.endswith((".xlsx", ".csv", ".json", ".ics", ".svg"))}
