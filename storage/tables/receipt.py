"""Who said 收到 under a notice: only so that nobody counts twice, and for a month."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Table, Text

from storage.tables.metadata import metadata

receipt = Table(
    "receipt",
    metadata,
    Column("broadcast_id", ForeignKey("broadcast.id", ondelete="CASCADE"), primary_key=True),
    Column("resident_id", ForeignKey("resident.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Text, nullable=False),  # stem: by which of their places they are counted
    Column("received_on", Date, nullable=False),  # the local day, no hour: it could be told from who was called when
    CheckConstraint(r"place ~ '^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$'", name="place_stem"),
    Index(None, "resident_id"),
    Index(None, "received_on"),
)
