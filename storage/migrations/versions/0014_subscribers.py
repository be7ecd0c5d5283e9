"""How many follow what, for the fixed units, beside the releases.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interest_subscriber",
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("figure", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("month", "unit", "topic", name="interest_subscriber_pkey"),
        sa.ForeignKeyConstraint(["month"], ["interest_release.month"], name="interest_subscriber_month_fkey"),
        sa.CheckConstraint("figure >= 10 AND figure % 5 = 0", name=op.f("interest_subscriber_figure_rounded_check")),
    )


def downgrade() -> None:
    op.drop_table("interest_subscriber")
