"""Windows: what the staff bot and reminders need beyond 0003.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    again = sa.Column("again", sa.Boolean, nullable=False, server_default=sa.text("false"))
    op.add_column("reminder", again)
    _key("resident_id", "window_id", "told_on", "again")


def downgrade() -> None:
    op.execute("DELETE FROM reminder WHERE again")
    _key("resident_id", "window_id", "told_on")
    op.drop_column("reminder", "again")


def _key(*columns: str) -> None:
    op.drop_constraint("reminder_pkey", "reminder")
    op.create_primary_key("reminder_pkey", "reminder", list(columns))
