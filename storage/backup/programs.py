"""pg_dump and pg_restore: those of the wheel, or of the system where the way to the database may be encrypted."""

import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from storage.embedded.programs import find_programs, surroundings
from storage.errors import BackupFailed

HERE = {"localhost", "127.0.0.1", "::1"}


def run(program: str, *arguments: str, url: URL | None = None) -> str:
    """Run a program to its end and return what it wrote. Blocks. BackupFailed with its last words."""
    command = [str(_found(program, url)), *arguments]
    if url is not None:
        # Everybody on the machine sees a program's arguments: the password goes another way.
        command += ["--no-password", f"--dbname={_without_password(url)}"]
    environment = surroundings() | ({"PGPASSWORD": str(url.password)} if url is not None and url.password else {})
    done = subprocess.run(  # noqa: S603 - PostgreSQL's programs, arguments of ours
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        raise BackupFailed(f"{program} ended with {done.returncode}: {_last_words(done.stderr)}.")
    return done.stdout


def _found(program: str, url: URL | None) -> Path:
    """Return the wheel's program, or the system's where the way to the database must be able to be encrypted."""
    if url is None or _is_here(url) or url.query.get("sslmode") == "disable":
        return find_programs() / program
    found = shutil.which(program)
    if found is None:
        remedy = "Install PostgreSQL's client programs on this machine, of the server's version or newer."
        raise BackupFailed(f"For a database across a network {program} must speak TLS; ours does not.", remedy=remedy)
    return Path(found)


def _is_here(url: URL) -> bool:
    host = url.host or url.query.get("host") or ""
    return isinstance(host, str) and (host in HERE or host.startswith("/") or not host)


def _without_password(url: URL) -> str:
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _last_words(said: str) -> str:
    """The first error, without the rows that PostgreSQL adds to it."""
    errors = [line for line in said.splitlines() if "error" in line.lower()]
    return (errors or said.splitlines() or ["no word"])[0][:300].rstrip(".")
