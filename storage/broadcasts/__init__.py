"""Broadcasts: notices on their way. Submitted and frozen, approved by a hash, spread to the ledger, seen to their end.

Who may do what is decided in `bot/staff/may.py`, when to look in `scheduler/broadcast/plan.py`.
"""

from storage.broadcasts.approving import approve, lapses_at, left_stopped, resume, review, stop, withdraw
from storage.broadcasts.freezing import Audience
from storage.broadcasts.progress import Progress, by_place, progress
from storage.broadcasts.reach import Reach, reach
from storage.broadcasts.records import (
    MOVES,
    PUBLIC,
    Broadcast,
    BroadcastState,
    NotPossible,
    Published,
    by_number,
    find,
    get,
    listed,
)
from storage.broadcasts.submitting import LASTS, Words, submit

__all__ = [
    "LASTS",
    "MOVES",
    "PUBLIC",
    "Audience",
    "Broadcast",
    "BroadcastState",
    "NotPossible",
    "Progress",
    "Published",
    "Reach",
    "Words",
    "approve",
    "by_number",
    "by_place",
    "find",
    "get",
    "lapses_at",
    "left_stopped",
    "listed",
    "progress",
    "reach",
    "resume",
    "review",
    "stop",
    "submit",
    "withdraw",
]
