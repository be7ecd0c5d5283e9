"""The words of a delivery, made when it is claimed, so that they fit the day on which it is sent."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from content.message import Message
from storage.deliveries import Claimed

Composer = Callable[[AsyncConnection, Sequence[Claimed], datetime], Awaitable[Mapping[int, Message]]]
"""Make the messages of claimed rows of one source kind, by the delivery's id. A row left out has nothing to say any
more and is cancelled. Called inside the claim's transaction, so it may write what it decides to tell."""

Composers = Mapping[str, Composer]
"""The composer of each source kind."""


async def compose(
    composers: Composers, conn: AsyncConnection, rows: Sequence[Claimed], now: datetime
) -> Mapping[int, Message]:
    """Make the messages of a chunk, which is of one source."""
    return await composers[rows[0].source_kind](conn, rows, now) if rows else {}
