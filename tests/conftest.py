"""What every test may ask for: the embedded PostgreSQL, started once, with empty tables."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import delete, text

from bot.dialogue.turn import Knowledge, Service
from bot.knowledge import knowledge
from storage import schema
from storage.database import Database
from storage.embedded.cluster import Cluster
from storage.tables import metadata

settings.register_profile("mingbai", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("mingbai")  # a busy machine is no fault of what is tested


@pytest.fixture(scope="session")
def database_folder() -> Iterator[Path]:
    """A data folder of its own for this run. Not pytest's, which other runs close to the user root lends the server."""
    folder = Path(tempfile.mkdtemp(prefix="mingbai-test-"))
    yield folder
    if (folder / "postgres" / "postmaster.pid").exists():
        Cluster(folder).stop()  # a test forgot to close it
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
async def migrated_database(database_folder: Path) -> AsyncIterator[Database]:
    """The database of the whole run. Take `database`, whose tables are empty."""
    database = await Database.open(None, database_folder, pool_size=20)
    await asyncio.to_thread(schema.upgrade, database.url)
    await _wait_for_no_disk(database)
    yield database
    await database.close()


async def _wait_for_no_disk(database: Database) -> None:
    """What the tests write need not outlive a power cut, and a busy disk may hold a commit up for seconds."""
    async with aclosing(await database.connect_apart()) as conn:
        await conn.execution_options(isolation_level="AUTOCOMMIT")  # ALTER SYSTEM goes with no transaction
        await conn.execute(text("ALTER SYSTEM SET fsync = off"))
        await conn.execute(text("SELECT pg_reload_conf()"))


@pytest.fixture
async def database(migrated_database: Database) -> Database:
    """A database with all tables, all empty."""
    async with migrated_database.begin() as conn:
        for table in reversed(metadata.sorted_tables):
            await conn.execute(delete(table))  # TRUNCATE makes new files each time, which takes ten times as long
    return migrated_database


@pytest.fixture(scope="session")
def know() -> Knowledge:
    """The content with its index and the places, built once for the run."""
    built = knowledge(Service("试验村委会", "0477-1234567"))
    built.places.find("x", "150621")  # reads the villages
    return built
