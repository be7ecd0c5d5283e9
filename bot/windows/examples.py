"""What the demo shows of windows: examples that say so themselves, put in for it and taken out for everything else."""

from datetime import date, datetime, timedelta
from typing import Any

import yaml
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import PACKAGE, Library
from content.sensitive import filed
from scheduler.calendar import local_date
from storage import details, entries, windows
from storage.details import DETAILS, Kind, Told
from storage.windows import WINDOWS, Entered, Timing

AUTHOR = "demo"
LAPSES_AFTER = timedelta(days=60)


async def bring(conn: AsyncConnection, library: Library, now: datetime) -> None:
    """Put the examples in, if nothing was entered yet by anybody else; those of an earlier day are made anew."""
    await take_back(conn)
    if await entries.any_there(conn, WINDOWS) or await entries.any_there(conn, DETAILS):
        return
    table: dict[str, Any] = yaml.load((PACKAGE / "demo_windows.yaml").read_text("utf-8"), yaml.CSafeLoader)
    source, today = table["source"], local_date(now)
    for row in table["windows"]:
        made = await windows.enter(conn, _window(row, source, library, today), author=AUTHOR, reason=source, now=now)
        await windows.publish(conn, made.id, confirmer=AUTHOR, reason=source, now=now)
    for row in table["details"]:
        told = Told(row["place"], Kind(row["kind"]), row["says"], today + LAPSES_AFTER, row["programme"], source=source)
        detail = await details.enter(conn, told, author=AUTHOR, reason=source, now=now)
        await details.publish(conn, detail.id, confirmer=AUTHOR, reason=source, now=now)


async def take_back(conn: AsyncConnection) -> None:
    """Take the examples out: a service for real people shows none."""
    await entries.remove_of(conn, WINDOWS, AUTHOR)
    await entries.remove_of(conn, DETAILS, AUTHOR)


def _window(row: dict[str, Any], source: str, library: Library, today: date) -> Entered:
    opens, closes = (row.get(name) for name in ("opens", "closes"))
    timing = Timing.AWAITING if "about" in row else Timing.DATED if closes is not None else Timing.OPEN_ENDED
    topic, sensitive = filed(library)[row["programme"]]
    return Entered(
        place=row["place"],
        timing=timing,
        programme=row["programme"],
        topic=topic,
        sensitive=sensitive,
        opens_on=None if opens is None else today + timedelta(days=opens),
        closes_on=None if closes is None else today + timedelta(days=closes),
        about=row.get("about"),
        where_to_go=row.get("where"),
        what_to_bring=row.get("bring"),
        source=source,
    )
