"""What can go wrong with the database, each error named by what to do next.

DatabaseError
├── UrlRefused        the text given as URL is not one of PostgreSQL
├── Unreachable       nothing answers there, or it turns us away
├── ConnectionLost    it went away in the middle of a transaction
├── Busy              every connection of the pool is in use
├── FolderUnusable    the data folder is not ours, not writable, or of another PostgreSQL
├── ServerFailed      the embedded PostgreSQL did not start
└── SchemaOutdated    the tables are not those that this code knows
NaiveTime             a time without a zone was handed in (a mistake in our code)
"""

SCHEMA_REMEDY = "Run `mingbai db upgrade`; if that finds nothing to do, this mingbai is older than its data: install the newer."


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
    """The database went away in a transaction. If that was while committing, it may have been kept: do it again by id."""

    remedy = "Do the whole transaction again; an id that was taken already will be recognised."


class Busy(DatabaseError):
    """No connection came free in time. Nothing was asked of the database."""

    remedy = "Try again in a moment; if it happens often, make the pool larger."


class FolderUnusable(DatabaseError):
    """The data folder cannot hold the embedded database."""

    remedy = "Choose a folder that this user owns and may write to, or give MINGBAI_DATABASE_URL."


class ServerFailed(DatabaseError):
    """The embedded PostgreSQL did not come up; `problem` ends with the last lines of its log."""

    remedy = "Look for a full disk or little memory, then start again; nothing committed is lost."


class SchemaOutdated(DatabaseError):
    """The tables in the database are not those of this code."""

    remedy = SCHEMA_REMEDY


class NaiveTime(ValueError):
    """A time without a zone was handed in. Eight hours would go missing unseen, so it is refused."""
