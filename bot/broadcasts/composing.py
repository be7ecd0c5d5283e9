"""The message of a broadcast, the same for everybody; made once for each chunk."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.turn import Knowledge
from bot.notices.words import message
from content.message import Message
from storage import broadcasts
from storage.broadcasts import freezing
from storage.deliveries import Claimed


class Broadcasting:
    """The composer of broadcasts: see `scheduler/composing.py`."""

    def __init__(self, know: Callable[[], Knowledge]) -> None:
        self._know = know

    async def __call__(self, conn: AsyncConnection, rows: Sequence[Claimed], now: datetime) -> Mapping[int, Message]:
        """Make the message of a chunk, which is of one broadcast."""
        found = await broadcasts.get(conn, rows[0].source_id)
        if found is None:
            return {}
        said = message(found, self._know(), corrects=await corrects(conn, found.corrects))
        return {row.id: said for row in rows}


async def corrects(conn: AsyncConnection, first: int | None) -> str:
    """The numbers of the notices that a correction of `first` (an id) puts right: readers may have any of them.

    "" where nothing is corrected.
    """
    return "" if first is None else "、".join(await freezing.numbers(conn, first))
