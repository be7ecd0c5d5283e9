"""Taking a backup of a database in use."""

import asyncio
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, update

from storage import schema
from storage.backup.programs import run
from storage.database import Database
from storage.erasures import Erasures, Written, entries_of
from storage.errors import BackupFailed, ListRefused
from storage.interest.marks import OPEN
from storage.moments import utc
from storage.tables.operating import backup

LIST = "erasures.list"
"""The name of the list that lies beside backups, the newest one for all of them."""

NOT_AT_ALL = (f"{OPEN}*", "alembic_version")
NO_ROWS = (
    "conversation",  # a day
    "desk_session",  # who is in
    "staff_invitation",  # links, used up perhaps after the backup
    "staff_sign_in",
    "wechat_given",  # a day
    "wechat_token",  # a secret
)
WAKE_UPS = "procrastinate"  # their schema is made anew by any process


@dataclass(frozen=True)
class Taken:
    """A backup that was taken: the file, its bytes, and the list beside it."""

    file: Path
    size: int
    taken_at: datetime
    listed: int


async def back_up(database: Database, file: Path, *, erasures: Erasures, now: datetime) -> Taken:
    """Write a backup to a new file, readable by its owner only, while everything goes on.

    BackupFailed, with nothing left behind; ListRefused where the list beside it is of another key.
    """
    await asyncio.to_thread(_refuse_what_is_there, file, erasures)
    async with database.begin() as conn:
        await schema.require_current(conn)
        await conn.execute(insert(backup).values(taken_at=utc(now), revision=schema.head()))
    size = await asyncio.to_thread(_dump, database, file)
    listed = await write_list(database, file.parent / LIST, erasures=erasures, now=now)
    async with database.begin() as conn:
        await conn.execute(update(backup).where(backup.c.taken_at == utc(now)).values(finished_at=utc(now)))
    return Taken(file, size, now, listed)


async def write_list(database: Database, file: Path, *, erasures: Erasures, now: datetime) -> int:
    """Write the list of what residents took back, in place of an older one; returns how many entries it has."""
    await asyncio.to_thread(_refuse_a_strangers, file, erasures)
    async with database.begin() as conn:
        entries = await entries_of(conn)
    await asyncio.to_thread(_put, file, Written(now, erasures.mark, tuple(entries)).text())
    return len(entries)


def _refuse_what_is_there(file: Path, ours: Erasures) -> None:
    if file.exists():
        raise BackupFailed(f"{file} is there already.", remedy="Choose another name; a backup is never overwritten.")
    _refuse_a_strangers(file.parent / LIST, ours)


def _refuse_a_strangers(file: Path, ours: Erasures) -> None:
    if file.exists() and Written.read(file.read_text("ascii")).mark != ours.mark:
        remedy = "Choose another folder: one folder holds the backups of one installation."
        raise ListRefused(f"{file} is the list of another installation, or the key was changed.", remedy=remedy)


def _dump(database: Database, file: Path) -> int:
    """Dump into a file of another name, see that it can be read, and only then give it its name. Returns its bytes."""
    part = file.with_name(f"{file.name}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        without = [f"--exclude-table={name}" for name in NOT_AT_ALL]
        without += [f"--exclude-table-data={name}" for name in NO_ROWS]
        how = ("--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={WAKE_UPS}", f"--file={part}")
        run("pg_dump", *how, *without, url=database.url)
        run("pg_restore", "--list", str(part))
        return part.rename(file).stat().st_size
    except OSError as error:
        raise BackupFailed(f"{file} can't be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def _put(file: Path, text: str) -> None:
    new = file.with_name(f".{file.name}.new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    new.rename(file)
