"""Interest statistics: units, releases, their figures and notes.

Revision ID: 0008
Revises: 0007
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Marks of open months hang on residents; tables of months are made at run time and known by their names.
DROP_OPEN_MONTHS = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables
    WHERE schemaname = current_schema() AND tablename ~ '^interest_open_\\d{4}_\\d{2}_'
  LOOP EXECUTE format('DROP TABLE %I CASCADE', name); END LOOP;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "interest_unit",
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("banner", sa.Text, nullable=False),
        sa.Column("members", postgresql.ARRAY(sa.Text), nullable=False),
        sa.Column("rest", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("year", "id", name="interest_unit_pkey"),
    )
    op.create_table(
        "interest_release",
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("rule", sa.Integer, nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frame", postgresql.JSONB, nullable=False),
        sa.Column("marks_before", sa.Integer, nullable=False),
        sa.Column("marks_after", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("month", name="interest_release_pkey"),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("interest_release_month_first_check")),
    )
    op.create_table(
        "interest_figure",
        *_about(),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("figure", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("month", "part", "place", "subject", "measure", name="interest_figure_pkey"),
        sa.ForeignKeyConstraint(["month"], ["interest_release.month"], name="interest_figure_month_fkey"),
        sa.CheckConstraint("figure >= 10 AND figure % 5 = 0", name=op.f("interest_figure_figure_rounded_check")),
    )
    op.create_table(
        "interest_note",
        *_about(),
        sa.Column("says", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("month", "part", "place", "subject", name="interest_note_pkey"),
        sa.ForeignKeyConstraint(["month"], ["interest_release.month"], name="interest_note_month_fkey"),
        sa.CheckConstraint("says IN ('enough', 'withheld')", name=op.f("interest_note_says_known_check")),
    )


def _about() -> list[sa.Column[Any]]:
    return [
        sa.Column("month", sa.Date, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("part", "place", "subject")),
    ]


def downgrade() -> None:
    op.execute(DROP_OPEN_MONTHS)
    for table in ("interest_note", "interest_figure", "interest_release", "interest_unit"):
        op.drop_table(table)
