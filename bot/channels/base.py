"""What every channel answers about itself, so that the conversation need not know it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Capabilities:
    """What a channel can do with a message.

    `buttons`: options can be tapped; else they are numbered and a bare number chooses. `text_limit`: longest text of
    one message in the platform's own units, None where there is none. `may_speak_first`: something may be sent that
    no message of the resident asked for. `own_foot`: who runs the service stands on every page, so no welcome message.
    """

    name: str
    buttons: bool
    text_limit: int | None
    may_speak_first: bool
    own_foot: bool
