"""What the ledger says at the end of a round, read with plain SQL: the proof takes no word of what it tries."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from storage.database import Database


@dataclass(frozen=True)
class Row:
    """One delivery as the ledger has it."""

    id: int
    kind: str
    source_id: int
    address: str
    state: str
    reason: str | None
    expires_at: datetime | None


_ROWS = text("""
SELECT d.id, d.kind, d.source_id, r.address, d.state, d.reason, d.expires_at
FROM delivery d JOIN resident r ON r.id = d.resident_id ORDER BY d.id
""")
_UNDER_WAY = text("SELECT count(*) FROM delivery WHERE state NOT IN ('queued', 'sending')")


async def rows(database: Database) -> list[Row]:
    """Return every delivery."""
    async with database.begin() as conn:
        return [Row(**one._mapping) for one in await conn.execute(_ROWS)]


async def under_way(database: Database, expected: int) -> int:
    """Return how many of the expected deliveries have neither come to an end nor are held."""
    async with database.begin() as conn:
        ended: int = (await conn.execute(_UNDER_WAY)).scalar_one()
    return expected - ended
