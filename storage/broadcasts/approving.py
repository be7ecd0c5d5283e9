"""What staff do with a frozen broadcast: approve, withdraw, stop, resume, review. Who may is not decided here."""

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.broadcasts import freezing
from storage.broadcasts.records import COLUMNS, Broadcast, BroadcastState, NotPossible, as_broadcast, get, move
from storage.broadcasts.submitting import CORRECTABLE, LASTS
from storage.moments import utc
from storage.tables import broadcast


async def approve(conn: AsyncConnection, broadcast_id: int, *, hash_: str, by: int, now: datetime) -> Broadcast:
    """Approve what was shown under a hash. The sweep makes its deliveries, and corrects what it corrects.

    NotPossible: unknown, moved (not waiting any more), changed (another hash, or the frozen list is another one), late,
    not_sent (what it corrects was corrected by another one).
    """
    frozen = await _locked(conn, broadcast_id)
    if frozen.state is not BroadcastState.SUBMITTED:
        raise NotPossible("moved")
    digest, _ = await freezing.recipients(conn, broadcast_id)
    if not hash_ == frozen.hash == freezing.hash_of(frozen, digest):
        raise NotPossible("changed")
    if lapses_at(frozen) <= now:
        raise NotPossible("late")
    if frozen.corrects is not None:
        await _correct(conn, frozen.corrects, now)
    approved = {"approved_by": by, "approved_at": utc(now), "expires_at": frozen.expires_at or _lasts(frozen, now)}
    return await move(conn, broadcast_id, [BroadcastState.SUBMITTED], BroadcastState.APPROVED, now=now, **approved)


async def _locked(conn: AsyncConnection, broadcast_id: int) -> Broadcast:
    row = (await conn.execute(select(*COLUMNS).where(broadcast.c.id == broadcast_id).with_for_update())).one_or_none()
    if row is None:
        raise NotPossible("unknown")
    return as_broadcast(row)


async def _correct(conn: AsyncConnection, first: int, now: datetime) -> None:
    """Give a broadcast up for its correction; the sweep cancels what waits of it."""
    try:
        await move(conn, first, CORRECTABLE, BroadcastState.CORRECTED, now=now, out_at=None)
    except NotPossible:
        raise NotPossible("not_sent") from None


def lapses_at(frozen: Broadcast) -> datetime:
    """When a broadcast that waits for its approval would no longer help."""
    return frozen.expires_at or _lasts(frozen, frozen.submitted_at)


def _lasts(frozen: Broadcast, now: datetime) -> datetime:
    return max(utc(now), frozen.send_at or utc(now)) + LASTS[frozen.kind]


async def withdraw(conn: AsyncConnection, broadcast_id: int, *, now: datetime) -> Broadcast:
    """Take back what nobody has approved; its draft may be mended and submitted anew. NotPossible: moved."""
    await freezing.forget(conn, [broadcast_id])
    withdrawn = BroadcastState.WITHDRAWN
    return await move(conn, broadcast_id, [BroadcastState.SUBMITTED], withdrawn, now=now, out_at=utc(now))


async def stop(conn: AsyncConnection, broadcast_id: int, *, now: datetime) -> Broadcast:
    """Claim nothing more of it; what is on its way, a chunk or two for each account, still goes. NotPossible: moved."""
    return await move(conn, broadcast_id, [BroadcastState.APPROVED], BroadcastState.STOPPED, now=now)


async def resume(conn: AsyncConnection, broadcast_id: int, *, now: datetime) -> Broadcast:
    """Let what was stopped go on; what expired meanwhile stays so. NotPossible: moved, late, correcting.

    Not while a correction waits for its approval: who got the first one now would not stand on the correction's list.
    """
    frozen = await _locked(conn, broadcast_id)
    if frozen.expires_at is not None and frozen.expires_at <= now:
        raise NotPossible("late")
    if await _being_corrected(conn, broadcast_id):
        raise NotPossible("correcting")
    return await move(conn, broadcast_id, [BroadcastState.STOPPED], BroadcastState.APPROVED, now=now)


async def _being_corrected(conn: AsyncConnection, broadcast_id: int) -> bool:
    waits = (broadcast.c.corrects == broadcast_id, broadcast.c.state == BroadcastState.SUBMITTED.value)
    return bool(await conn.scalar(select(exists().where(*waits))))


async def left_stopped(conn: AsyncConnection, correction: Broadcast, *, now: datetime) -> Broadcast | None:
    """Return what a correction that came to nothing has left stopped; None where it was none, or nothing is left.

    Submitting the correction stopped it, and only staff can tell whether it was wrong: it goes on when they say so.
    """
    first = None if correction.corrects is None else await get(conn, correction.corrects)
    if first is None or first.state is not BroadcastState.STOPPED or await _being_corrected(conn, first.id):
        return None
    return None if first.expires_at is not None and first.expires_at <= now else first


async def review(conn: AsyncConnection, broadcast_id: int, *, by: int, now: datetime) -> bool:
    """Note that another person looked at what one approved alone; False if one did already, or it is the same one."""
    this = (broadcast.c.id == broadcast_id, broadcast.c.approved_at.is_not(None), broadcast.c.reviewed_at.is_(None))
    another = broadcast.c.approved_by.is_distinct_from(by)
    seen = update(broadcast).where(*this, another).values(reviewed_by=by, reviewed_at=utc(now))
    return bool((await conn.execute(seen)).rowcount)
