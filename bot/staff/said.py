"""What the staff bot says, free of Telegram: texts with buttons. Kept as JSON until it is sent."""

from typing import Annotated

from pydantic import Field

from content.programme import Frozen


class Button(Frozen):
    """Something to tap: its words, and the action that comes back, at most 64 bytes."""

    label: Annotated[str, Field(max_length=40)]
    action: Annotated[str, Field(max_length=64, pattern=r"^[a-z][a-z-]*(:[a-z0-9.,-]*)?$")]


class Said(Frozen):
    """One message. With `ticket` it shows that question, whose words are put in only when it is sent."""

    text: str = ""
    buttons: tuple[Button, ...] = ()
    ticket: int | None = None


class Answer(Frozen):
    """What goes back to one address, in order."""

    address: str
    said: tuple[Said, ...]


def buttons(*pairs: tuple[str, str]) -> tuple[Button, ...]:
    """Make buttons from (label, action) pairs."""
    return tuple(Button(label=label, action=action) for label, action in pairs)
