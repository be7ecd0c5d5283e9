"""From an approved list to the ledger, and what becomes of broadcasts by themselves. The timetable looks here.

Everything is counted from the broadcast's side: one without any delivery is seen too. Each step may be done twice.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import TextClause, bindparam, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.broadcasts import freezing, lending
from storage.broadcasts.records import COLUMNS, Broadcast, BroadcastState, NotPossible, as_broadcast, move
from storage.deliveries import LENT
from storage.moments import utc
from storage.notices import NoticeKind
from storage.states import State
from storage.tables import account, broadcast, delivery, lane

BITE = 5000

# Who was erased since the list was frozen keeps a row without a name, so that the counts stay true. A correction is
# only for who turned out to have what was wrong, or may have it: what it is joined to is asked once and kept, for the
# planner takes a ledger that is filled at this moment for an empty one, and would read it anew for every recipient.
_SPREAD = """
{reached}
INSERT INTO delivery (source_kind, source_id, resident_id, account_id, kind, state, reason, not_before, expires_at,
  moved_at)
SELECT 'broadcast', b.id, r.id, l.account_id, b.kind, CASE WHEN {fit} THEN 'queued' ELSE 'cancelled' END,
  CASE WHEN {fit} THEN NULL ELSE 'unwanted' END, greatest(b.approved_at, b.send_at), b.expires_at, :now
FROM broadcast b JOIN broadcast_list l ON l.broadcast_id = b.id CROSS JOIN unnest(l.residents) AS who(id)
LEFT JOIN resident r ON r.id = who.id
WHERE b.id = :id
ON CONFLICT DO NOTHING
"""
_TO_ALL = text(_SPREAD.format(reached="", fit="r.id IS NOT NULL"))
_TO_REACHED = text(
    _SPREAD.format(
        reached=f"""
WITH reached AS MATERIALIZED (
  SELECT resident_id FROM delivery WHERE source_kind = 'broadcast' AND source_id = ANY(:wrong)
    AND {freezing.MAY_HAVE})""",  # noqa: S608 - put together from our own words
        fit="r.id IN (SELECT resident_id FROM reached)",
    )
).bindparams(bindparam("wrong", type_=ARRAY(BIGINT)))

# Found through the small indexes of what waits: a bite costs the same however many rows are cancelled already.
_WAITING = {
    State.QUEUED: """
  SELECT one.id FROM account a CROSS JOIN LATERAL (
    SELECT id FROM delivery WHERE account_id = a.id AND kind = :kind AND source_kind = 'broadcast' AND source_id = :id
      AND state = 'queued' LIMIT :bite) one LIMIT :bite""",
    State.HELD: """
  SELECT id FROM delivery WHERE state = 'held' AND expires_at = :expires_at AND source_kind = 'broadcast'
    AND source_id = :id AND reason IS DISTINCT FROM :lent LIMIT :bite""",
}
# Who may have an urgent one all the same is marked, for its correction must reach them.
_CANCEL = """
WITH waiting AS ({waiting})
UPDATE delivery d SET state = 'cancelled', moved_at = :now, reason = CASE WHEN {tried} THEN 'tried' ELSE 'corrected' END
FROM waiting
WHERE d.id = waiting.id AND d.state = '{state}'
"""


async def unfinished(conn: AsyncConnection, kind: NoticeKind) -> list[Broadcast]:
    """Return the broadcasts of a kind of which something is still to be done, oldest first."""
    asked = select(*COLUMNS).where(broadcast.c.out_at.is_(None), broadcast.c.kind == kind).order_by(broadcast.c.id)
    return [as_broadcast(row) for row in await conn.execute(asked)]


async def spread(conn: AsyncConnection, broadcast_id: int, *, now: datetime) -> int | None:
    """Make the deliveries of an approved broadcast, all in one statement; returns how many.

    None where there is nothing to make: another one does it at this moment, it was done, it is stopped or given up, or
    what it corrects is still on its way to somebody.
    """
    ready = await _ready(conn, broadcast_id) if await _alone(conn, broadcast_id) else None
    if ready is None:
        return None
    made = (await conn.execute(*await _statement(conn, ready, now))).rowcount
    await freezing.forget(conn, [broadcast_id])
    await conn.execute(update(broadcast).where(broadcast.c.id == broadcast_id).values(spread_at=utc(now)))
    return made


async def _alone(conn: AsyncConnection, broadcast_id: int) -> bool:
    """Whether nobody else makes its deliveries until this transaction ends."""
    lock = func.pg_try_advisory_xact_lock(func.hashtextextended(f"mingbai spread {broadcast_id}", 0))
    return bool(await conn.scalar(select(lock)))


async def _ready(conn: AsyncConnection, broadcast_id: int) -> Broadcast | None:
    this = (broadcast.c.id == broadcast_id, broadcast.c.spread_at.is_(None))
    asked = select(*COLUMNS).where(*this, broadcast.c.state == BroadcastState.APPROVED.value)
    row = (await conn.execute(asked)).one_or_none()
    if row is None:
        return None
    wrong = [] if row.corrects is None else await freezing.wrong(conn, row.corrects)
    return None if any([await on_their_way(conn, one) for one in wrong]) else as_broadcast(row)


async def _statement(conn: AsyncConnection, of: Broadcast, now: datetime) -> tuple[TextClause, dict[str, object]]:
    bound: dict[str, object] = {"id": of.id, "now": utc(now)}
    if of.corrects is None:
        return _TO_ALL, bound
    return _TO_REACHED, bound | {"wrong": await freezing.wrong(conn, of.corrects)}


async def on_their_way(conn: AsyncConnection, broadcast_id: int) -> bool:
    """Whether a drain, or a mass send of WeChat, has any delivery of it in hand."""
    return await _any(conn, broadcast_id, State.SENDING) or await lending.under_way(conn, broadcast_id)


async def is_out(conn: AsyncConnection, broadcast_id: int) -> bool:
    """Whether nothing of it is queued, on its way or being made; some may be held until their resident comes."""
    return await _alone(conn, broadcast_id) and not await _any(conn, broadcast_id, State.QUEUED, State.SENDING)


async def _any(conn: AsyncConnection, broadcast_id: int, *states: State) -> bool:
    """Look account by account through the small indexes of these states, however many rows a broadcast has."""
    mine = (delivery.c.account_id == account.c.id, delivery.c.kind.in_(["urgent", "notice"]))
    of = (delivery.c.source_kind == "broadcast", delivery.c.source_id == broadcast_id)
    found = or_(*(exists().where(*mine, *of, delivery.c.state == state.value) for state in states))
    return bool(await conn.scalar(select(select(account.c.id).where(found).exists())))


async def out(conn: AsyncConnection, broadcast_id: int, *, now: datetime) -> bool:
    """Note that all of it was tried, and forget who was to get what was never made; False if that stood there."""
    await freezing.forget(conn, [broadcast_id])
    this = (broadcast.c.id == broadcast_id, broadcast.c.out_at.is_(None))
    return bool((await conn.execute(update(broadcast).where(*this).values(out_at=utc(now)))).rowcount)


async def cancel(conn: AsyncConnection, given_up: Broadcast, *, now: datetime) -> int:
    """Cancel what waits of a corrected broadcast, at most BITE rows of each state; returns how many."""
    which = {"id": given_up.id, "kind": given_up.kind, "expires_at": given_up.expires_at, "lent": LENT}
    cancelled = 0
    for state, waiting in _WAITING.items():
        statement = text(_CANCEL.format(waiting=waiting, state=state.value, tried=freezing.TRIED))
        cancelled += (await conn.execute(statement, which | {"bite": BITE, "now": utc(now)})).rowcount
    return cancelled


async def lapse(
    conn: AsyncConnection, broadcast_id: int, come_from: Sequence[BroadcastState], *, now: datetime
) -> bool:
    """Give up what was not approved, or of which nothing was made, in its time; False if it moved on meanwhile."""
    try:
        await move(conn, broadcast_id, come_from, BroadcastState.LAPSED, now=now, out_at=utc(now))
    except NotPossible:
        return False
    await freezing.forget(conn, [broadcast_id])
    return True


async def began(conn: AsyncConnection, broadcast_id: int) -> bool:
    """Whether any drain has claimed of it."""
    of = (lane.c.source_kind == "broadcast", lane.c.source_id == broadcast_id)
    return bool(await conn.scalar(select(exists().where(*of))))
