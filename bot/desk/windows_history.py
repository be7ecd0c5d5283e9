"""Who changed an entry, when and why, and what then stood there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.desk.at import At
from content.render import say
from storage import staff
from storage.entries import Revision

FIELDS = ("opens_on", "closes_on", "about", "where_to_go", "what_to_bring", "says", "lapses_on", "source", "source_on")
"""What of an entry is told of a change, in this order; its state is told by the reason."""

MOST = 50
"""Changes that a page tells, the newest."""


@dataclass(frozen=True)
class Line:
    """One change: `what` are the fields that differ from the change before, with what then stood in them."""

    at: datetime
    author: str
    reason: str
    what: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class History:
    """The changes of one entry."""

    at: At
    revisions: Sequence[Revision]

    async def lines(self) -> list[Line]:
        """The changes, the newest first."""
        names = {f"staff:{one.id}": one.name for one in await staff.everyone(self.at.conn)}
        before: list[Mapping[str, Any]] = [{}, *(one.held for one in self.revisions)]
        told = [
            Line(one.at, names.get(one.author) or one.author, one.reason, _differing(one.held, held))
            for one, held in zip(self.revisions, before, strict=False)
        ]
        return told[::-1][:MOST]


def _differing(held: Mapping[str, Any], before: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    changed = (name for name in FIELDS if (held.get(name) or "") != (before.get(name) or ""))
    return tuple(
        (say("desk_work", f"field_{name}"), str(held.get(name) or say("desk_work", "field_empty"))) for name in changed
    )
