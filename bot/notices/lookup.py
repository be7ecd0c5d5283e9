"""What the talk is handed of notices: looked up only where a message has to do with one, and kept nowhere."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.numbers import chosen
from bot.notices import real
from bot.notices.told import RECEIVED, Told
from storage import broadcasts, receipts
from storage.broadcasts.records import PUBLIC, Published
from storage.database import Database

LISTED_FOR = timedelta(minutes=30)
"""So long the numbers under a notice mean its options (design.md §6)."""

RECEIVED_FOR = timedelta(days=7)
"""So long after a notice 收到 means it."""

COMPARED = 60
"""The newest notices of somebody's places that a text without a number is held against."""


async def told(
    conn: AsyncConnection, resident_id: int, *, text: str, action: str, places: Sequence[str], now: datetime
) -> tuple[Told, ...]:
    """Find the notices that a message is about: by number, by what it says, or the one that they were sent last.

    `places` are the resident's (stems). Most messages are about none, and cost no look.
    """
    numbers = real.numbers_in(f"{text} {action.partition(':')[2]}")
    if numbers:
        found = [await broadcasts.by_number(conn, number) for number in numbers]
        known = tuple(Told(one) for one in found if one is not None)
        if known or not real.is_long(text):
            return known
    if action:
        return ()
    if real.is_long(text):
        return await _alike(conn, text, places)
    return await _sent_last(conn, resident_id, text, now)


async def published(database: Database, number: str) -> Published | None:
    """Find one by its number, for a page that anybody may open."""
    async with database.begin() as conn:
        return await broadcasts.by_number(conn, number)


async def _alike(conn: AsyncConnection, text: str, places: Sequence[str]) -> tuple[Told, ...]:
    """The notice that a text without a number, or with a wrong one, was made of."""
    newest = await broadcasts.listed(conn, states=PUBLIC, within=places or None, limit=COMPARED)
    like = real.most_alike(text, newest)
    found = await broadcasts.by_number(conn, like.number) if like is not None else None
    return () if found is None else (Told(found),)


async def _sent_last(conn: AsyncConnection, resident_id: int, text: str, now: datetime) -> tuple[Told, ...]:
    """For 收到, and for a bare number, which may be one of a notice's options."""
    said = RECEIVED.fullmatch(real.bare(text))
    if said is None and chosen(text) is None:
        return ()
    got = await receipts.latest(conn, resident_id, within=RECEIVED_FOR if said else LISTED_FOR, now=now)
    found = await broadcasts.by_number(conn, got.number) if got is not None else None
    return () if got is None or found is None else (Told(found, got.at),)
