"""收到 under a notice, told to staff: counts by place of days that are over, never who, no rates, no ranking."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.notices.words import name_of
from content.places import Places
from content.render import say
from scheduler.calendar import local_date
from storage import receipts
from storage.broadcasts import Broadcast
from storage.broadcasts.progress import FEWEST


async def received_words(conn: AsyncConnection, of: Broadcast, places: Places, *, now: datetime) -> list[str]:
    """The lines, in the order of the places' codes; none where nothing is counted."""
    today = local_date(now)
    counted = await receipts.by_place(conn, of, today=today)
    lines = [_line(name_of(stem, places), count) for stem, count in counted.items()]
    return [say("staff_notice", "received"), *lines, say("notice", "received_note", on=today)] if lines else []


def _line(name: str, count: int | None) -> str:
    if count is None:
        return say("notice", "received_few", name=name, fewest=FEWEST)
    return say("notice", "received_line", name=name, said=say("notice", "people", count=count, fewest=FEWEST))
