"""A window or a local detail as staff write it: what is missing is asked for next, so one may leave and come back."""

from datetime import date
from typing import Literal

from bot.windows.times import Times
from content.programme import Frozen
from storage.details import Detail
from storage.entries import State
from storage.windows import Window

What = Literal["window", "detail", "standard", "where", "phone", "papers", "quota"]
"""What is written: a window, a detail of a kind, or a detail whose kind is not chosen yet."""

Part = Literal["kind", "subject", "place", "batch", "days", "where", "bring", "says", "source", "until"]
Doing = Literal["", "keep", "cancel"]


class Entry(Frozen):
    """What was said so far. None: not asked for yet. Empty words: it was asked for, and there is nothing to say.

    `id` and `revision` are those of the entry that is changed, None of a new one. `meant` is the thing's name as typed,
    until a card or the name itself is chosen. `asks`: what the next plain text is taken for. `doing`: what waits for a
    reason.
    """

    what: What = "window"
    id: int | None = None
    revision: int = 0
    state: State | None = None  # None of a new one
    programme: str = ""
    matter: str = ""
    meant: str = ""
    place: str = ""
    batch: str = ""
    times: Times | None = None
    where: str | None = None
    bring: str | None = None
    says: str = ""
    source: str | None = None
    source_on: date | None = None
    until: date | None = None
    entered_by: str = ""
    confirmed_by: str = ""
    asks: Literal["", "subject", "place", "batch", "days", "where", "bring", "says", "source", "until", "reason"] = ""
    doing: Doing = ""

    @property
    def is_window(self) -> bool:
        """Whether it is a window, not a detail."""
        return self.what == "window"

    @property
    def key(self) -> str:
        """How a button names it, empty for a new one: w12, d5."""
        return "" if self.id is None else f"{'w' if self.is_window else 'd'}{self.id}"

    def missing(self) -> Part | None:
        """Return the first part that is not there yet."""
        if self.what == "detail":
            return "kind"
        if not (self.programme or self.matter):
            return "subject"
        if not self.place:
            return "place"
        return self._missing_of_window() if self.is_window else self._missing_of_detail()

    def _missing_of_window(self) -> Part | None:
        there: dict[Part, object] = {
            "days": self.times, "where": self.where, "bring": self.bring, "source": self.source,
        }  # fmt: skip
        return next((part for part, value in there.items() if value is None), None)

    def _missing_of_detail(self) -> Part | None:
        there: dict[Part, object] = {"says": self.says or None, "source": self.source, "until": self.until}
        return next((part for part, value in there.items() if value is None), None)


def of_window(kept: Window) -> Entry:
    """A window as it stands, to be changed."""
    return Entry(
        id=kept.id,
        revision=kept.revision,
        state=kept.state,
        programme=kept.programme or "",
        matter=kept.matter or "",
        place=kept.place,
        batch=kept.batch,
        times=Times(kept.timing, kept.opens_on, kept.closes_on, kept.about),
        where=kept.where_to_go or "",
        bring=kept.what_to_bring or "",
        source=kept.source,
        source_on=kept.source_on,
        entered_by=kept.entered_by,
        confirmed_by=kept.confirmed_by or "",
    )


def of_detail(kept: Detail) -> Entry:
    """A detail as it stands, to be changed."""
    return Entry(
        what=kept.kind.value,
        id=kept.id,
        revision=kept.revision,
        state=kept.state,
        programme=kept.programme or "",
        matter=kept.matter or "",
        place=kept.place,
        says=kept.says,
        source=kept.source,
        source_on=kept.source_on,
        entered_by=kept.entered_by,
        confirmed_by=kept.confirmed_by or "",
        until=kept.lapses_on,
    )
