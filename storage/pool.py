"""Connections: the pool, how one is taken from it, and how its errors are told without naming anybody."""

import asyncio
import select

from sqlalchemy import URL, NullPool, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import Busy, ConnectionLost, DatabaseError, StatementRefused, Unreachable
from storage.json_text import as_json

WAIT = 10  # seconds: for a free connection, and for a new one


def make_engine(url: URL, pool_size: int) -> AsyncEngine:
    """Return a pool of at most `pool_size` connections; none is made before the first is asked for."""
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,  # see Turns
        hide_parameters=True,  # an address is a parameter, and errors are logged
        json_serializer=as_json,
        connect_args={"connect_timeout": WAIT, "application_name": "mingbai"},
    )
    event.listen(engine.sync_engine, "checkout", _refuse_if_gone)
    return engine


def make_apart(url: URL) -> AsyncEngine:
    """Return what makes connections outside the pool, each ended when it is closed.

    The server looks every few seconds whether the other end is there, so that a machine that vanished holds no lock.
    """
    alive = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
    arguments = {"connect_timeout": WAIT, "application_name": "mingbai alone", "options": alive}
    return create_async_engine(
        url, poolclass=NullPool, hide_parameters=True, json_serializer=as_json, connect_args=arguments
    )


class Turns:
    """As many at once as there are connections, the others in the order in which they came. Busy after WAIT seconds.

    SQLAlchemy's own queue is not fair: under load, whoever just gave a connection back takes it again, and some waited
    for seconds when 20 shared two.
    """

    def __init__(self, count: int) -> None:
        self._free = asyncio.Semaphore(count)
        self.waiting = 0

    async def __aenter__(self) -> None:
        self.waiting += 1
        try:
            async with asyncio.timeout(WAIT):
                await self._free.acquire()
        except TimeoutError as error:
            raise Busy("Every connection to the database is in use.") from error
        finally:
            self.waiting -= 1

    async def __aexit__(self, *_: object) -> None:
        self._free.release()


async def connect(engine: AsyncEngine) -> AsyncConnection:
    """Take a connection from the pool, making it if needed. Unreachable."""
    try:
        return await engine.connect()
    except OperationalError as error:
        said = str(error.orig).strip().partition("\n")[0]
        raise Unreachable(f"The database does not let us in: {said}.") from error


def told(error: DBAPIError) -> DatabaseError:
    """Return the error to show instead: PostgreSQL adds the row to its own, and errors are logged."""
    if error.connection_invalidated:
        return ConnectionLost("The database went away in a transaction.")
    diagnosis = getattr(error.orig, "diag", None)
    said = diagnosis.message_primary if diagnosis else None
    return StatementRefused(f"The database refused a statement: {said or type(error.orig).__name__}.")


def _refuse_if_gone(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Make the pool connect anew if the server hung up while the connection lay idle.

    A look at the socket: an idle one has something to read only when its end has come. SQLAlchemy's pre-ping asks the
    server instead, which took a third of the time of a whole message.
    """
    idle = record.driver_connection
    if idle is None or idle.closed or _readable(idle.fileno()):
        raise InvalidatePoolError


def _readable(handle: int) -> bool:
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(0))
