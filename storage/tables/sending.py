"""What is to be sent and how far it got: accounts, deliveries, the beats of periodic work."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.states import PRIORITY, State
from storage.tables.metadata import metadata

_STATES = ", ".join(f"'{state}'" for state in State)
_KINDS = ", ".join(f"'{kind}'" for kind in PRIORITY)

# One bot or official account that may speak first. Residents name it by channel and name.
account = Table(
    "account",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("per_second", Double),  # the platform's limit; none known: null
    Column("held_until", DateTime(timezone=True)),  # the platform said to wait: nothing is sent before
    Column("free_at", DateTime(timezone=True)),  # when the next message may go, so that the rate holds over hand-overs
    UniqueConstraint("channel", "name"),
    CheckConstraint("per_second > 0", name="per_second"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("source_kind", Text, nullable=False),  # whose words: reminder, broadcast …
    Column("source_id", BigInteger, nullable=False),
    # Of an erased resident the row stays without a name, so that a broadcast's counts stay true.
    Column("resident_id", ForeignKey("resident.id", ondelete="SET NULL")),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),  # storage.states.Kind
    Column("state", Text, nullable=False, server_default="queued"),  # storage.states.State
    Column("not_before", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),  # so every waiting row comes to an end
    Column("drain", BigInteger),  # who claimed it; only they may say what became of it
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("moved_at", DateTime(timezone=True), nullable=False),
    Column("reason", Text),  # a word of the channel's outcome table, or of ours; never a text
    Column("ref", Text),  # the platform's name for the message
    UniqueConstraint("source_kind", "source_id", "resident_id"),
    CheckConstraint(f"state IN ({_STATES})", name="state"),
    CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
    CheckConstraint("(state = 'sending') <= (drain IS NOT NULL)", name="sending_by_a_drain"),
    Index("delivery_queued_idx", "account_id", "kind", "not_before", postgresql_where=text("state = 'queued'")),
    Index(
        "delivery_lane_idx",
        "account_id",
        "kind",
        "source_kind",
        "source_id",
        "not_before",
        postgresql_where=text("state = 'queued'"),
    ),
    Index("delivery_sending_idx", "account_id", postgresql_where=text("state = 'sending'")),
    Index("delivery_waiting_idx", "expires_at", postgresql_where=text("state IN ('queued', 'held')")),
    Index("delivery_waiting_for_idx", "resident_id", postgresql_where=text("state IN ('queued', 'held')")),
    Index(None, "resident_id", "kind", "moved_at"),
    Index(None, "moved_at"),
)

# Of several sources of one kind the least recently served goes first.
lane = Table(
    "lane",
    metadata,
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("source_kind", Text, primary_key=True),
    Column("source_id", BigInteger, primary_key=True),
    Column("served_at", DateTime(timezone=True)),
)

# One row for each entry of the timetable, so that silence is seen.
beat = Table(
    "beat",
    metadata,
    Column("entry", Text, primary_key=True),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("succeeded_at", DateTime(timezone=True)),
    Column("said", Text, nullable=False, server_default=""),  # counts, or the type of the error; never a text
)
