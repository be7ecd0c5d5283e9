"""What a turn of the talk changes of what is kept, and what of that a restored backup must not undo."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.state import Follows
from bot.dialogue.turn import (
    Change,
    Erase,
    Follow,
    HandOver,
    Received,
    Resume,
    SavePlaces,
    Stop,
    Unfollow,
    Welcomed,
    Withdraw,
)
from scheduler.calendar import local_date
from storage import following, receipts, residents, tickets
from storage.erasures import Erasures
from storage.residents import Resident

log = structlog.get_logger()


async def make(
    conn: AsyncConnection, who: Resident, changes: Sequence[Change], now: datetime, *, welcomed: bool
) -> None:
    """Make a turn's changes; after an erasure nothing is kept. `welcomed`: it was said who runs this."""
    for change in changes:
        if isinstance(change, Follow | Unfollow):
            await _follow(conn, who.id, change, now)
        elif isinstance(change, Received):
            await receipts.received(conn, who.id, change.number, places=who.places, today=local_date(now))
        else:
            await _change(conn, who, change, now)
    if welcomed and not any(isinstance(change, Erase) for change in changes):
        await residents.welcomed(conn, who.id, local_date(now))


async def _change(conn: AsyncConnection, who: Resident, change: Change, now: datetime) -> None:
    match change:
        case SavePlaces(stems=stems):
            await residents.save_places(conn, who.id, stems)
            await following.keep_places(conn, who.id, stems)
        case HandOver(place=place, question=question):
            ticket = await tickets.hand_over(conn, who.id, place=place, question=question, now=now)
            log.info("ticket_opened", ticket=ticket)  # with the trace; the answer's delivery names the ticket too
        case Withdraw():
            await tickets.withdraw(conn, who.id)
        case Erase():
            await residents.erase(conn, who.id)
        case Stop():
            await residents.stop(conn, who.id, now)
        case Resume():
            await residents.resume(conn, who.id)
        case Welcomed():
            await residents.welcomed(conn, who.id, local_date(now))


async def _follow(conn: AsyncConnection, resident: int, change: Follow | Unfollow, now: datetime) -> None:
    match change:
        case Follow(what=what, consented=consented):
            wanted = following.Follow(what.kind, what.subject, consented=consented, discreet=what.discreet)
            await following.follow(conn, resident, wanted, now)
        case Unfollow(what=None):
            await following.unfollow_all(conn, resident)
        case Unfollow(what=Follows(kind=kind, subject=subject)):
            await following.unfollow(conn, resident, kind, subject)


async def note_taken_back(
    erasures: Erasures | None, conn: AsyncConnection, who: Resident, changes: Iterable[Change], now: datetime
) -> None:
    """Note it in the transaction that makes the changes; where there is no list, nowhere.

    One thing unfollowed is not noted: a reminder of it can come again, and is unfollowed again. To forget all that
    somebody follows, because of one thing, would let them miss a day.
    """
    if erasures is None:
        return
    for change in changes:
        match change:
            case Erase():
                await erasures.note(conn, who, "erased", now)
            case Stop():
                await erasures.note(conn, who, "stopped", now)
            case Resume():
                await erasures.resumed(conn, who)
            case Unfollow(what=None):
                await erasures.note(conn, who, "unfollowed", now)
            case Withdraw():
                await erasures.note(conn, who, "withdrew", now)
