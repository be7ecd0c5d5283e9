"""What a backup says of itself, before anything of it is restored."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage import schema
from storage.backup.programs import run
from storage.errors import BackupFailed

_ROWS = re.compile(
    r"^COPY \S*backup \(taken_at, revision, finished_at\) FROM stdin;\n(.*?)^\\\.$", re.MULTILINE | re.DOTALL
)
NEWER = "Install the mingbai that made it, or a newer one."


@dataclass(frozen=True)
class Header:
    """When it was taken, of which PostgreSQL, and which revision its tables have."""

    taken_at: datetime
    major: int
    revision: str


def read(file: Path) -> Header:
    """Read a backup's header. Blocks. BackupFailed for a file that is none of ours, or a newer mingbai's."""
    if not file.is_file():
        raise BackupFailed(f"There is no file {file}.", remedy="Name the file that `mingbai db backup` wrote.")
    major = re.search(r"Dumped from database version: (\d+)", run("pg_restore", "--list", str(file)))
    rows = run("pg_restore", "--data-only", "--table=backup", "--file=-", str(file))
    found = _ROWS.search(rows)
    lines = sorted(line.split("\t") for line in found[1].splitlines()) if found else []
    if major is None or not lines:
        raise BackupFailed(f"{file} is no backup of mingbai's.", remedy="Name one that `mingbai db backup` wrote.")
    taken_at, revision, _ = lines[-1]
    if not schema.knows(revision):
        raise BackupFailed(f"{file} was made by a newer mingbai: its tables are at {revision}.", remedy=NEWER)
    return Header(datetime.fromisoformat(taken_at).astimezone(UTC), int(major[1]), revision)
