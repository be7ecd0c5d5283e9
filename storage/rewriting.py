"""Writing tables anew, so that nothing of what was deleted is left in their files.

PostgreSQL only marks what it deletes: the bytes stay in the file until something else takes their place, and in the log
of changes (WAL) until its file goes. So tables that hold something of residents are written anew in the night, and
the log is cut after it. What remains outside PostgreSQL's reach (free blocks of a disk, a disk's copies) is the disk's.
"""

from datetime import datetime, timedelta

import structlog
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Table, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.moments import utc
from storage.tables import delivery, metadata, resident
from storage.tables.operating import rewritten
from storage.tables.staff import staff_talk
from storage.tables.unanswered import unanswered_text

log = structlog.get_logger()

LARGEST = 500_000_000
"""Bytes of a table that is written anew, some seconds in which nobody can read it. Of a larger one the space of deleted
rows is only given free, and overwritten by and by."""

LIMITS = "SET lock_timeout = '2s'; SET statement_timeout = '2min'"

AFTER, AT_THE_LATEST = timedelta(hours=20), timedelta(days=3)


def tables() -> list[Table]:
    """Every table that says something of a resident, or in their words. Deliveries hold numbers only, and are many."""
    of = [table for table in metadata.sorted_tables if any(key.column.table is resident for key in table.foreign_keys)]
    return [resident, *(table for table in of if table is not delivery), staff_talk, unanswered_text]


async def due(conn: AsyncConnection, now: datetime, *, night: bool) -> list[Table]:
    """Return the tables whose turn it is: once a night, or after three days where no night was used.

    A table that is seen for the first time has its turn the next night.
    """
    known = {row.name: row.at for row in await conn.execute(select(rewritten))}
    unknown = [{"name": table.name, "at": utc(now)} for table in tables() if table.name not in known]
    if unknown:
        await conn.execute(insert(rewritten).on_conflict_do_nothing(), unknown)
    wait = AFTER if night else AT_THE_LATEST
    return [table for table in tables() if table.name in known and now - known[table.name] > wait]


async def rewrite(database: Database, wanted: list[Table], now: datetime) -> int:
    """Write these tables anew; returns how many were. One that is in use is left for the next look."""
    conn = await database.connect_apart()
    try:
        await conn.execution_options(isolation_level="AUTOCOMMIT")
        await conn.execute(text(LIMITS))
        done = [table.name for table in wanted if await _one(conn, table)]
        if done:
            times = [{"name": name, "at": utc(now)} for name in done]
            made = insert(rewritten)
            again = made.on_conflict_do_update(index_elements=["name"], set_={"at": made.excluded.at})
            await conn.execute(again, times)
            await _cut_log(conn)
        return len(done)
    finally:
        await conn.close()


async def _one(conn: AsyncConnection, table: Table) -> bool:
    size = await conn.scalar(text("SELECT pg_total_relation_size(CAST(:name AS regclass))"), {"name": table.name})
    how = "VACUUM FULL" if int(size or 0) <= LARGEST else "VACUUM"
    try:
        await conn.execute(text(f"{how} {table.name}"))
    except DBAPIError as error:
        log.warning("not_rewritten", table=table.name, error=type(error.orig).__name__)
        return False
    return True


async def _cut_log(conn: AsyncConnection) -> None:
    """Let the files of the log go that hold what was there before. Only who runs the server may."""
    try:
        await conn.execute(text("SELECT pg_switch_wal()"))
        await conn.execute(text("CHECKPOINT"))
    except DBAPIError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        log.info("log_not_cut", reason="not allowed on this server")
