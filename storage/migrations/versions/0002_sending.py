"""Accounts and deliveries.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATES = "state IN ('queued', 'sending', 'held', 'sent', 'refused', 'gone', 'unknown', 'expired', 'cancelled')"


def upgrade() -> None:
    op.add_column("resident", sa.Column("gone_at", sa.DateTime(timezone=True)))
    _account()
    _delivery()
    op.create_table(
        "lane",
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("source_kind", sa.Text, nullable=False),
        sa.Column("source_id", sa.BigInteger, nullable=False),
        sa.Column("served_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("account_id", "kind", "source_kind", "source_id", name="lane_pkey"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="lane_account_id_fkey", ondelete="CASCADE"),
    )
    op.create_table(
        "beat",
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("succeeded_at", sa.DateTime(timezone=True)),
        sa.Column("said", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("entry", name="beat_pkey"),
    )


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, sa.Identity(always=True), nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("per_second", sa.Double),
        sa.Column("held_until", sa.DateTime(timezone=True)),
        sa.Column("free_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="account_pkey"),
        sa.UniqueConstraint("channel", "name", name="account_channel_name_key"),
        sa.CheckConstraint("per_second > 0", name=op.f("account_per_second_check")),
    )


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("source_kind", sa.Text, nullable=False),
        sa.Column("source_id", sa.BigInteger, nullable=False),
        sa.Column("resident_id", sa.BigInteger),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="queued"),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drain", sa.BigInteger),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("ref", sa.Text),
        sa.PrimaryKeyConstraint("id", name="delivery_pkey"),
        sa.UniqueConstraint(
            "source_kind", "source_id", "resident_id", name="delivery_source_kind_source_id_resident_id_key"
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name="delivery_resident_id_fkey", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="delivery_account_id_fkey", ondelete="CASCADE"),
        sa.CheckConstraint(STATES, name=op.f("delivery_state_check")),
        sa.CheckConstraint("kind IN ('urgent', 'reminder', 'notice')", name=op.f("delivery_kind_check")),
        sa.CheckConstraint(
            "(state = 'sending') <= (drain IS NOT NULL)", name=op.f("delivery_sending_by_a_drain_check")
        ),
    )
    _delivery_indexes()


def _delivery_indexes() -> None:
    lane = ["account_id", "kind", "source_kind", "source_id", "not_before"]
    partial = (
        ("delivery_queued_idx", ["account_id", "kind", "not_before"], "state = 'queued'"),
        ("delivery_lane_idx", lane, "state = 'queued'"),
        ("delivery_sending_idx", ["account_id"], "state = 'sending'"),
        ("delivery_waiting_idx", ["expires_at"], "state IN ('queued', 'held')"),
        ("delivery_waiting_for_idx", ["resident_id"], "state IN ('queued', 'held')"),
    )
    for name, columns, where in partial:
        op.create_index(name, "delivery", columns, postgresql_where=sa.text(where))
    op.create_index("delivery_resident_id_kind_moved_at_idx", "delivery", ["resident_id", "kind", "moved_at"])
    op.create_index("delivery_moved_at_idx", "delivery", ["moved_at"])


def downgrade() -> None:
    for table in ("beat", "lane", "delivery", "account"):
        op.drop_table(table)
    op.drop_column("resident", "gone_at")
