"""Sessions of the desk: who is in, on which device, until when."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    LargeBinary,
    Table,
    Text,
)

from storage.tables.metadata import metadata

# Of the cookie only a digest is held: who reads this table can't enter with it.
desk_session = Table(
    "desk_session",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("device", Text, nullable=False),  # a kind of device in a word, so that people know their own
    Column("trusted", Boolean, nullable=False),  # their own phone: they stay in for a month
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("fresh_at", DateTime(timezone=True), nullable=False),  # when a code was last entered on it
    Column("expires_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("length(device) <= 40", name="device_length"),
)
