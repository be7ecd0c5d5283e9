"""Residents, their conversations, and the inbox.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resident",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("places", ARRAY(sa.Text), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("language", sa.Text, nullable=False, server_default="zh"),
        sa.Column("trial_guest", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("welcomed_on", sa.Date),
        sa.Column("stopped_at", sa.DateTime(timezone=True)),
        sa.Column("created_on", sa.Date, nullable=False),
        sa.Column("seen_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="resident_pkey"),
        sa.UniqueConstraint("channel", "account", "address", name="resident_channel_account_address_key"),
        sa.CheckConstraint("cardinality(places) <= 3", name=op.f("resident_places_few_check")),
        sa.CheckConstraint(
            r"cardinality(places) = 0 OR array_to_string(places, ' ') ~ '^((\d{2}|\d{4}|\d{6}|\d{9}|\d{12})( |$))+$'",
            name=op.f("resident_places_stems_check"),
        ),
        sa.CheckConstraint("length(address) BETWEEN 1 AND 200", name=op.f("resident_address_length_check")),
    )
    op.create_index("resident_seen_on_idx", "resident", ["seen_on"])
    op.create_table(
        "conversation",
        sa.Column("resident_id", sa.BigInteger, nullable=False),
        sa.Column("state", JSONB, nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("resident_id", name="conversation_pkey"),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name="conversation_resident_id_fkey", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "inbox",
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("resident_id", sa.BigInteger),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", JSONB),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("channel", "account", "digest", name="inbox_pkey"),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name="inbox_resident_id_fkey", ondelete="SET NULL"),
    )
    op.create_index("inbox_received_at_idx", "inbox", ["received_at"])
    op.create_index("inbox_resident_id_received_at_idx", "inbox", ["resident_id", "received_at"])
    op.create_index(
        "inbox_unsent_idx",
        "inbox",
        ["channel", "account", "received_at"],
        postgresql_where=sa.text("reply IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("inbox")
    op.drop_table("conversation")
    op.drop_table("resident")
