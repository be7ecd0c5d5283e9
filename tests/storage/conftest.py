"""A database without any tables, for what is tried on migrations."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import URL, text

from storage.database import Database


@pytest.fixture
async def empty(migrated_database: Database) -> AsyncIterator[URL]:
    """The URL of a database without any tables."""
    autocommit = migrated_database.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with autocommit.connect() as conn:
        await conn.execute(text("CREATE DATABASE empty"))
        yield migrated_database.url.set(database="empty")
        await conn.execute(text("DROP DATABASE empty WITH (FORCE)"))
