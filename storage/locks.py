"""Exclusion between processes: a PostgreSQL lock that goes with its session, however its process dies.

What must be done under a lock is done on the lock's own connection. So a drain that lost its lock, because the
connection went, can't claim anything: it would have to ask the very connection that it no longer has.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from enum import IntEnum

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.errors import ConnectionLost
from storage.pool import told


class Turn(IntEnum):
    """What is done by one process at a time. The numbers are PostgreSQL's lock classes: never give one anew."""

    DRAIN = 5871  # of one account, by its id
    RUNNER = 5872  # the timetable, number 0
    CONTENT = 5880  # the deployment's own folder, number 0
    MONTH = 5875  # marks of interest, by year and month: writers share it, the close has it alone


class Session:
    """A connection that holds a lock. Safe for several tasks: their transactions take turns."""

    def __init__(self, conn: AsyncConnection) -> None:
        self._conn = conn
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """One transaction under the lock. ConnectionLost if the lock is lost: nothing was asked then."""
        async with self._turn:
            if self._conn.invalidated or self._conn.closed:
                # SQLAlchemy would connect anew by itself, and go on without the lock.
                raise ConnectionLost("The connection that held a lock is gone.")
            try:
                async with self._conn.begin():
                    yield self._conn
            except DBAPIError as error:
                raise told(error).with_traceback(error.__traceback__) from None

    async def check(self) -> None:
        """ConnectionLost if the lock is lost."""
        async with self.begin() as conn:
            await conn.execute(select(1))


@asynccontextmanager
async def alone(database: Database, turn: Turn, number: int = 0) -> AsyncIterator[Session | None]:
    """Hold a lock for the block; None where another process holds it. Unreachable if there is no database."""
    async with aclosing(await database.connect_apart()) as conn:
        async with conn.begin():
            got = await conn.scalar(select(func.pg_try_advisory_lock(int(turn), number)))
        yield Session(conn) if got else None
