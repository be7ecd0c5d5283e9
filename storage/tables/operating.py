"""What operating needs: who asked to be forgotten since the oldest backup, the backups, when tables were rewritten."""

from sqlalchemy import CheckConstraint, Column, DateTime, LargeBinary, Table, Text, event
from sqlalchemy.schema import DDL

from storage.tables.metadata import metadata
from storage.tables.staff import ticket
from storage.tables.talk import resident

# What residents took back, as keyed digests of their addresses, so that a backup that is restored takes it back too.
erasure = Table(
    "erasure",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("deed", Text, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    CheckConstraint("deed IN ('erased', 'stopped', 'unfollowed', 'withdrew')", name="deed_known"),
)

# One row is written before each backup begins, and so stands in it: the backup says itself when it was taken.
backup = Table(
    "backup",
    metadata,
    Column("taken_at", DateTime(timezone=True), primary_key=True),
    Column("revision", Text, nullable=False),  # of the tables
    Column("finished_at", DateTime(timezone=True)),
)

# When a table was last written anew, which leaves nothing of deleted rows in its files (storage/rewriting.py).
rewritten = Table(
    "rewritten",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)

UNSAMPLED = {resident: ("address",), ticket: ("question", "answer")}
"""PostgreSQL keeps samples of values for its planner, and would keep them of people's; so it takes none of these."""

for table, columns in UNSAMPLED.items():
    for column in columns:
        unsampled = DDL(f"ALTER TABLE {table.name} ALTER COLUMN {column} SET STATISTICS 0")  # type: ignore[no-untyped-call]
        event.listen(table, "after_create", unsampled)
