"""Restoring a backup into an empty database, which is shut until what residents took back is taken back there too."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from storage import erasures as listing
from storage import schema
from storage.audit import Trail
from storage.backup.doubt import doubt
from storage.backup.dump import LIST
from storage.backup.header import Header, read
from storage.backup.programs import run
from storage.database import Database
from storage.erasures import KEPT, Erasures, Written
from storage.errors import BackupFailed, ListRefused
from storage.retention import forget_due

EARLIER = timedelta(minutes=5)
"""What was taken back so shortly before a backup began is taken back again: two clocks may differ by as much."""

EMPTY = "Name an empty folder in MINGBAI_DATA, or an empty database in MINGBAI_DATABASE_URL, that no mingbai ever used."


@dataclass(frozen=True)
class Restored:
    """What was restored: when the backup was taken, until when the list goes, and how much was taken back again."""

    taken_at: datetime
    list_until: datetime
    again: int


@asynccontextmanager
async def restored(
    database: Database, file: Path, *, list_: Path | None, erasures: Erasures, trail: Trail, now: datetime, sent: bool
) -> AsyncIterator[Restored]:
    """Restore a backup; the block is run when all is there and the database still shut, which is opened at its end.

    `list_`: the list of erasures, else the one beside the file. `sent`: something may have been sent since the backup,
    so what waits to be sent in it isn't sent. BackupFailed, ListRefused: nothing was changed.
    """
    header = await asyncio.to_thread(read, file)
    known = _list(list_ or file.parent / LIST, header, erasures, now)
    await _refuse_what_cannot_take_it(database, header)
    how = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    await asyncio.to_thread(lambda: run("pg_restore", *how, str(file), url=database.url))
    await asyncio.to_thread(schema.upgrade_shut, database.url, header.revision)
    async with database.begin() as conn:
        again = await erasures.replay(conn, known.entries, since=header.taken_at - EARLIER)
        await listing.add(conn, known.entries)
    await forget_due(database, now)
    yield Restored(header.taken_at, known.until, again)
    async with database.begin() as conn:
        if sent:
            await doubt(conn, now)
        named = f"backup:{header.taken_at:%Y-%m-%dT%H:%M:%SZ}"
        await trail.record(conn, actor="operator", verb="restored", object_id=named, now=now)
        await schema.open_shut(conn)


def _list(file: Path, header: Header, erasures: Erasures, now: datetime) -> Written:
    """Read the list, and see that it can tell what was taken back since the backup."""
    if header.taken_at < now - KEPT:
        days = f"{KEPT.days} days"
        remedy = "Restore a newer one."
        raise BackupFailed(f"The backup is older than {days}: nobody knows who was erased since.", remedy=remedy)
    if not file.is_file():
        raise ListRefused(f"There is no list {file}.")
    known = Written.read(file.read_text("ascii", errors="replace"))
    if known.mark != erasures.mark:
        remedy = "Bring the trail's key of that installation: MINGBAI_AUDIT_KEY, or trail.key in MINGBAI_DATA."
        raise ListRefused(f"{file} is under another key than this installation's.", remedy=remedy)
    if known.until < header.taken_at:
        raise ListRefused(f"{file} is older than the backup.")
    return known


async def _refuse_what_cannot_take_it(database: Database, header: Header) -> None:
    async with database.begin() as conn:
        if await conn.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()")):
            raise BackupFailed("The database is not empty.", remedy=EMPTY)
        major = int(await conn.scalar(text("SHOW server_version_num")) or 0) // 10_000
    if major < header.major:
        remedy = f"Use PostgreSQL {header.major} or newer."
        raise BackupFailed(f"The backup is of PostgreSQL {header.major}, and this is {major}.", remedy=remedy)
