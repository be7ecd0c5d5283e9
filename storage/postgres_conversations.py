"""Conversations in the database, within the transaction of the message that they answer."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.conversations import FORGOTTEN_AFTER, State
from storage.moments import utc
from storage.tables import conversation, resident

# Built once; every message runs them beside what else it reads and writes (residents.has, inbox.keep_reply).
LATEST = select(conversation.c.state).where(
    conversation.c.resident_id == bindparam("key"), conversation.c.touched_at > bindparam("since")
)
# From the resident's row, not from values: who was erased in this very message has none, and nothing is kept.
_columns = (bindparam(name, type_=conversation.c[name].type) for name in ("state", "touched_at"))
_save = insert(conversation).from_select(
    ["resident_id", "state", "touched_at"], select(resident.c.id, *_columns).where(resident.c.id == bindparam("key"))
)
SAVE = _save.on_conflict_do_update(
    index_elements=["resident_id"], set_={"state": _save.excluded.state, "touched_at": _save.excluded.touched_at}
)


class PostgresConversations:
    """States in the table `conversation`. A key is a resident's id, whose row the transaction should have locked."""

    def __init__(self, conn: AsyncConnection) -> None:
        self._conn = conn

    async def load(self, key: int, now: datetime) -> State | None:
        """See `Conversations`."""
        asked = {"key": key, "since": utc(now) - FORGOTTEN_AFTER}
        state: State | None = (await self._conn.execute(LATEST, asked)).scalar_one_or_none()
        if state is None:
            await self.forget(key)
        return state

    async def save(self, key: int, state: State, now: datetime) -> None:
        """See `Conversations`."""
        await self._conn.execute(SAVE, saving(key, state, now))

    async def forget(self, key: int) -> None:
        """See `Conversations`."""
        await self._conn.execute(delete(conversation).where(conversation.c.resident_id == key))


def saving(key: int, state: State, now: datetime) -> dict[str, object]:
    """Return the parameters of SAVE."""
    return {"key": key, "state": state, "touched_at": utc(now)}
