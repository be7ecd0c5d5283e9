"""The way to the database: one pool of connections, and one kind of transaction."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.embedded import EmbeddedServer
from storage.errors import Unreachable, UrlRefused
from storage.pool import Turns, connect, make_apart, make_engine, told

POOL_SIZE = 10


def url_of(url: str | None, folder: Path) -> URL:
    """Return where the database is: `url` made ready for psycopg, or without one the embedded server of `folder`."""
    if url is None:
        return EmbeddedServer(folder).url
    try:
        given = make_url(url)
    except (ArgumentError, ValueError):
        raise UrlRefused("The database URL cannot be read.") from None  # it may hold a password
    if given.drivername not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise UrlRefused(f"The database URL is one of {given.drivername}, not of PostgreSQL.")
    return given.set(drivername="postgresql+psycopg")


class Database:
    """The open database. Make it with `await Database.open(...)`."""

    def __init__(self, url: URL, *, server: EmbeddedServer | None, pool_size: int) -> None:
        self.url, self.pool_size, self.in_use = url, pool_size, 0
        self.engine = make_engine(url, pool_size)
        self._apart = make_apart(url)
        self._server = server
        self._turns = Turns(pool_size)
        self._reviving = asyncio.Lock()
        self._revivals = 0

    @classmethod
    async def open(cls, url: str | None, folder: Path, *, pool_size: int = POOL_SIZE) -> Self:
        """Open the database at `url`, or the embedded one of `folder`, started if needed.

        UrlRefused, Unreachable; FolderUnusable and ServerFailed of the embedded one. Does not look at the tables.
        """
        server = EmbeddedServer(folder) if url is None else None
        database = cls(url_of(url, folder), server=server, pool_size=pool_size)
        if server:
            await asyncio.to_thread(server.join)
        try:
            await (await database._connect()).close()
        except BaseException:
            await database.close()
            raise
        return database

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed at the end of the block, rolled back if it raises.

        Unreachable and Busy come before the block is entered, ConnectionLost and StatementRefused from inside it.
        """
        async with self._turns, aclosing(await self._connect()) as conn:
            self.in_use += 1
            try:
                async with conn.begin():
                    yield conn
            except DBAPIError as error:
                raise told(error).with_traceback(error.__traceback__) from None
            finally:
                self.in_use -= 1

    @property
    def waiting(self) -> int:
        """How many wait for a connection."""
        return self._turns.waiting

    async def connect_apart(self) -> AsyncConnection:
        """Return a connection outside the pool, for a lock that outlives a transaction; close it. Unreachable."""
        return await self._connect(self._apart)

    async def _connect(self, engine: AsyncEngine | None = None) -> AsyncConnection:
        revivals = self._revivals
        try:
            return await connect(engine or self.engine)
        except Unreachable:
            await self.revive(since=revivals)
            return await connect(engine or self.engine)

    async def revive(self, *, since: int | None = None) -> None:
        """Leave the old connections; start the embedded server if it is down. `begin` does so when it cannot connect.

        `since` is how many revivals the caller had seen: of many who find the server dead together, one revives it.
        """
        async with self._reviving:
            if since is not None and since != self._revivals:
                return
            await self.engine.dispose()
            if self._server:
                await asyncio.to_thread(self._server.join)
            self._revivals += 1

    async def close(self) -> None:
        """Close the pool. The embedded server stops with the last process that uses it."""
        await self.engine.dispose()
        if self._server:
            await asyncio.to_thread(self._server.leave)
