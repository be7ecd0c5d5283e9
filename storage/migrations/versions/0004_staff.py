"""Staff, tickets, drafts, the trail.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROLE = "role IN ('cadre', 'editor', 'administrator')"
SCOPE = (
    r"cardinality(places) BETWEEN 1 AND 20"
    r" AND array_to_string(places, ' ') ~ '^((\d{2}|\d{4}|\d{6}|\d{9}|\d{12})( |$))+$'"
)
AUDIENCE = (
    r"cardinality(audience) BETWEEN 1 AND 20"
    r" AND array_to_string(audience, ' ') ~ '^((\d{2}|\d{4}|\d{6}|\d{9}|\d{12})( |$))+$'"
)


def upgrade() -> None:
    staff()
    staff_account()
    staff_invitation()
    staff_sign_in()
    op.create_table(
        "staff_talk",
        sa.Column("staff_id", sa.BigInteger, nullable=False),
        sa.Column("state", JSONB, nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name="staff_talk_pkey"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="staff_talk_staff_id_fkey", ondelete="CASCADE"),
    )
    ticket()
    notice()
    op.create_table(
        "trail",
        sa.Column("number", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("object_id", sa.Text, nullable=False),
        sa.Column("mac", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="trail_pkey"),
    )


def staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("places", ARRAY(sa.Text), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("joined_on", sa.Date, nullable=False),
        sa.Column("active_on", sa.Date, nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="staff_pkey"),
        sa.CheckConstraint(ROLE, name=op.f("staff_role_known_check")),
        sa.CheckConstraint(SCOPE, name=op.f("staff_places_stems_check")),
        sa.CheckConstraint("length(name) <= 40", name=op.f("staff_name_length_check")),
    )


def staff_account() -> None:
    op.create_table(
        "staff_account",
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("staff_id", sa.BigInteger, nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", name="staff_account_pkey"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="staff_account_staff_id_fkey", ondelete="CASCADE"),
        sa.UniqueConstraint("staff_id", "channel", name="staff_account_staff_id_channel_key"),
    )


def staff_invitation() -> None:
    op.create_table(
        "staff_invitation",
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("places", ARRAY(sa.Text), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("digest", name="staff_invitation_pkey"),
        sa.CheckConstraint(ROLE, name=op.f("staff_invitation_role_known_check")),
        sa.CheckConstraint(SCOPE, name=op.f("staff_invitation_places_stems_check")),
        sa.CheckConstraint("length(name) <= 40", name=op.f("staff_invitation_name_length_check")),
    )


def staff_sign_in() -> None:
    op.create_table(
        "staff_sign_in",
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("staff_id", sa.BigInteger, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("digest", name="staff_sign_in_pkey"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="staff_sign_in_staff_id_fkey", ondelete="CASCADE"),
    )
    op.create_index("staff_sign_in_staff_id_idx", "staff_sign_in", ["staff_id"])


def ticket() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("resident_id", sa.BigInteger, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True)),
        sa.Column("answer", sa.Text),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("answered_by", sa.BigInteger),
        sa.Column("pushed_at", sa.DateTime(timezone=True)),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="ticket_pkey"),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name="ticket_resident_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["answered_by"], ["staff.id"], name="ticket_answered_by_fkey", ondelete="SET NULL"),
        sa.CheckConstraint(r"place ~ '^(\d{6}|\d{9}|\d{12})$'", name=op.f("ticket_place_stem_check")),
        sa.CheckConstraint("length(question) BETWEEN 1 AND 1000", name=op.f("ticket_question_length_check")),
        sa.CheckConstraint("length(answer) BETWEEN 1 AND 1000", name=op.f("ticket_answer_length_check")),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ticket_answer_dated_check")),
        sa.CheckConstraint("told_at IS NULL OR answer IS NOT NULL", name=op.f("ticket_told_answered_check")),
    )
    op.create_index("ticket_resident_id_idx", "ticket", ["resident_id"])
    op.create_index("ticket_answered_by_idx", "ticket", ["answered_by"])
    op.create_index("ticket_open_idx", "ticket", ["place", "asked_at"], postgresql_where=sa.text("answer IS NULL"))


def notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("staff_id", sa.BigInteger),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("audience", ARRAY(sa.Text), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="notice_pkey"),
        sa.UniqueConstraint("number", name="notice_number_key"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="notice_staff_id_fkey", ondelete="SET NULL"),
        sa.CheckConstraint("number ~ '^[A-Z][0-9]{5}$'", name=op.f("notice_number_form_check")),
        sa.CheckConstraint("kind IN ('urgent', 'notice')", name=op.f("notice_kind_known_check")),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 1000", name=op.f("notice_text_length_check")),
        sa.CheckConstraint(AUDIENCE, name=op.f("notice_audience_stems_check")),
    )
    op.create_index("notice_staff_id_idx", "notice", ["staff_id"])


def downgrade() -> None:
    for table in ("trail", "notice", "ticket", "staff_talk", "staff_sign_in", "staff_invitation"):
        op.drop_table(table)
    op.drop_table("staff_account")
    op.drop_table("staff")
