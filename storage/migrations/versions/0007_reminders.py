"""What residents were told of windows.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("resident_id", sa.BigInteger, nullable=False),
        sa.Column("window_id", sa.BigInteger, nullable=False),
        sa.Column("told_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("opens_on", sa.Date),
        sa.Column("closes_on", sa.Date),
        sa.Column("discreet", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("delivery_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("resident_id", "window_id", "told_on", name="reminder_pkey"),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name="reminder_resident_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["window_id"], ["place_window.id"], name="reminder_window_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name="reminder_delivery_id_fkey", ondelete="SET NULL"
        ),
    )
    op.create_index("reminder_delivery_id_idx", "reminder", ["delivery_id"])
    op.create_index("reminder_window_id_idx", "reminder", ["window_id"])


def downgrade() -> None:
    op.drop_table("reminder")
