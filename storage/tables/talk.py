"""Residents and their talks. No table here keeps what a resident wrote: `inbox` keeps that a message came and, until it
is sent, our own answer."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from storage.tables.metadata import metadata

_STEMS = r"cardinality(places) = 0 OR array_to_string(places, ' ') ~ '^((\d{2}|\d{4}|\d{6}|\d{9}|\d{12})( |$))+$'"

# One address on one account of one channel. Never linked to another: who someone is elsewhere is not ours to know.
resident = Table(
    "resident",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("places", ARRAY(Text), nullable=False, server_default=text("'{}'")),  # stems; the first is home
    Column("language", Text, nullable=False, server_default="zh"),
    Column("trial_guest", Boolean, nullable=False, server_default=text("false")),
    Column("welcomed_on", Date),  # the day on which it was last said who we are and what is kept
    Column("stopped_at", DateTime(timezone=True)),  # wants to hear nothing unasked since then
    Column("gone_at", DateTime(timezone=True)),  # blocked or left the account since then; their next message ends it
    Column("created_on", Date, nullable=False),
    Column("seen_on", Date, nullable=False, index=True),
    UniqueConstraint("channel", "account", "address"),
    CheckConstraint("cardinality(places) <= 3", name="places_few"),
    CheckConstraint(_STEMS, name="places_stems"),
    CheckConstraint("length(address) BETWEEN 1 AND 200", name="address_length"),
)

# No index on touched_at: the table holds a day's talks, and an index would make each save dearer.
conversation = Table(
    "conversation",
    metadata,
    Column("resident_id", ForeignKey("resident.id", ondelete="CASCADE"), primary_key=True),
    Column("state", JSONB, nullable=False),
    Column("touched_at", DateTime(timezone=True), nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),  # of the message's id: see storage/inbox.py
    Column("resident_id", ForeignKey("resident.id", ondelete="SET NULL")),
    Column("received_at", DateTime(timezone=True), nullable=False, index=True),
    Column("reply", JSONB(none_as_null=True)),  # our answer, until it is sent
    Column("sent_at", DateTime(timezone=True)),
    Index(None, "resident_id", "received_at"),
)
unsent = inbox.c.reply.is_not(None)
Index("inbox_unsent_idx", inbox.c.channel, inbox.c.account, inbox.c.received_at, postgresql_where=unsent)
