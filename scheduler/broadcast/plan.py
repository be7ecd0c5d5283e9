"""Broadcasts from their approval to their end, looked at again and again; nothing rests on one try.

submitted → its staff approve or withdraw it, or it lapses when it would no longer help; where it was a correction,
            staff hear that the first one is still stopped
approved  → its deliveries are made, in one transaction; a process that dies in it leaves none, and the next look makes
            them. Where they can't be made before it expires, it lapses, and staff hear of it
stopped   → its staff resume it; its rows expire (`sweep.expire`)
corrected → what waits of it is cancelled, bite after bite
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduler.limits import after_quiet
from storage import broadcasts
from storage.alerts import raise_alert
from storage.broadcasts import Broadcast, BroadcastState, spreading
from storage.database import Database
from storage.notices import NoticeKind
from storage.states import State

log = structlog.get_logger()

LATE = timedelta(minutes=5)
"""How long after its time a broadcast may have sent nothing until staff hear of it."""


async def look(database: Database, kind: NoticeKind, now: datetime) -> int:
    """Do what is due for each broadcast of a kind; returns how many are not at their end. One that fails stops none.

    Looks of the two kinds run beside each other: making a million deliveries must not keep an urgent one waiting.
    """
    async with database.begin() as conn:
        found = await spreading.unfinished(conn, kind)
    for one in found:
        try:
            await _STEPS[one.state](database, one, now)
        except Exception as error:  # whatever is wrong with one must not keep the others; the next look tries again
            log.exception("broadcast_failed", broadcast=one.id, error=type(error).__name__)
    return len(found)


async def _submitted(database: Database, one: Broadcast, now: datetime) -> None:
    if broadcasts.lapses_at(one) <= now:
        await _lapse(database, one, "broadcast_lapsed", now)


async def _approved(database: Database, one: Broadcast, now: datetime) -> None:
    if one.spread_at is None and one.expires_at is not None and one.expires_at <= now:
        await _lapse(database, one, "broadcast_missed", now)
        return
    if one.spread_at is None and one.state is BroadcastState.APPROVED:
        async with database.begin() as conn:
            made = await spreading.spread(conn, one.id, now=now)
        if made is not None:
            log.info("broadcast_spread", broadcast=one.id, deliveries=made)
    await _watch(database, one, now)


async def _watch(database: Database, one: Broadcast, now: datetime) -> None:
    """Note when all of it was tried, and tell staff what they must hear of."""
    async with database.begin() as conn:
        if one.spread_at is not None and await spreading.is_out(conn, one.id):
            await spreading.out(conn, one.id, now=now)
            await _tell(conn, one, now)
        elif _late(one, now) and not await spreading.began(conn, one.id):
            await _missed(conn, one, now)


async def _missed(conn: AsyncConnection, one: Broadcast, now: datetime) -> None:
    if await raise_alert(conn, "broadcast_missed", one.number, now):
        log.warning("broadcast_missed", broadcast=one.id)


async def _tell(conn: AsyncConnection, one: Broadcast, now: datetime) -> None:
    """Tell staff of one that is out what became of it otherwise than they meant. What they stopped may well expire.

    That it went to nobody at all is not told of one to followers: it would say that nobody there follows such a thing.
    """
    counts = (await broadcasts.progress(conn, one.id, now=now)).counts
    nobody = not one.untold and not counts.keys() - {State.CANCELLED}
    expired = one.state is BroadcastState.APPROVED and counts.get(State.EXPIRED)
    if nobody or (expired and not await spreading.began(conn, one.id)):
        await _missed(conn, one, now)
    elif expired or counts.get(State.UNKNOWN) or counts.get(State.REFUSED):
        await raise_alert(conn, "broadcast_unsure", one.number, now)


def _late(one: Broadcast, now: datetime) -> bool:
    """Whether it should have begun: an urgent one at its time, another one not before the morning."""
    if one.starts_at is None or one.state is not BroadcastState.APPROVED:
        return False
    start = one.starts_at if one.kind == "urgent" else after_quiet(one.starts_at)
    return now > start + LATE


async def _corrected(database: Database, one: Broadcast, now: datetime) -> None:
    """Cancel what waits, until nothing does and no drain has any in hand that it might put back."""
    while True:
        async with database.begin() as conn:
            cancelled = await spreading.cancel(conn, one, now=now)
            if not cancelled:
                if await spreading.is_out(conn, one.id):
                    await spreading.out(conn, one.id, now=now)
                return


async def _lapse(database: Database, one: Broadcast, alert: str, now: datetime) -> None:
    async with database.begin() as conn:
        if await spreading.lapse(conn, one.id, [one.state], now=now):
            await raise_alert(conn, alert, one.number, now)
            log.warning("broadcast_lapsed", broadcast=one.id, was=one.state.value)
            first = await broadcasts.left_stopped(conn, one, now=now)
            if first is not None:
                await raise_alert(conn, "still_stopped", f"{first.number} {one.number}", now)


async def _ended(database: Database, one: Broadcast, now: datetime) -> None:
    """Nothing is left to do of one that was withdrawn or lapsed."""
    async with database.begin() as conn:
        await spreading.out(conn, one.id, now=now)


_STEPS: Mapping[BroadcastState, Callable[[Database, Broadcast, datetime], Awaitable[None]]] = {
    BroadcastState.SUBMITTED: _submitted,
    BroadcastState.APPROVED: _approved,
    BroadcastState.STOPPED: _approved,
    BroadcastState.CORRECTED: _corrected,
    BroadcastState.WITHDRAWN: _ended,
    BroadcastState.LAPSED: _ended,
}
