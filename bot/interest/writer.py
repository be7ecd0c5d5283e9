"""Marks on their way into the database: in bulk, behind the answers' back.

A process that is killed loses what waited since the last writing, WRITE_EVERY seconds at most. A database that is gone
loses nothing: marks wait, up to MOST of them, and are written when it is back. Fails open: no answer ever waits.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import structlog

from bot.beside import beside
from storage.database import Database
from storage.errors import DatabaseError
from storage.interest import marks
from storage.interest.marks import Mark, Written

log = structlog.get_logger()

WRITE_EVERY = 2.0  # seconds
BULK = 5_000  # marks in one transaction
MOST = 200_000  # marks that wait at most; about an hour of 50 messages a second

Count = Callable[[Sequence[Mark]], None]


class Writer:
    """One a process. `count` never waits; `run` is its background task; `write` writes what waits."""

    def __init__(self, database: Database, *, every: float = WRITE_EVERY) -> None:
        """`every`: seconds between two writings."""
        self._database, self._every = database, every
        self._waiting: list[Mark] = []

    @property
    def waiting(self) -> int:
        """How many marks are not written yet."""
        return len(self._waiting)

    def count(self, found: Sequence[Mark]) -> None:
        """Take marks up; the newest are let go where too many wait."""
        room = MOST - len(self._waiting)
        self._waiting += found[:room]
        if len(found) > room:
            log.error("marks_let_go", count=len(found) - room)

    async def run(self) -> None:
        """Write for ever."""
        while True:
            await asyncio.sleep(self._every)
            await self.write()

    async def write(self) -> None:
        """Write what waits, month by month. What can't be written waits on, in its place before what came since."""
        taken, self._waiting = self._waiting, []
        left: list[Mark] = []
        try:
            for bulk in _bulks(taken):
                left += await self._write(bulk)
        except asyncio.CancelledError:
            left = taken  # written twice does no harm
            raise
        finally:
            self._waiting = left + self._waiting

    async def _write(self, bulk: Sequence[Mark]) -> Sequence[Mark]:
        """Write marks of one month; return those that must wait."""
        try:
            async with self._database.begin() as conn:
                done = await marks.write(conn, bulk)
        except DatabaseError as error:
            log.warning("marks_wait", count=len(bulk), error=type(error).__name__)
            return bulk
        if done is Written.CLOSED:
            log.warning("marks_of_a_closed_month", count=len(bulk))
        return bulk if done is Written.CLOSING else ()


def _bulks(taken: Sequence[Mark]) -> list[Sequence[Mark]]:
    whole = marks.in_months(taken)
    return [month[start : start + BULK] for month in whole for start in range(0, len(month), BULK)]


@asynccontextmanager
async def counting(database: Database) -> AsyncIterator[Count]:
    """Write marks in the background; yields what takes them. At the end what waits is written once more."""
    writer = Writer(database)
    try:
        async with beside(writer.run()):
            yield writer.count
    finally:
        await writer.write()
