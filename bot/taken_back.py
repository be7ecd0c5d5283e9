"""What a resident takes back is noted, so that no backup that is restored brings it back."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.turn import Change, Erase, Resume, Stop, Unfollow, Withdraw
from storage.erasures import Erasures
from storage.residents import Resident


async def note_taken_back(
    erasures: Erasures, conn: AsyncConnection, who: Resident, changes: Iterable[Change], now: datetime
) -> None:
    """Note it in the transaction that makes the changes.

    One thing unfollowed is not noted: a reminder of it can come again, and is unfollowed again. To forget all that
    somebody follows, because of one thing, would let them miss a day.
    """
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
