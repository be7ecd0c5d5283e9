"""What residents said of notices: received.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("broadcast_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.CheckConstraint(r"place ~ '^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$'", name=op.f("receipt_place_stem_check")),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcast.id"], name=op.f("receipt_broadcast_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("receipt_resident_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("broadcast_id", "resident_id", name=op.f("receipt_pkey")),
    )
    op.create_index(op.f("receipt_resident_id_idx"), "receipt", ["resident_id"])
    op.create_index(op.f("receipt_received_on_idx"), "receipt", ["received_on"])


def downgrade() -> None:
    op.drop_table("receipt")
