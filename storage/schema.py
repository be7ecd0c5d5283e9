"""Bringing the tables of a database to those of this code, and back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.errors import LockNotAvailable, QueryCanceled
from sqlalchemy import URL, Connection, NullPool, create_engine, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.errors import HalfRestored, SchemaBusy, SchemaOutdated, Unreachable

TURN = 5_871_206_310_442  # any number that nobody else locks

OPEN, SHUT = "alembic_version", "alembic_version_shut"
"""Where the revision stands. Of tables from a backup it stands in the second until residents who asked for it since
are erased there too: without the first no process serves them."""

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
    """SchemaOutdated unless the tables are those of this code; HalfRestored where they came from a backup."""
    await conn.run_sync(_refuse_half_restored)
    found = await conn.run_sync(_revision)
    if found != head():
        raise SchemaOutdated(f"The tables are at revision {found or 'none'}, and this mingbai needs {head()}.")


def upgrade_shut(url: URL, revision: str) -> None:
    """Bring tables that came from a backup, at this revision, to those of this code; they stay shut. Blocks."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": SHUT})
        context.stamp(ScriptDirectory.from_config(_config()), revision)
    _migrate(url, "head", up=True, table=SHUT)


async def open_shut(conn: AsyncConnection) -> None:
    """Open, with the caller's transaction, tables that came from a backup: from now on they are served."""
    await conn.execute(text(f"ALTER TABLE {SHUT} RENAME CONSTRAINT {SHUT}_pkc TO {OPEN}_pkc"))
    await conn.execute(text(f"ALTER TABLE {SHUT} RENAME TO {OPEN}"))


def knows(revision: str) -> bool:
    """Whether this code brings a revision."""
    return revision in {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}


def head() -> str | None:
    """Return the newest revision that this code brings."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _migrate(url: URL, revision: str, *, up: bool, table: str = OPEN) -> None:
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            _wait_for_our_turn(connection)
            if table == OPEN:
                _refuse_half_restored(connection)
                connection.commit()
            (command.upgrade if up else command.downgrade)(_config(connection, table), revision)
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


def _refuse_half_restored(connection: Connection) -> None:
    there = inspect(connection)
    if there.has_table("resident") and not there.has_table(OPEN):
        raise HalfRestored("The tables came from a backup whose restoring was not finished.")


def _config(connection: Connection | None = None, table: str = OPEN) -> Config:
    """Alembic's settings, made here so that the installed package needs no alembic.ini."""
    config = Config(attributes={"connection": connection, "version_table": table})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
