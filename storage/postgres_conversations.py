"""Conversations in the database, within the transaction of the message that they answer."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.conversations import FORGOTTEN_AFTER, State
from storage.moments import utc
from storage.tables import conversation, resident

_LOAD = select(conversation.c.state, conversation.c.touched_at).where(conversation.c.resident_id == bindparam("key"))
# From the resident's row, not from values: who was erased in this very message has none, and nothing is kept.
_columns = (bindparam(name, type_=conversation.c[name].type) for name in ("state", "touched_at"))
_save = insert(conversation).from_select(
    ["resident_id", "state", "touched_at"], select(resident.c.id, *_columns).where(resident.c.id == bindparam("key"))
)
_SAVE = _save.on_conflict_do_update(
    index_elements=["resident_id"], set_={"state": _save.excluded.state, "touched_at": _save.excluded.touched_at}
)


class PostgresConversations:
    """States in the table `conversation`. A key is a resident's id, whose row the transaction should have locked."""

    def __init__(self, conn: AsyncConnection) -> None:
        self._conn = conn

    async def load(self, key: int, now: datetime) -> State | None:
        """See `Conversations`."""
        moment = utc(now)
        row = (await self._conn.execute(_LOAD, {"key": key})).one_or_none()
        if row is None:
            return None
        if moment - row.touched_at < FORGOTTEN_AFTER:
            state: State = row.state
            return state
        await self.forget(key)
        return None

    async def save(self, key: int, state: State, now: datetime) -> None:
        """See `Conversations`."""
        await self._conn.execute(_SAVE, {"key": key, "state": state, "touched_at": utc(now)})

    async def forget(self, key: int) -> None:
        """See `Conversations`."""
        await self._conn.execute(delete(conversation).where(conversation.c.resident_id == key))
