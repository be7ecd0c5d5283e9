"""The data folder of the embedded server: made whole or not at all, started, stopped.

folder/postgres        the data (PostgreSQL's own), readable by its owner only
folder/postgres.new    a data folder in the making; whatever is found here is thrown away
folder/start.lock      held while one process looks after the server
folder/present.lock    held, shared, by every process that uses the server
"""

import hashlib
import os
import re
import shutil
from functools import cached_property
from pathlib import Path

import psutil

from storage.embedded.owner import Owner, find_owner, let_through
from storage.embedded.programs import MAJOR, find_programs, make_reachable, run
from storage.errors import FolderUnusable

LONGEST_SOCKET = 100  # bytes; the system's limit is 104 to 108
PLAIN_PATH = re.compile(r"[\w./+-]+")  # what neither libpq nor the shell of pg_ctl reads as more than a name
LOG_KEPT = 1_000_000  # bytes

# Given at each start, so that a change here reaches every installation. No TCP. Nothing about residents in the log:
# an ERROR line can carry a value, so only the server's own affairs (LOG and above) are written.
SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=200",
    "timezone=UTC",
    "jit=off",  # our statements are short
    "log_timezone=UTC",
    "wal_recycle=off",  # a file of the log that is used again holds what was erased; one that is removed does not
    "min_wal_size=32MB",
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_checkpoints=off",
    "log_autovacuum_min_duration=-1",
)


class Cluster:
    """One data folder and its server. Call from one process at a time (start.lock)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.data = folder / "postgres"

    @cached_property
    def _owner(self) -> Owner:
        return find_owner()

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies: with the data, or under /tmp where that path is too long or has odd signs in it."""
        if len(os.fsencode(self.data / ".s.PGSQL.5432")) <= LONGEST_SOCKET and PLAIN_PATH.fullmatch(str(self.data)):
            return self.data
        # Not the temporary folder of the environment: every process must find the same one.
        return Path("/tmp") / f"mingbai-{hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]}"  # noqa: S108

    def create(self) -> None:
        """Make the data folder if there is none. FolderUnusable if it belongs to someone else or another PostgreSQL."""
        if self._owner.lent:
            let_through([self.data])
            make_reachable(find_programs())
        if not self.data.exists():
            self._initialise()
        self._refuse_a_strangers()

    def _initialise(self) -> None:
        new = self.data.with_suffix(".new")
        if new.exists():
            shutil.rmtree(new)  # someone was cut off while making it
        self._make_private(new)
        locale = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        run("initdb", "-D", new.name, "-U", "postgres", "--auth=trust", *locale, owner=self._owner, cwd=self._folder)
        new.rename(self.data)
        _sync(self._folder)

    def _refuse_a_strangers(self) -> None:
        if self.data.stat().st_uid != self._owner.uid:
            raise FolderUnusable(f"The database in {self.data} belongs to another user.")
        if (version := (self.data / "PG_VERSION").read_text().strip()) != MAJOR:
            problem = f"The database in {self.data} was made by PostgreSQL {version}, and this is {MAJOR}."
            remedy = "Back it up with the mingbai that made it, and restore it into an empty folder."
            raise FolderUnusable(problem, remedy=remedy)

    def _make_private(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        if self._owner.lent:  # what is ours already stays so: a service manager may forbid chown altogether
            os.chown(folder, self._owner.uid, self._owner.gid)

    def start(self) -> None:
        """Start the server and wait until it answers. ServerFailed if it does not; it may then be tried again."""
        self._forget_a_dead_postmaster()
        self._prepare_socket_folder()
        log = self.data / "server.log"
        if log.exists() and log.stat().st_size > LOG_KEPT:
            log.unlink()
        options = " ".join([f"-k {self.socket_folder}", *(f"-c {setting}" for setting in SETTINGS)])
        # Relative paths: pg_ctl hands them to a shell, and the folder's name may mean something to it.
        where = ("-D", self.data.name, "-l", f"{self.data.name}/{log.name}")
        run("pg_ctl", "start", "-w", *where, "-o", options, owner=self._owner, cwd=self._folder)

    def _forget_a_dead_postmaster(self) -> None:
        # PostgreSQL itself takes any living process with that number for its own, be it a zombie or a stranger of the
        # same user. Removing these files is safe: shared memory that old backends still use stops a second server too.
        for notes in (self.data / "postmaster.pid", self.socket_folder / ".s.PGSQL.5432.lock"):
            if notes.exists() and not self._is_ours(notes.read_text().partition("\n")[0]):
                notes.unlink()

    def _is_ours(self, number: str) -> bool:
        try:
            return Path(psutil.Process(int(number)).cwd()) == self.data
        except (ValueError, OSError, psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def _prepare_socket_folder(self) -> None:
        folder = self.socket_folder
        if not folder.exists():
            self._make_private(folder)
        if folder.is_symlink() or folder.stat().st_uid != self._owner.uid:
            raise FolderUnusable(f"The socket folder {folder} belongs to another user.", remedy="Remove it.")

    def is_stopping(self) -> bool:
        """Whether the server was told to end, and waits for those who are still connected."""
        notes = self.data / "postmaster.pid"
        return notes.exists() and notes.read_text().rstrip().endswith("stopping")

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, everything committed is on disk."""
        run("pg_ctl", "stop", "-w", "-m", "fast", "-D", self.data.name, owner=self._owner, cwd=self._folder)
        if self.socket_folder != self.data:
            self.socket_folder.rmdir()

    def last_words(self) -> str:
        """Return the last lines of the server's log, which hold nothing about residents."""
        log = self.data / "server.log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-8:]) if log.exists() else ""


def _sync(folder: Path) -> None:
    """Make a rename in `folder` outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
