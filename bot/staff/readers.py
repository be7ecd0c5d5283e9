"""Which places have somebody who would read a resident's question, as of a look some seconds ago."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.staff.may import Deed, roles
from storage import staff
from storage.database import Database
from storage.errors import DatabaseError

log = structlog.get_logger()

EVERY = 5.0
"""Seconds between two looks."""

ACTIVE_WITHIN = timedelta(days=14)
"""Where nobody was active for so long, only phones are offered (design.md §8)."""


class Readers:
    """Call it for the stems of places as last seen: the talk asks no database for them. Empty before the first look."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now
        self._stems: frozenset[str] = frozenset()

    def __call__(self) -> frozenset[str]:
        """Give the stems of places with active staff."""
        return self._stems

    async def look(self) -> None:
        """Look into the database once. Raises DatabaseError."""
        since = (self._now() - ACTIVE_WITHIN).date()
        async with self._database.begin() as conn:
            self._stems = await staff.active_places(conn, roles(Deed.ANSWER), since=since)

    async def keep_looking(self) -> None:
        """Look again and again. While the database is away the last look holds: a ticket could not be kept then."""
        while True:
            try:
                await self.look()
            except DatabaseError as error:
                log.warning("readers_unknown", error=type(error).__name__)
            await asyncio.sleep(EVERY)
