"""The words of a notice as a resident is sent them: what staff wrote, who truly sends it, and its number."""

from collections.abc import Mapping
from typing import Protocol

from bot.dialogue.readers import called
from bot.dialogue.turn import Knowledge
from content.message import Block, Heading, Message, Option, Text
from content.places import PlaceError, Places
from content.render import numbered_options, say


class Words(Protocol):
    """What the words are made of: a broadcast, or what is published of one. `link`: card:… or window:…"""

    @property
    def number(self) -> str:
        """A letter and five digits."""

    @property
    def kind(self) -> str:
        """Urgent or notice."""

    @property
    def title(self) -> str:
        """The title, values put in."""

    @property
    def text(self) -> str:
        """The text, values put in."""

    @property
    def link(self) -> str | None:
        """A card or a window."""

    @property
    def office(self) -> str:
        """Who sends it."""

    @property
    def place(self) -> str:
        """Of which place (a stem)."""


def message(notice: Words, know: Knowledge, *, corrects: str = "") -> Message:
    """Make the message of a notice. `corrects`: the number of the one that it puts right."""
    blocks = (*body(notice, corrects=corrects), Text(text=signature(notice, know.places)))
    return Message(blocks=blocks, options=options(notice, know))


def body(notice: Words, *, corrects: str = "") -> tuple[Block, ...]:
    """The title and the text, a block for each line that staff wrote, so that a page keeps the lines apart."""
    head = say("notice", "urgent_mark") + notice.title if notice.kind == "urgent" else notice.title
    before = [Text(text=say("notice", "corrects", number=corrects), strong=True)] if corrects else []
    lines = [Text(text=line.strip()) for line in notice.text.splitlines() if line.strip()]
    return (Heading(text=head), *before, *lines)


def signature(notice: Words, places: Places) -> str:
    """Who sends it, and its number."""
    return say("notice", "signed", office=notice.office, path=path_of(notice.place, places), number=notice.number)


def path_of(stem: str, places: Places) -> str:
    """Where a place lies, so that two villages of one name are told apart: 达拉特旗中和西镇."""
    try:
        above = places.path(stem)[1:-1]
    except PlaceError:  # a place that is in the tables no more
        return ""
    return "".join(one.short for one in above)


def name_of(stem: str, places: Places) -> str:
    """What a place is called; its stem where it is in the tables no more."""
    try:
        return places.get(stem).short
    except PlaceError:
        return stem


def office_of(stem: str, places: Places) -> str:
    """What the office of a place is called: 翻身村委会."""
    return called(places.get(stem))


def programme_of(notice: Words, know: Knowledge) -> str | None:
    """The programme whose card a notice points at, itself or by a window; None where there is none."""
    kind, _, id_ = (notice.link or "").partition(":")
    if kind == "window":
        windows: Mapping[str, str | None] = {str(one.id): one.programme for one in know.local.windows}
        id_ = windows.get(id_) or ""
    return id_ if id_ in know.library.programmes else None


def options(notice: Words, know: Knowledge) -> tuple[Option, ...]:
    """What may be chosen under a notice: 收到, and its card."""
    received = (say("notice", "received_option"), f"received:{notice.number.lower()}")
    programme = programme_of(notice, know)
    if programme is None:
        return numbered_options(received)
    short = know.library.programmes[programme].short
    return numbered_options(received, (say("notice", "card_option", short=short), f"card:{programme}"))
