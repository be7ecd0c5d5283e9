"""The beats of periodic work: when each entry of the timetable last began, ended and succeeded."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import utc
from storage.tables import beat


@dataclass(frozen=True)
class Beat:
    """The last run of one entry. `said`: counts, or the type of the error."""

    entry: str
    started_at: datetime
    finished_at: datetime | None
    succeeded_at: datetime | None
    said: str


async def begun(conn: AsyncConnection, entry: str, now: datetime) -> None:
    """Note that an entry began."""
    made = insert(beat).values(entry=entry, started_at=utc(now))
    again = {"started_at": utc(now), "finished_at": None}
    await conn.execute(made.on_conflict_do_update(index_elements=["entry"], set_=again))


async def ended(conn: AsyncConnection, entry: str, now: datetime, *, said: str, well: bool) -> None:
    """Note that it ended, and what came of it."""
    values = {"finished_at": utc(now), "said": said} | ({"succeeded_at": utc(now)} if well else {})
    await conn.execute(update(beat).where(beat.c.entry == entry).values(values))


async def beats(conn: AsyncConnection) -> dict[str, Beat]:
    """Return the last run of every entry that ever ran."""
    return {row.entry: Beat(*row) for row in await conn.execute(select(beat))}
