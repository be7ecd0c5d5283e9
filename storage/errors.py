"""What can go wrong with the database, each error named by what to do next.

DatabaseError
├── UrlRefused        the text given as URL is not one of PostgreSQL
├── Unreachable       nothing answers there, or it turns us away
├── ConnectionLost    it went away in the middle of a transaction
├── Busy              every connection of the pool is in use
├── StatementRefused  it understood a statement and refused it: a mistake of ours, or a value out of bounds
├── FolderUnusable    the data folder is not ours, not writable, or of another PostgreSQL
├── ServerFailed      the embedded PostgreSQL did not start
├── SchemaBusy        something else holds the tables that a migration wants to change
├── SchemaOutdated    the tables are not those that this code knows
├── HalfRestored      the tables came from a backup, and what was taken back since was not taken back here yet
├── BackupFailed      a backup could not be made, or one can't be restored
└── ListRefused       a list of erasures can't be used
NaiveTime             a time without a zone was handed in (a mistake in our code)
KeyRefused            the key of the trail is too short, or its file can't be used
"""


class DatabaseError(Exception):
    """The database cannot be used as asked; `problem` says why and `remedy` what a person can do about it."""

    remedy = ""

    def __init__(self, problem: str, *, remedy: str = "") -> None:
        self.problem = problem
        self.remedy = remedy or self.remedy
        super().__init__(f"{problem} {self.remedy}".strip())


class UrlRefused(DatabaseError):
    """The URL is not one of PostgreSQL."""

    remedy = "Write MINGBAI_DATABASE_URL as postgresql://user:password@host:5432/database, or leave it out."


class Unreachable(DatabaseError):
    """No connection could be made; nothing was asked of the database yet, so nothing is half done."""

    remedy = "See that PostgreSQL is up, and check host, port, database, user and password in MINGBAI_DATABASE_URL."


class ConnectionLost(DatabaseError):
    """The database went away in a transaction. If it went while committing, all of it may have been kept."""

    remedy = "Do the whole transaction again; a message that was taken is recognised."


class Busy(DatabaseError):
    """No connection came free in time. Nothing was asked of the database."""

    remedy = "Try again in a moment; if it happens often, make the pool larger."


class StatementRefused(DatabaseError):
    """A statement failed and its transaction was rolled back. Says why, never the values, which may be a person's."""

    remedy = "This is a mistake in mingbai: please report it with these words."


class FolderUnusable(DatabaseError):
    """The data folder cannot hold the embedded database."""

    remedy = "Choose a folder that this user owns and may write to, or give MINGBAI_DATABASE_URL."


class ServerFailed(DatabaseError):
    """The embedded PostgreSQL did not come up; `problem` ends with the last lines of its log."""

    remedy = "Look for a full disk or little memory, then start again; nothing committed is lost."


class SchemaBusy(DatabaseError):
    """A migration waited too long for the tables. Steps before it stay, of its own nothing does."""

    remedy = "Try again in a moment; if it happens again, stop mingbai for the time of the migration."


class SchemaOutdated(DatabaseError):
    """The tables in the database are not those of this code."""

    remedy = "Run `mingbai db upgrade`; if it does not know the revision, install the newer mingbai that does."


class HalfRestored(DatabaseError):
    """Tables from a backup that were not finished: who asked to be forgotten since may stand in them."""

    remedy = "Empty this database, and restore with `mingbai db restore`, which ends by erasing them."


class BackupFailed(DatabaseError):
    """A backup could not be made or read; what was begun is gone."""

    remedy = "Nothing was changed. Mend what it says, and try again."


class ListRefused(DatabaseError):
    """A list of erasures is missing, can't be read, or is under another key."""

    remedy = (
        "Give the newest list with --erasures: `mingbai db erasures FILE` writes it, and every backup beside itself."
    )


class KeyRefused(Exception):
    """The key of the trail (storage/audit.py) is too short, or its file can't be read or written."""


class NaiveTime(ValueError):
    """A time without a zone was handed in. Eight hours would go missing unseen, so it is refused."""
