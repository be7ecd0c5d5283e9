"""Every state in which a delivery waits has an end; this is who brings it.

queued   → a drain claims it, or `expire` ends it when it would no longer help
held     → the resident's next contact queues it, or `expire` ends it
sending  → its drain says what became of it; a dead drain's claims are closed by the next one of that account, which
           `wake` calls for as long as any are open
"""

from datetime import datetime

from scheduler.engine import Engine
from scheduler.limits import awake
from storage import accounts, deliveries
from storage.database import Database
from storage.deliveries import BITE


async def wake(database: Database, engine: Engine, now: datetime) -> int:
    """Wake every account with something due or an open claim; returns how many were not awake already."""
    async with database.begin() as conn:
        found = await accounts.awaiting(conn, awake(now), now)
    return sum([await engine.wake(account) for account in found])


async def expire(database: Database, now: datetime) -> int:
    """End what would no longer help, bite after bite; returns how many."""
    ended = 0
    while True:
        async with database.begin() as conn:
            bite = await deliveries.expire(conn, now)
        ended += bite
        if bite < BITE:
            return ended
