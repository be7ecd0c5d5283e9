"""The talk with staff: where each stands, and which updates were taken, so that nothing lives in memory only.

The inbox is that of the residents' messages (storage/inbox.py), with no resident: an update's effects, its id and our
answer commit together, and an answer that was not sent goes out when the platform delivers the update again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.inbox import Done, MessageKey, Waiting
from storage.moments import utc
from storage.tables import inbox
from storage.tables.staff import staff_talk

State = Mapping[str, Any]


async def take(conn: AsyncConnection, message: MessageKey, *, now: datetime) -> Waiting | Done | None:
    """Take an update: None if it is new and to be acted on, else how far it got. Answers: `inbox.keep_reply`."""
    key = {"channel": message.channel, "account": message.account, "digest": message.digest}
    new = insert(inbox).values(key | {"received_at": utc(now)}).on_conflict_do_nothing()
    if await conn.scalar(new.returning(inbox.c.digest)) is not None:
        return None
    kept = select(inbox.c.reply).filter_by(**key)
    reply = await conn.scalar(kept)
    return Done() if reply is None else Waiting(reply)


async def load(conn: AsyncConnection, staff_id: int) -> State:
    """Return where somebody stands, {} if nowhere."""
    state = await conn.scalar(select(staff_talk.c.state).where(staff_talk.c.staff_id == staff_id))
    return state or {}


async def save(conn: AsyncConnection, staff_id: int, state: State, *, now: datetime) -> None:
    """Keep where somebody stands."""
    kept = insert(staff_talk).values(staff_id=staff_id, state=state, touched_at=utc(now))
    latest = {"state": kept.excluded.state, "touched_at": kept.excluded.touched_at}
    await conn.execute(kept.on_conflict_do_update(index_elements=["staff_id"], set_=latest))
