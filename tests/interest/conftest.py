"""A database without any open month."""

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.interest.months import drop_months


@pytest.fixture
async def months(database: Database) -> AsyncIterator[Database]:
    await drop_months(database)
    yield database
    await drop_months(database)
