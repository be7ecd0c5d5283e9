"""What a talk remembers: the state of each conversation, for 24 hours after it was last touched.

The port and its twin in memory, which ships: `mingbai ask` and `mingbai chat` talk without a database, and so import
none. `storage/postgres_conversations.py` is the other one; one suite of tests holds for both.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from storage.json_text import as_json, from_json
from storage.moments import utc

FORGOTTEN_AFTER = timedelta(hours=24)

State = Mapping[str, Any]  # what JSON can carry, with text keys; never the words of a resident


class Conversations(Protocol):
    """Where the states of conversations are kept. A key is a resident's id; times are aware (NaiveTime otherwise)."""

    async def load(self, key: int, now: datetime) -> State | None:
        """Return the state, None if there is none or it was untouched for 24 hours; that one is then forgotten."""

    async def save(self, key: int, state: State, now: datetime) -> None:
        """Keep this state instead of any other. For a resident who was erased nothing is kept."""

    async def forget(self, key: int) -> None:
        """Keep no state. Forgetting nothing is no error."""


class MemoryConversations:
    """States in this process, lost with it. Kept as JSON, so that what comes back is what a database gives back."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[datetime, str]] = {}

    async def load(self, key: int, now: datetime) -> State | None:
        """See `Conversations`."""
        moment = utc(now)
        if key not in self._kept:
            return None
        touched_at, state = self._kept[key]
        if moment - touched_at < FORGOTTEN_AFTER:
            return from_json(state)
        await self.forget(key)
        return None

    async def save(self, key: int, state: State, now: datetime) -> None:
        """See `Conversations`."""
        self._kept[key] = (utc(now), as_json(state))

    async def forget(self, key: int) -> None:
        """See `Conversations`."""
        self._kept.pop(key, None)
