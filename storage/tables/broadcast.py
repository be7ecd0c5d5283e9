"""Broadcasts: notices that were submitted, as they were frozen then, and who they were to go to."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from storage.tables.metadata import metadata

_STATES = "state IN ('submitted', 'withdrawn', 'lapsed', 'approved', 'stopped', 'corrected')"
_STEMS = (
    r"cardinality(audience) BETWEEN 1 AND 20"
    r" AND array_to_string(audience, ' ') ~ '^((\d{2}|\d{4}|\d{6}|\d{9}|\d{12})( |$))+$'"
)
# Who follows something sensitive is addressed by banner or wider, whoever writes to the table.
_SENSITIVE = (
    r"NOT sensitive OR (cardinality(follows) > 0"
    r" AND array_to_string(audience, ' ') ~ '^((\d{2}|\d{4}|\d{6})( |$))+$')"
)
_APPROVED = "state NOT IN ('approved', 'stopped', 'corrected') OR (approved_at IS NOT NULL AND expires_at IS NOT NULL)"
_TWO_PEOPLE = "cardinality(flags) = 0 OR approved_by <> staff_id"

broadcast = Table(
    "broadcast",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("number", Text, nullable=False),  # the notice's
    Column("staff_id", ForeignKey("staff.id", ondelete="SET NULL"), index=True),  # who wrote it
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),  # as everybody reads it, values put in
    Column("link", Text),  # card:<programme> or window:<id>
    Column("office", Text, nullable=False),  # who sends it, as residents read it
    Column("place", Text, nullable=False),  # stem: of which place that office is
    Column("audience", ARRAY(Text), nullable=False),  # stems
    Column("follows", ARRAY(Text), nullable=False, server_default=text("'{}'")),  # topic:… programme:…; none: everyone
    Column("sensitive", Boolean, nullable=False, server_default=text("false")),  # what they follow
    Column("flags", ARRAY(Text), nullable=False, server_default=text("'{}'")),  # why a second person must see it
    Column("send_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True)),  # none before the approval: as its kind has it
    Column("corrects", ForeignKey("broadcast.id", ondelete="SET NULL"), index=True),
    Column("hash", Text, nullable=False),  # of words and recipients: what is approved
    Column("recipients", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default="submitted"),  # storage.broadcasts.BroadcastState
    Column("submitted_at", DateTime(timezone=True), nullable=False),
    Column("approved_by", ForeignKey("staff.id", ondelete="SET NULL")),
    Column("approved_at", DateTime(timezone=True)),
    Column("reviewed_by", ForeignKey("staff.id", ondelete="SET NULL")),
    Column("reviewed_at", DateTime(timezone=True)),
    Column("spread_at", DateTime(timezone=True)),  # its deliveries were made
    Column("out_at", DateTime(timezone=True)),  # each of them was tried, or taken back
    Column("moved_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("number ~ '^[A-Z][0-9]{5}$'", name="number_form"),
    CheckConstraint("kind IN ('urgent', 'notice')", name="kind_known"),
    CheckConstraint("length(title) BETWEEN 1 AND 40", name="title_length"),
    CheckConstraint("length(text) BETWEEN 1 AND 1000", name="text_length"),
    CheckConstraint("length(office) BETWEEN 1 AND 40", name="office_length"),
    CheckConstraint(r"place ~ '^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$'", name="place_stem"),
    CheckConstraint(_STEMS, name="audience_stems"),
    CheckConstraint(_SENSITIVE, name="sensitive_wide"),
    CheckConstraint(_STATES, name="state_known"),
    CheckConstraint(_APPROVED, name="approved_first"),
    CheckConstraint(_TWO_PEOPLE, name="two_people"),
    CheckConstraint("reviewed_by <> approved_by", name="reviewed_by_another"),
)
_live = text("state NOT IN ('withdrawn', 'lapsed')")
Index("broadcast_number_idx", broadcast.c.number, unique=True, postgresql_where=_live)
Index("broadcast_open_idx", broadcast.c.id, postgresql_where=text("out_at IS NULL"))

# Who a broadcast is for, until its deliveries are made or it is taken back. An array and not a row each: a million
# recipients are frozen in seconds, and the very list that was approved can be hashed again, whoever erased meanwhile.
broadcast_list = Table(
    "broadcast_list",
    metadata,
    Column("broadcast_id", ForeignKey("broadcast.id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("residents", ARRAY(BigInteger), nullable=False),
)
