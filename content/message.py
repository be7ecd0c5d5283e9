"""What the dialogue returns and a channel sends: blocks to read, options to choose, attachments.

Frozen and JSON-able, because an answer is kept until it is sent. No channel's form is in it.
"""

from typing import Annotated, Literal

from pydantic import Field

from content.programme import Frozen


class Heading(Frozen):
    """What the message is about."""

    kind: Literal["heading"] = "heading"
    text: str


class Text(Frozen):
    """A paragraph. `strong` is the thing that must be seen first."""

    kind: Literal["text"] = "text"
    text: str
    strong: bool = False


class Quoted(Frozen):
    """A sentence of ours with the verbatim quote under it and where that stands. `mark` is ①, ②, …"""

    kind: Literal["quoted"] = "quoted"
    mark: str
    says: str
    quote: str
    where: str


class Basis(Frozen):
    """The line 依据：…, last in an answer."""

    kind: Literal["basis"] = "basis"
    text: str


class Call(Frozen):
    """Who to ask: an office (no number) or a line to call. Channels that can make it tappable do."""

    kind: Literal["call"] = "call"
    name: str
    number: str | None
    about: str


Block = Annotated[Heading | Text | Quoted | Basis | Call, Field(discriminator="kind")]


class Option(Frozen):
    """Something to choose: what it is called, and the action that comes back, at most 64 bytes."""

    label: Annotated[str, Field(max_length=24)]
    action: Annotated[str, Field(max_length=64, pattern=r"^[a-z][a-z-]*(:[a-z0-9.,-]*)?$")]


class Attachment(Frozen):
    """The address of a card's own page, for channels that can link."""

    kind: Literal["card"] = "card"
    programme: str


class Calendar(Frozen):
    """Days to be put into a phone's calendar: of one programme in a place (a stem), or of all things there."""

    programme: str | None
    place: str


class Message(Frozen):
    """One thing said to a resident. `options` are numbered where a channel has no buttons.

    `by_words`: there they are named instead. A number would mean the latest list of the talk, and this is not of it.
    """

    blocks: tuple[Block, ...]
    options: tuple[Option, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    calendar: Calendar | None = None  # for channels that can link to a file
    by_words: bool = False
