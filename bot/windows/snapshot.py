"""What is published, read from the tables every few seconds and held in memory, so that no answer waits for it."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from content.local import Detail, Local, Window
from scheduler.calendar import local_date
from storage import details, entries, windows
from storage.database import Database
from storage.details import DETAILS
from storage.errors import DatabaseError
from storage.windows import WINDOWS

log = structlog.get_logger()

EVERY = 5.0
"""Seconds between two reads: how long what staff publish takes until residents see it."""

TOLD_AFTER = timedelta(days=60)
"""How long after closing a card still says that the days are over."""


async def read_local(conn: AsyncConnection, today: date) -> Local:
    """Read what residents are shown on a day, and what closed lately."""
    shown = await windows.published(conn, closing_after=today - TOLD_AFTER)
    told = await details.published(conn, today)
    return Local(tuple(map(_window, shown)), tuple(map(_detail, told)))


class Snapshot:
    """The latest read. Call it for what stands now; before the first read nothing does."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now
        self._current = Local()
        self._stamp: object = None

    def __call__(self) -> Local:
        """What is published, at most some seconds old; older where the database is away."""
        return self._current

    async def read(self) -> None:
        """Read once, whole only where something changed or a day began. Raises DatabaseError."""
        async with self._database.begin() as conn:
            today = local_date(self._now())
            stamp = (today, await entries.stamp(conn, WINDOWS), await entries.stamp(conn, DETAILS))
            if stamp != self._stamp:
                self._current, self._stamp = await read_local(conn, today), stamp

    async def keep(self) -> None:
        """Read again and again. Without the database what was read last goes on being shown."""
        while True:
            try:
                await self.read()
            except DatabaseError as error:
                log.warning("windows_not_read", error=type(error).__name__)
            await asyncio.sleep(EVERY)


def _window(kept: windows.Window) -> Window:
    return Window(
        id=kept.id,
        programme=kept.programme,
        matter=kept.matter,
        place=kept.place,
        timing=kept.timing.value,
        opens_on=kept.opens_on,
        closes_on=kept.closes_on,
        about=kept.about,
        where_to_go=kept.where_to_go,
        what_to_bring=kept.what_to_bring,
        source=kept.source,
        topic=kept.topic,
        sensitive=kept.sensitive,
        batch=kept.batch,
    )


def _detail(kept: details.Detail) -> Detail:
    return Detail(kept.programme, kept.matter, kept.place, kept.kind.value, kept.says, kept.source, kept.lapses_on)
