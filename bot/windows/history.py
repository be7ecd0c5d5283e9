"""The revisions of a window or local detail in words: who changed what, when, and why."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.windows.times import Times
from content.render import say
from scheduler.calendar import LOCAL
from storage.entries import Revision
from storage.windows import Timing

_PARTS = {
    "where_to_go": "where", "what_to_bring": "bring", "says": "says", "source": "source", "source_on": "source_on",
    "lapses_on": "until", "state": "state",
}  # fmt: skip
_DAYS = ("timing", "opens_on", "closes_on", "about")


def told(found: Sequence[Revision], names: Mapping[str, str]) -> list[str]:
    """A line for each revision, the first one first. `names`: those of staff by their ids, such as staff:3."""
    before: Mapping[str, Any] = {}
    lines = []
    for one in found:
        said = "；".join([one.reason, *_became(one.held, before)])
        at, author = one.at.astimezone(LOCAL), named(one.author, names)
        lines.append(say("entry", "revision", number=one.number, at=at, author=author, said=said))
        before = one.held
    return lines


def field(part: str, said: str | None) -> str:
    """One part of an entry, named as staff know it."""
    return say("entry", "field", part=part, said=said or say("entry", "nothing"))


def days(times: Times) -> str:
    """The days in words, with their year: what is kept is what they see."""
    return say("entry", "days", timing=times)


def named(author: str, names: Mapping[str, str]) -> str:
    """Who did something, as colleagues know them; of who was let go only the number is left."""
    kind, _, id_ = author.partition(":")
    if kind == "staff":
        return say("entry", "colleague", name=names.get(author, ""), id=id_)
    return say("entry", "who_did", author=author)


def _became(held: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[str]:
    """What a revision changed, as it stood after it."""
    if "timing" in held and any(held[name] != before.get(name) for name in _DAYS):
        opens, closes = (date.fromisoformat(held[name]) if held[name] else None for name in ("opens_on", "closes_on"))
        yield field("days", days(Times(Timing(held["timing"]), opens, closes, held["about"])))
    for column, part in _PARTS.items():
        value = held.get(column)
        if value != before.get(column) and (before or value):
            yield field(part, _said(part, value))


def _said(part: str, value: str | None) -> str | None:
    if part == "state":
        return say("entry", "state", state=value)
    if part in ("source_on", "until") and value:
        return say("entry", "date", on=date.fromisoformat(value))
    return value
