"""Windows, local details, following.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STEM = r"place ~ '^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$'"
STATE = "state IN ('draft', 'published', 'cancelled')"
SOURCED = "state <> 'published' OR (length(source) > 0 AND confirmed_by IS NOT NULL)"
ONE_SUBJECT = "num_nonnulls(programme, matter) = 1"
TIMES = """CASE timing
 WHEN 'dated' THEN closes_on IS NOT NULL AND about IS NULL
 WHEN 'yearly' THEN closes_on IS NOT NULL AND about IS NULL
 WHEN 'open_ended' THEN opens_on IS NOT NULL AND closes_on IS NULL AND about IS NULL
 WHEN 'awaiting' THEN opens_on IS NULL AND closes_on IS NULL AND about IS NOT NULL
 ELSE false END"""


def upgrade() -> None:
    _place_window()
    _local_detail()
    _revisions("place_window")
    _revisions("local_detail")
    _following()


def downgrade() -> None:
    op.drop_table("following")
    op.drop_table("local_detail_revision")
    op.drop_table("place_window_revision")
    op.drop_table("local_detail")
    op.drop_table("place_window")


def _place_window() -> None:
    op.create_table(
        "place_window",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("programme", sa.Text),
        sa.Column("matter", sa.Text),
        sa.Column("batch", sa.Text, nullable=False, server_default=""),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("topic", sa.Text),
        sa.Column("sensitive", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("timing", sa.Text, nullable=False),
        sa.Column("opens_on", sa.Date),
        sa.Column("closes_on", sa.Date),
        sa.Column("about", sa.Text),
        sa.Column("where_to_go", sa.Text),
        sa.Column("what_to_bring", sa.Text),
        *_sourced(),
        sa.PrimaryKeyConstraint("id", name="place_window_pkey"),
        sa.UniqueConstraint(
            "place",
            "programme",
            "matter",
            "batch",
            name="place_window_place_programme_matter_batch_key",
            postgresql_nulls_not_distinct=True,
        ),
        sa.CheckConstraint(STEM, name=op.f("place_window_place_stem_check")),
        sa.CheckConstraint(ONE_SUBJECT, name=op.f("place_window_one_subject_check")),
        sa.CheckConstraint(STATE, name=op.f("place_window_state_check")),
        sa.CheckConstraint(SOURCED, name=op.f("place_window_sourced_check")),
        sa.CheckConstraint(TIMES, name=op.f("place_window_times_check")),
        sa.CheckConstraint("opens_on <= closes_on", name=op.f("place_window_opens_before_closing_check")),
    )
    op.create_index("place_window_state_closes_on_idx", "place_window", ["state", "closes_on"])


def _sourced() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("source", sa.Text, nullable=False, server_default=""),
        sa.Column("source_on", sa.Date),
        sa.Column("state", sa.Text, nullable=False, server_default="draft"),
        sa.Column("entered_by", sa.Text, nullable=False),
        sa.Column("confirmed_by", sa.Text),
        sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )


def _local_detail() -> None:
    op.create_table(
        "local_detail",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("programme", sa.Text),
        sa.Column("matter", sa.Text),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("says", sa.Text, nullable=False),
        sa.Column("lapses_on", sa.Date, nullable=False),
        *_sourced(),
        sa.PrimaryKeyConstraint("id", name="local_detail_pkey"),
        sa.UniqueConstraint(
            "place",
            "programme",
            "matter",
            "kind",
            name="local_detail_place_programme_matter_kind_key",
            postgresql_nulls_not_distinct=True,
        ),
        sa.CheckConstraint(STEM, name=op.f("local_detail_place_stem_check")),
        sa.CheckConstraint(ONE_SUBJECT, name=op.f("local_detail_one_subject_check")),
        sa.CheckConstraint(
            "kind IN ('standard', 'where', 'phone', 'papers', 'quota')", name=op.f("local_detail_kind_check")
        ),
        sa.CheckConstraint(STATE, name=op.f("local_detail_state_check")),
        sa.CheckConstraint(SOURCED, name=op.f("local_detail_sourced_check")),
        sa.CheckConstraint("length(says) BETWEEN 1 AND 200", name=op.f("local_detail_says_length_check")),
    )
    op.create_index("local_detail_state_lapses_on_idx", "local_detail", ["state", "lapses_on"])


def _revisions(entry: str) -> None:
    op.create_table(
        f"{entry}_revision",
        sa.Column("entry_id", sa.BigInteger, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "number", name=f"{entry}_revision_pkey"),
        sa.ForeignKeyConstraint(
            ["entry_id"], [f"{entry}.id"], name=f"{entry}_revision_entry_id_fkey", ondelete="CASCADE"
        ),
    )


def _following() -> None:
    op.create_table(
        "following",
        sa.Column("resident_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True)),
        sa.Column("discreet", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("resident_id", "kind", "subject", name="following_pkey"),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name="following_resident_id_fkey", ondelete="CASCADE"
        ),
        sa.CheckConstraint("kind IN ('programme', 'topic', 'place')", name=op.f("following_kind_check")),
        sa.CheckConstraint("length(subject) BETWEEN 1 AND 40", name=op.f("following_subject_length_check")),
    )
    op.create_index("following_kind_subject_idx", "following", ["kind", "subject"])
