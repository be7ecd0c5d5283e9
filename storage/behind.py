"""How far everything is behind: the oldest of what waits to be sent, and the last backup."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import utc
from storage.states import Kind
from storage.tables import account, inbox
from storage.tables.operating import backup


@dataclass(frozen=True)
class Oldest:
    """The oldest delivery of a kind that is due on an account and not taken up yet."""

    account_id: int
    kind: str
    since: datetime


# One look into the index for each account and kind, however many rows wait.
_OLDEST = text("""
SELECT account.id, kind, oldest.not_before FROM account, unnest(:kinds) AS kind, LATERAL (
  SELECT not_before FROM delivery
  WHERE account_id = account.id AND delivery.kind = kind.kind AND state = 'queued' AND not_before <= :now
  ORDER BY not_before LIMIT 1) AS oldest
ORDER BY account.id, kind
""").bindparams(bindparam("kinds", type_=ARRAY(TEXT)))


async def oldest_due(conn: AsyncConnection, kinds: tuple[Kind, ...], now: datetime) -> list[Oldest]:
    """Return the oldest that is due of each account, of these kinds."""
    rows = await conn.execute(_OLDEST, {"kinds": [kind.value for kind in kinds], "now": utc(now)})
    return [Oldest(*row) for row in rows]


async def oldest_reply(conn: AsyncConnection) -> datetime | None:
    """When the message came whose answer waits longest to be sent. The page's come by asking again: left out."""
    asked = select(func.min(inbox.c.received_at)).where(inbox.c.reply.is_not(None), inbox.c.channel != "web")
    found: datetime | None = (await conn.execute(asked)).scalar_one()
    return found


async def last_backup(conn: AsyncConnection) -> datetime | None:
    """When the last backup was taken that was finished."""
    asked = select(func.max(backup.c.taken_at)).where(backup.c.finished_at.is_not(None))
    found: datetime | None = (await conn.execute(asked)).scalar_one()
    return found


async def holds(conn: AsyncConnection) -> list[tuple[int, str, float | None, datetime | None]]:
    """Return of each account its id, channel, limit in a second, and until when the platform said to wait."""
    columns = (account.c.id, account.c.channel, account.c.per_second, account.c.held_until)
    return [(row[0], row[1], row[2], row[3]) for row in await conn.execute(select(*columns).order_by(account.c.id))]
