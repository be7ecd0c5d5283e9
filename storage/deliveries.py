"""Deliveries: one resident's copy of a message each. The guarded UPDATEs here are the only writes of their state.

A drain claims rows, hands them to the platform and records what became of them, in the words of `storage/states.py`.
Every statement names the state that it comes from, and the drain's outcomes its id: who comes late changes nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Row, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT, TEXT, TIMESTAMP, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import utc
from storage.states import Kind, State, allowed
from storage.tables import delivery, lane

BITE = 5000  # rows moved in one transaction by a sweep

LENT = "mass"
"""The reason of a held row that a mass send of WeChat has in hand: see `storage/broadcasts/lending.py`."""


@dataclass(frozen=True)
class Claimed:
    """A delivery that its drain may send now, and nobody else."""

    id: int
    source_kind: str
    source_id: int
    kind: Kind
    resident_id: int
    address: str
    tries: int


@dataclass(frozen=True)
class Move:
    """What became of a claimed delivery. `not_before` is when a queued one is tried again; `reason` never a text."""

    id: int
    to: State
    reason: str | None = None
    ref: str | None = None
    not_before: datetime | None = None
    tried: bool = True


# Which of the sources with something due was served longest ago. The sources are found by leaping through the index, so
# a million rows of one broadcast cost no more than one. Of a broadcast that was stopped nothing is due.
_LANE = text("""
WITH RECURSIVE source AS (
  (SELECT source_kind, source_id FROM delivery
   WHERE account_id = :account AND kind = :kind AND state = 'queued' ORDER BY 1, 2 LIMIT 1)
  UNION ALL
  SELECT next.* FROM source, LATERAL (
    SELECT d.source_kind, d.source_id FROM delivery d
    WHERE d.account_id = :account AND d.kind = :kind AND d.state = 'queued'
      AND (d.source_kind, d.source_id) > (source.source_kind, source.source_id) ORDER BY 1, 2 LIMIT 1) next)
SELECT source_kind, source_id FROM source
LEFT JOIN (SELECT * FROM lane WHERE account_id = :account AND kind = :kind) lane USING (source_kind, source_id)
WHERE NOT EXISTS (
  SELECT FROM broadcast b WHERE source_kind = 'broadcast' AND b.id = source_id AND b.state <> 'approved') AND EXISTS (
  SELECT FROM delivery d WHERE d.account_id = :account AND d.kind = :kind AND d.state = 'queued'
    AND d.source_kind = source.source_kind AND d.source_id = source.source_id AND d.not_before <= :now)
ORDER BY lane.served_at NULLS FIRST, source_kind, source_id LIMIT 1
""")

# The lock makes a stop wait until this claim is committed, and this claim see a stop that came first.
_CLAIM = text("""
WITH parent AS MATERIALIZED (
  SELECT state FROM broadcast WHERE :source_kind = 'broadcast' AND id = :source_id FOR SHARE),
due AS (
  SELECT id FROM delivery
  WHERE account_id = :account AND kind = :kind AND source_kind = :source_kind AND source_id = :source_id
    AND state = 'queued' AND not_before <= :now AND NOT EXISTS (SELECT FROM parent WHERE state <> 'approved')
  ORDER BY not_before, id LIMIT :most FOR UPDATE SKIP LOCKED)
UPDATE delivery d SET moved_at = :now, drain = CASE WHEN fit.to = 'sending' THEN :drain END, state = fit.to,
  reason = CASE WHEN fit.to = 'cancelled' THEN 'unwanted' END
FROM (
  SELECT due.id, r.id AS resident_id, r.address, CASE
    WHEN r.id IS NULL OR r.stopped_at IS NOT NULL OR r.gone_at IS NOT NULL THEN 'cancelled'
    WHEN own.expires_at <= :now THEN 'expired' ELSE 'sending' END AS to
  FROM due JOIN delivery own USING (id) LEFT JOIN resident r ON r.id = own.resident_id) fit
WHERE d.id = fit.id AND d.state = 'queued'
RETURNING d.id, d.source_kind, d.source_id, d.kind, fit.resident_id, fit.address, d.tries, d.state
""")

# Outcomes of many rows in one statement. A resident who blocked the account is marked in the same breath.
_RECORD = text("""
WITH said AS (SELECT * FROM unnest(:ids, :states, :reasons, :refs, :times, :tried)
  AS said(id, state, reason, ref, not_before, tried)),
moved AS (
  UPDATE delivery d SET state = said.state, reason = said.reason, ref = coalesce(said.ref, d.ref), drain = NULL,
    not_before = coalesce(said.not_before, d.not_before), tries = d.tries + said.tried::int, moved_at = :now
  FROM said WHERE d.id = said.id AND d.state = 'sending' AND d.drain = :drain
  RETURNING d.id, d.resident_id, d.state),
left_us AS (
  UPDATE resident r SET gone_at = :now FROM moved
  WHERE moved.state = 'gone' AND r.id = moved.resident_id AND r.gone_at IS NULL)
SELECT count(*) FROM moved
""").bindparams(
    bindparam("ids", type_=ARRAY(BIGINT)),
    bindparam("states", type_=ARRAY(TEXT)),
    bindparam("reasons", type_=ARRAY(TEXT)),
    bindparam("refs", type_=ARRAY(TEXT)),
    bindparam("times", type_=ARRAY(TIMESTAMP(timezone=True))),
    bindparam("tried", type_=ARRAY(BIGINT)),
)

# What was planned for a reminder that will never be sent is unplanned, so that the next look plans it anew.
_UNPLAN = text("DELETE FROM reminder WHERE delivery_id = ANY(:ids)").bindparams(bindparam("ids", type_=ARRAY(BIGINT)))

_EXPIRE = text("""
WITH late AS (
  SELECT id FROM delivery WHERE state IN ('queued', 'held') AND expires_at <= :now
    AND (reason IS DISTINCT FROM :lent OR resident_id IS NULL)  -- of who was erased nobody says anything any more
  ORDER BY expires_at LIMIT :bite FOR UPDATE SKIP LOCKED)
UPDATE delivery d SET state = 'expired', moved_at = :now FROM late
WHERE d.id = late.id AND d.state IN ('queued', 'held') RETURNING d.id
""").bindparams(lent=LENT)


async def claim(
    conn: AsyncConnection, account_id: int, most: Mapping[Kind, int], *, drain: int, now: datetime
) -> list[Claimed]:
    """Claim a chunk of one source: the first kind of `most` that has anything due, and at most that many of it.

    Rows whose resident stopped, left or was erased become cancelled on the way, late ones expired; if only such were
    found, the next ones are claimed.
    """
    for kind, number in most.items():
        while (source := await _next_source(conn, account_id, kind, now)) is not None:
            where = {"account": account_id, "kind": kind.value, **source}
            rows = (await conn.execute(_CLAIM, where | {"most": number, "drain": drain, "now": utc(now)})).all()
            await _served(conn, where, now)
            await unplan(conn, [row.id for row in rows if row.state != State.SENDING])
            found = [_as_claimed(row) for row in rows if row.state == State.SENDING]
            if found or not rows:  # no rows: all that is due there is locked by someone else
                return found
    return []


def _as_claimed(row: Row[Any]) -> Claimed:
    kept = {key: value for key, value in row._mapping.items() if key != "state"}
    return Claimed(**kept | {"kind": Kind(row.kind)})


async def _next_source(conn: AsyncConnection, account_id: int, kind: Kind, now: datetime) -> dict[str, Any] | None:
    asked = {"account": account_id, "kind": kind.value, "now": utc(now)}
    row = (await conn.execute(_LANE, asked)).one_or_none()
    return None if row is None else {"source_kind": row.source_kind, "source_id": row.source_id}


async def _served(conn: AsyncConnection, where: Mapping[str, Any], now: datetime) -> None:
    which = {"account_id": where["account"], **{key: where[key] for key in ("kind", "source_kind", "source_id")}}
    made = insert(lane).values(which | {"served_at": utc(now)})
    again = made.on_conflict_do_update(index_elements=list(which), set_={"served_at": utc(now)})
    await conn.execute(again)


async def record(conn: AsyncConnection, moves: Sequence[Move], *, drain: int, now: datetime) -> int:
    """Write what became of claimed rows; returns how many were still this drain's to write. NoSuchMove."""
    for move in moves:
        allowed(State.SENDING, move.to)
    columns = {
        "ids": [move.id for move in moves],
        "states": [move.to.value for move in moves],
        "reasons": [move.reason for move in moves],
        "refs": [move.ref for move in moves],
        "times": [move.not_before and utc(move.not_before) for move in moves],
        "tried": [int(move.tried) for move in moves],
    }
    written: int = (await conn.execute(_RECORD, columns | {"drain": drain, "now": utc(now)})).scalar_one()
    await unplan(conn, [move.id for move in moves if move.to in (State.CANCELLED, State.GONE)])
    return written


async def settle(conn: AsyncConnection, account_id: int, now: datetime) -> int:
    """Close the claims of dead drains; returns how many. Call it under the account's lock, before the first claim.

    Nobody knows whether these were taken: urgent ones go back to be sent again, the others are unknown.
    """
    open_claims = (delivery.c.account_id == account_id, delivery.c.state == State.SENDING.value)
    urgent = delivery.c.kind == Kind.URGENT.value
    closed = {"drain": None, "moved_at": utc(now), "reason": "drain_died"}
    again = update(delivery).where(*open_claims, urgent).values(closed | {"state": State.QUEUED.value})
    unknown = update(delivery).where(*open_claims, ~urgent).values(closed | {"state": State.UNKNOWN.value})
    return _count(await conn.execute(again)) + _count(await conn.execute(unknown))


async def doubt(conn: AsyncConnection, now: datetime) -> int:
    """After a restore: call unknown what waits, for it may have been sent since the backup; returns how many.

    As after a crash, what is urgent stays, to be sent again perhaps. The moves are those of any delivery.
    """
    moved = {"moved_at": utc(now), "reason": "restored"}
    steps: tuple[tuple[State, dict[str, Any]], ...] = (
        (State.HELD, moved | {"state": State.QUEUED.value}),
        (State.QUEUED, moved | {"state": State.SENDING.value, "drain": 0}),
        (State.SENDING, moved | {"state": State.UNKNOWN.value, "drain": None}),
    )
    for come_from, values in steps:
        waiting = (delivery.c.state == come_from.value, delivery.c.kind != Kind.URGENT.value)
        done = await conn.execute(update(delivery).where(*waiting).values(values))
    return _count(done)


async def release(conn: AsyncConnection, resident_id: int, now: datetime, *, most: int | None = None) -> int:
    """Queue what was held until this resident's next contact; returns how many. `most`: so many, the newest ones."""
    free = delivery.c.reason.is_distinct_from(LENT)
    held = (delivery.c.resident_id == resident_id, delivery.c.state == State.HELD.value, free)
    kept = select(delivery.c.id).where(*held, delivery.c.expires_at > utc(now))
    first = delivery.c.kind != Kind.URGENT.value, delivery.c.id.desc()
    chosen = delivery.c.id.in_(kept.order_by(*first).limit(most))
    back = update(delivery).where(*held, chosen)
    return _count(await conn.execute(back.values(state=State.QUEUED.value, not_before=utc(now), moved_at=utc(now))))


async def cancel(conn: AsyncConnection, source_kind: str, source_id: int, *, reason: str, now: datetime) -> int:
    """Take back what of a source is not on its way yet (a correction, a stop); returns how many."""
    of = (delivery.c.source_kind == source_kind, delivery.c.source_id == source_id)
    waiting = delivery.c.state.in_([State.QUEUED.value, State.HELD.value])
    ended = update(delivery).where(*of, waiting).values(state=State.CANCELLED.value, moved_at=utc(now), reason=reason)
    ids = (await conn.execute(ended.returning(delivery.c.id))).scalars().all()
    await unplan(conn, ids)
    return len(ids)


async def expire(conn: AsyncConnection, now: datetime) -> int:
    """End what would no longer help, at most BITE rows; returns how many."""
    ids = (await conn.execute(_EXPIRE, {"now": utc(now), "bite": BITE})).scalars().all()
    await unplan(conn, ids)
    return len(ids)


async def unplan(conn: AsyncConnection, ids: Collection[int]) -> None:
    """Forget what reminders that will never be sent were to tell."""
    if ids:
        await conn.execute(_UNPLAN, {"ids": list(ids)})


async def counts(conn: AsyncConnection, source_kind: str, source_id: int) -> dict[State, int]:
    """Return how many rows of a source are in each state; states without rows are left out."""
    of = (delivery.c.source_kind == source_kind, delivery.c.source_id == source_id)
    asked = select(delivery.c.state, func.count()).where(*of).group_by(delivery.c.state)
    return {State(state): number for state, number in await conn.execute(asked)}


def _count(result: CursorResult[Any]) -> int:
    return result.rowcount
