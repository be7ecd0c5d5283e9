"""Unanswered questions.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unanswered_text",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("kept_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="unanswered_text_pkey"),
        sa.UniqueConstraint("text", name="unanswered_text_text_key"),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 60", name=op.f("unanswered_text_text_length_check")),
    )
    op.create_index("unanswered_text_kept_on_idx", "unanswered_text", ["kept_on"])
    op.create_table(
        "unanswered_count",
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("month", "topic", name="unanswered_count_pkey"),
        sa.CheckConstraint("times > 0", name=op.f("unanswered_count_times_positive_check")),
    )


def downgrade() -> None:
    op.drop_table("unanswered_count")
    op.drop_table("unanswered_text")
