"""What staff enter for a place, and what residents follow: windows, local details, following.

Days are days of the calendar as the notice says them, not moments: they have no zone. Who entered, confirmed or changed
something is an id of staff, never a name.
"""

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
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from storage.tables.metadata import metadata

_STEM = r"place ~ '^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$'"
_STATE = "state IN ('draft', 'published', 'cancelled')"
# Nothing without a source can be published, whoever writes to the table.
_SOURCED = "state <> 'published' OR (length(source) > 0 AND confirmed_by IS NOT NULL)"
_ONE_SUBJECT = "num_nonnulls(programme, matter) = 1"
_TIMES = """CASE timing
 WHEN 'dated' THEN closes_on IS NOT NULL AND about IS NULL
 WHEN 'yearly' THEN closes_on IS NOT NULL AND about IS NULL
 WHEN 'open_ended' THEN opens_on IS NOT NULL AND closes_on IS NULL AND about IS NULL
 WHEN 'awaiting' THEN opens_on IS NULL AND closes_on IS NULL AND about IS NOT NULL
 ELSE false END"""


# "window" is a word of SQL itself, hence the longer name.
place_window = Table(
    "place_window",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("programme", Text),  # a programme's id, stubs too; or else:
    Column("matter", Text),  # a 事项 that staff name themselves
    Column("batch", Text, nullable=False, server_default=""),  # tells apart several windows of one thing in one place
    Column("place", Text, nullable=False),  # a stem
    Column("topic", Text),  # of the programme, filed by windows.file_under; of a matter as staff chose, if they did
    Column("sensitive", Boolean, nullable=False, server_default=text("false")),  # reminders take more care
    Column("timing", Text, nullable=False),  # storage.windows.Timing
    Column("opens_on", Date),  # first day; none of a dated one: open already
    Column("closes_on", Date),  # last day, itself included
    Column("about", Text),  # of an awaiting one: when about, in words
    Column("where_to_go", Text),
    Column("what_to_bring", Text),
    Column("source", Text, nullable=False, server_default=""),  # a document, a notice's number, 我嘎查村委会通知
    Column("source_on", Date),
    Column("state", Text, nullable=False, server_default="draft"),  # storage.entries.State
    Column("entered_by", Text, nullable=False),
    Column("confirmed_by", Text),  # who published it or changed it since
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("place", "programme", "matter", "batch", postgresql_nulls_not_distinct=True),
    CheckConstraint(_STEM, name="place_stem"),
    CheckConstraint(_ONE_SUBJECT, name="one_subject"),
    CheckConstraint(_STATE, name="state"),
    CheckConstraint(_SOURCED, name="sourced"),
    CheckConstraint(_TIMES, name="times"),
    CheckConstraint("opens_on <= closes_on", name="opens_before_closing"),
    Index(None, "state", "closes_on"),
)

local_detail = Table(
    "local_detail",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("programme", Text),
    Column("matter", Text),
    Column("place", Text, nullable=False),
    Column("kind", Text, nullable=False),  # storage.details.Kind
    Column("says", Text, nullable=False),
    Column("source", Text, nullable=False, server_default=""),
    Column("source_on", Date),
    Column("lapses_on", Date, nullable=False),  # last day on which it is shown
    Column("state", Text, nullable=False, server_default="draft"),
    Column("entered_by", Text, nullable=False),
    Column("confirmed_by", Text),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("place", "programme", "matter", "kind", postgresql_nulls_not_distinct=True),
    CheckConstraint(_STEM, name="place_stem"),
    CheckConstraint(_ONE_SUBJECT, name="one_subject"),
    CheckConstraint("kind IN ('standard', 'where', 'phone', 'papers', 'quota')", name="kind"),
    CheckConstraint(_STATE, name="state"),
    CheckConstraint(_SOURCED, name="sourced"),
    CheckConstraint("length(says) BETWEEN 1 AND 200", name="says_length"),
    Index(None, "state", "lapses_on"),
)


def _revisions(entry: Table) -> Table:
    """The table of an entry's revisions: each change with who made it, why, and what then stood there."""
    return Table(
        f"{entry.name}_revision",
        metadata,
        Column("entry_id", ForeignKey(f"{entry.name}.id", ondelete="CASCADE"), primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("author", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("held", JSONB, nullable=False),  # the whole entry after the change; days as 2026-12-25
    )


place_window_revision = _revisions(place_window)
local_detail_revision = _revisions(local_detail)

following = Table(
    "following",
    metadata,
    Column("resident_id", ForeignKey("resident.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),  # programme | topic | place
    Column("subject", Text, primary_key=True),  # the programme's or topic's id, the place's stem
    Column("consented_at", DateTime(timezone=True)),  # a sensitive one needs a consent of its own
    Column("discreet", Boolean, nullable=False, server_default=text("false")),  # reminders name no topic
    Column("since", DateTime(timezone=True), nullable=False),
    CheckConstraint("kind IN ('programme', 'topic', 'place')", name="kind"),
    CheckConstraint("length(subject) BETWEEN 1 AND 40", name="subject_length"),
    Index(None, "kind", "subject"),
)
