"""A second database, to restore into."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Database


@pytest.fixture
async def elsewhere(migrated_database: Database, tmp_path: Path) -> AsyncIterator[Database]:
    """Another database of the same server, without any tables."""
    autocommit = migrated_database.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with autocommit.connect() as conn:
        await conn.execute(text("CREATE DATABASE elsewhere"))
        other = await Database.open(migrated_database.url.set(database="elsewhere").render_as_string(), tmp_path)
        yield other
        await other.close()
        await conn.execute(text("DROP DATABASE elsewhere WITH (FORCE)"))
