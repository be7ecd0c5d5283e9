"""Staff, their invitations and sign-ins, tickets, drafts of notices, and the trail."""

from sqlalchemy import (
    BigInteger,
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
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from storage.tables.metadata import metadata

_ROLE = "role IN ('cadre', 'editor', 'administrator')"
_SCOPE = (
    r"cardinality(places) BETWEEN 1 AND 20"
    r" AND array_to_string(places, ' ') ~ '^((\d{2}|\d{4}|\d{6}|\d{9}|\d{12})( |$))+$'"
)
_AUDIENCE = (
    r"cardinality(audience) BETWEEN 1 AND 20"
    r" AND array_to_string(audience, ' ') ~ '^((\d{2}|\d{4}|\d{6}|\d{9}|\d{12})( |$))+$'"
)

staff = Table(
    "staff",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("role", Text, nullable=False),
    Column("places", ARRAY(Text), nullable=False),  # stems: what lies in them is theirs too
    Column("name", Text, nullable=False),  # how colleagues know them; never shown to residents
    Column("joined_on", Date, nullable=False),
    Column("active_on", Date, nullable=False),  # the last day on which they did something here
    Column("revoked_at", DateTime(timezone=True)),
    CheckConstraint(_ROLE, name="role_known"),
    CheckConstraint(_SCOPE, name="places_stems"),
    CheckConstraint("length(name) <= 40", name="name_length"),
)

# The account of a channel by which somebody is known as staff. One person may have one on each.
staff_account = Table(
    "staff_account",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("bound_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("staff_id", "channel"),
)

# Of a link only a digest is held: who reads this table can't enter with it.
staff_invitation = Table(
    "staff_invitation",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("code", LargeBinary),  # slow digest of the twelve digits that may be typed instead; at the desk only
    Column("role", Text, nullable=False),
    Column("places", ARRAY(Text), nullable=False),
    Column("name", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
    CheckConstraint(_ROLE, name="role_known"),
    CheckConstraint(_SCOPE, name="places_stems"),
    CheckConstraint("length(name) <= 40", name="name_length"),
)

staff_sign_in = Table(
    "staff_sign_in",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("code", LargeBinary),
    # Where somebody made it for themselves: it ends with that session, and makes no deed of that session fresh.
    Column("session_id", ForeignKey("desk_session.id", ondelete="CASCADE")),
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("made_by", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
)

# Where somebody stands in composing a notice or an answer, so that they can leave and come back.
staff_talk = Table(
    "staff_talk",
    metadata,
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    Column("state", JSONB, nullable=False),
    Column("touched_at", DateTime(timezone=True), nullable=False),
)

# The only table that holds what a resident wrote; `place` is whose staff may read it.
ticket = Table(
    "ticket",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("resident_id", ForeignKey("resident.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("place", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("announced_at", DateTime(timezone=True)),  # staff were told that it waits
    Column("answer", Text),
    Column("answered_at", DateTime(timezone=True)),
    Column("answered_by", ForeignKey("staff.id", ondelete="SET NULL")),
    Column("pushed_at", DateTime(timezone=True)),  # a try was made to send the answer unasked; there is no second
    Column("told_at", DateTime(timezone=True)),  # the resident has the answer: the ticket is closed
    CheckConstraint(r"place ~ '^(\d{6}|\d{9}|\d{12})$'", name="place_stem"),
    CheckConstraint("length(question) BETWEEN 1 AND 1000", name="question_length"),
    CheckConstraint("length(answer) BETWEEN 1 AND 1000", name="answer_length"),
    CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_dated"),
    CheckConstraint("told_at IS NULL OR answer IS NOT NULL", name="told_answered"),
)
open_ticket = ticket.c.answer.is_(None)
Index("ticket_open_idx", ticket.c.place, ticket.c.asked_at, postgresql_where=open_ticket)
Index(None, ticket.c.answered_by)

notice = Table(
    "notice",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("number", Text, nullable=False, unique=True),  # a letter and five digits, as people say it: T30571
    Column("staff_id", ForeignKey("staff.id", ondelete="SET NULL"), index=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("text", Text, nullable=False),
    Column("link", Text),  # card:<programme> or window:<id>
    Column("audience", ARRAY(Text), nullable=False),  # stems
    Column("follows", Text),  # topic:… or programme:…, whose followers it is for; None: everyone there
    Column("send_at", DateTime(timezone=True)),  # None: as soon as it is approved
    Column("expires_at", DateTime(timezone=True)),  # None: as its kind has it
    Column("corrects", ForeignKey("broadcast.id", ondelete="SET NULL"), index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("number ~ '^[A-Z][0-9]{5}$'", name="number_form"),
    CheckConstraint("kind IN ('urgent', 'notice')", name="kind_known"),
    CheckConstraint("length(text) BETWEEN 1 AND 1000", name="text_length"),
    CheckConstraint("length(title) <= 40", name="title_length"),
    CheckConstraint("link ~ '^(card|window):[a-z0-9-]{1,40}$'", name="link_form"),
    CheckConstraint("follows ~ '^(topic|programme):[a-z0-9-]{1,40}$'", name="follows_form"),
    CheckConstraint(_AUDIENCE, name="audience_stems"),
)

# Only ever added to; each row's MAC covers the row before, with a key that the database does not hold.
trail = Table(
    "trail",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("mac", LargeBinary, nullable=False),
)
Index(None, trail.c.actor, trail.c.number)
Index(None, trail.c.object_id, trail.c.number)
