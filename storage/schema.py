"""Bringing the tables of a database to those of this code, and back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.errors import LockNotAvailable, QueryCanceled
from sqlalchemy import URL, Connection, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.errors import SchemaBusy, SchemaOutdated, Unreachable

TURN = 5_871_206_310_442  # any number that nobody else locks

# While a migration waits for a table, everyone's queries wait behind it: it gives up soon, and is run again.
LIMITS = "SET lock_timeout = '10s'; SET statement_timeout = '15min'"


def upgrade(url: URL, revision: str = "head") -> None:
    """Migrate up to `revision`, changing nothing if it is there. Two at once take turns. Blocks: run it in a thread."""
    _migrate(url, revision, up=True)


def downgrade(url: URL, revision: str) -> None:
    """Migrate down to `revision` ("base" for no tables at all). What only the newer tables could hold is lost."""
    _migrate(url, revision, up=False)


async def is_current(conn: AsyncConnection) -> bool:
    """Whether the tables are those of this code."""
    return await conn.run_sync(_revision) == head()


async def require_current(conn: AsyncConnection) -> None:
    """SchemaOutdated unless the tables are those of this code."""
    found = await conn.run_sync(_revision)
    if found != head():
        raise SchemaOutdated(f"The tables are at revision {found or 'none'}, and this mingbai needs {head()}.")


def head() -> str | None:
    """Return the newest revision that this code brings."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _migrate(url: URL, revision: str, *, up: bool) -> None:
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            _wait_for_our_turn(connection)
            (command.upgrade if up else command.downgrade)(_config(connection), revision)
    except OperationalError as error:
        said = str(error.orig).strip()
        kind = SchemaBusy if isinstance(error.orig, LockNotAvailable | QueryCanceled) else Unreachable
        raise kind(f"The tables could not be changed: {said}.") from error


def _wait_for_our_turn(connection: Connection) -> None:
    """Take the lock of this session, which goes with it, and only then set the limits: the other may take long."""
    connection.execute(text("SELECT pg_advisory_lock(:turn)"), {"turn": TURN})
    connection.execute(text(LIMITS))
    connection.commit()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection | None = None) -> Config:
    """Alembic's settings, made here so that the installed package needs no alembic.ini."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
