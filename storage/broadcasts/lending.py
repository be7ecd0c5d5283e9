"""Held copies lent to a monthly mass send of WeChat, which reaches who can't be written to one by one.

While it is under way they stay held and are let go by nobody else; then each shares its fate. So each resident's row
says what became of their copy, whichever way it went, and nobody gets it twice.
"""

from datetime import datetime

from sqlalchemy import bindparam, exists, select, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.deliveries import LENT
from storage.moments import utc
from storage.states import State
from storage.tables.wechat import wechat_mass

_LEND = text(f"""
WITH parent AS MATERIALIZED (SELECT id FROM broadcast WHERE id = :id AND state = 'approved' FOR SHARE)
UPDATE delivery d SET reason = '{LENT}', moved_at = :now FROM resident r, account a
WHERE d.source_kind = 'broadcast' AND d.source_id = (SELECT id FROM parent) AND d.state = 'held'
  AND d.reason IS DISTINCT FROM '{LENT}' AND d.expires_at > :now AND a.id = d.account_id
  AND a.channel = 'wechat' AND a.name = :account AND r.id = d.resident_id
  AND r.stopped_at IS NULL AND r.gone_at IS NULL AND starts_with(coalesce(r.places[1], ''), :banner)
  AND (r.trial_guest OR NOT :guests_only)
RETURNING r.id
""")  # noqa: S608 - put together from our own words

_OF_MASS = """
source_kind = 'broadcast' AND source_id = :id AND resident_id IN (
  SELECT resident_id FROM wechat_mass_row WHERE mass_id = :mass)"""

_FREE = text(f"UPDATE delivery SET reason = NULL WHERE state = 'held' AND reason = '{LENT}' AND {_OF_MASS}")  # noqa: S608

# The moves that every copy makes, in one transaction: no drain can see the steps between.
_STEPS = (
    f"UPDATE delivery SET state = 'queued' WHERE state = 'held' AND reason = '{LENT}' AND {_OF_MASS} RETURNING id",  # noqa: S608
    "UPDATE delivery SET state = 'sending', drain = :mass WHERE state = 'queued' AND id = ANY(:ids)",
    """UPDATE delivery SET state = :to, drain = NULL, reason = :reason, ref = :ref, tries = tries + 1, moved_at = :now
       WHERE state = 'sending' AND drain = :mass AND id = ANY(:ids)""",
)


async def lend(
    conn: AsyncConnection, broadcast_id: int, *, account: str, banner: str, guests_only: bool, now: datetime
) -> list[int]:
    """Lend the held copies of those whose home is in a banner; returns whose. None of a broadcast that was stopped."""
    which = {"id": broadcast_id, "account": account, "banner": banner, "guests_only": guests_only, "now": utc(now)}
    return list((await conn.execute(_LEND, which)).scalars())


async def give_back(conn: AsyncConnection, broadcast_id: int, mass_id: int) -> int:
    """Hold them as before: the mass send did not go. Returns how many."""
    return (await conn.execute(_FREE, {"id": broadcast_id, "mass": mass_id})).rowcount


async def shared_fate(conn: AsyncConnection, broadcast_id: int, mass_id: int, *, to: State, now: datetime) -> int:
    """Say of each lent copy what became of the mass send (sent or unknown); returns how many."""
    first, second, last = (text(step) for step in _STEPS)
    ids = list((await conn.execute(first, {"id": broadcast_id, "mass": mass_id})).scalars())
    many = bindparam("ids", type_=ARRAY(BIGINT))
    await conn.execute(second.bindparams(many), {"ids": ids, "mass": mass_id})
    said = {"to": to.value, "reason": None if to is State.SENT else "mass_unknown", "ref": f"mass {mass_id}"}
    await conn.execute(last.bindparams(many), said | {"ids": ids, "mass": mass_id, "now": utc(now)})
    return len(ids)


async def under_way(conn: AsyncConnection, broadcast_id: int) -> bool:
    """Whether a mass send has copies of it in hand."""
    return bool(
        await conn.scalar(
            select(exists().where(wechat_mass.c.broadcast_id == broadcast_id, wechat_mass.c.state == "sending"))
        )
    )
