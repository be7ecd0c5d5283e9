"""From what a platform said to what becomes of the delivery: the one place that decides it."""

from datetime import datetime, timedelta

from scheduler.sending import Gone, NotNow, Outcome, Refused, Sent, TryLater, Unsure
from storage.deliveries import Claimed, Move
from storage.states import Kind, State

AGAIN = timedelta(seconds=30)
"""When an urgent message is sent again of which nobody knows whether it was taken."""


def move(row: Claimed, outcome: Outcome, now: datetime) -> Move:
    """Return the move of a claimed row. Only an urgent one that may have been taken is sent again, and it says so."""
    match outcome:
        case Sent(ref=ref):
            return Move(row.id, State.SENT, ref=ref or None)
        case TryLater(after=after):
            return Move(row.id, State.QUEUED, "try_later", not_before=now + after)
        case Refused(reason=reason):
            return Move(row.id, State.REFUSED, reason)
        case Gone():
            return Move(row.id, State.GONE)
        case NotNow():
            return Move(row.id, State.HELD)
        case Unsure(reason=reason):
            if row.kind is Kind.URGENT:
                return Move(row.id, State.QUEUED, reason, not_before=now + AGAIN)
            return Move(row.id, State.UNKNOWN, reason)


def unsent(row: Claimed) -> Move:
    """Return the move of a claimed row that was not handed to the platform at all: back to the queue, as it was."""
    return Move(row.id, State.QUEUED, tried=False)


def not_composed(row: Claimed, now: datetime) -> Move:
    """Return the move of a claimed row whose words could not be made, a fault of ours: tried again until it expires."""
    return Move(row.id, State.QUEUED, "not_composed", not_before=now + timedelta(minutes=10))


def nothing_to_say(row: Claimed) -> Move:
    """Return the move of a claimed row whose message no longer has anything in it."""
    return Move(row.id, State.CANCELLED, "nothing_to_say", tried=False)
