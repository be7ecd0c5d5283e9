"""Operating: what residents took back, backups, rewritten tables; no samples of what people wrote.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

UNSAMPLED = (("resident", "address"), ("ticket", "question"), ("ticket", "answer"))


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("deed", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", "deed", name="erasure_pkey"),
        sa.CheckConstraint(
            "deed IN ('erased', 'stopped', 'unfollowed', 'withdrew')", name=op.f("erasure_deed_known_check")
        ),
    )
    op.create_index("erasure_at_idx", "erasure", ["at"])
    op.create_table(
        "backup",
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Text, nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("taken_at", name="backup_pkey"),
    )
    op.create_table(
        "rewritten",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="rewritten_pkey"),
    )
    for table, column in UNSAMPLED:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    for table, column in UNSAMPLED:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS -1")
    for table in ("rewritten", "backup", "erasure"):
        op.drop_table(table)
