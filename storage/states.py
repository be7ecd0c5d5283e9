"""How a delivery moves. Written once: storage's guarded UPDATEs are the only writes, the scheduler chooses the move."""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What sort of message it is: decides who goes first, about quiet hours, and what an unsure outcome means."""

    URGENT = "urgent"  # ignores quiet hours; sent again when nobody knows whether it was taken
    REMINDER = "reminder"  # one message a day for each resident; never sent again
    NOTICE = "notice"  # never sent again


PRIORITY = (Kind.URGENT, Kind.REMINDER, Kind.NOTICE)
"""Who goes first on an account."""


class State(StrEnum):
    """How far one resident's copy has got."""

    QUEUED = "queued"  # to be sent from `not_before` on
    SENDING = "sending"  # claimed by a drain, which alone may say what became of it
    HELD = "held"  # the channel may not speak to this resident now; their next contact releases it
    SENT = "sent"  # the platform took it
    REFUSED = "refused"  # surely not taken, and never will be
    GONE = "gone"  # the resident blocked or left the account
    UNKNOWN = "unknown"  # nobody knows whether it was taken, and sending again might send twice
    EXPIRED = "expired"  # it would no longer help
    CANCELLED = "cancelled"  # taken back, or the resident no longer wants it


MOVES: Mapping[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.SENDING, State.EXPIRED, State.CANCELLED}),
    State.SENDING: frozenset(
        {State.SENT, State.REFUSED, State.GONE, State.UNKNOWN, State.QUEUED, State.HELD, State.CANCELLED}
    ),
    State.HELD: frozenset({State.QUEUED, State.EXPIRED, State.CANCELLED}),
}
"""Where each state may go; one that does not stand here is an end.

`sending` goes to `cancelled` only before anything was handed to a platform: there was nothing left to say.
"""

ENDS = frozenset(State) - MOVES.keys()


class NoSuchMove(ValueError):
    """A delivery can't go from there to here: a mistake in our code."""


def allowed(come_from: State, to: State) -> None:
    """Raise NoSuchMove where the table has no such move."""
    if to not in MOVES.get(come_from, frozenset()):
        raise NoSuchMove(f"a delivery never goes from {come_from} to {to}")
