"""The desk: sessions and codes to enter.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_session",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("staff_id", sa.BigInteger, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("trusted", sa.Boolean, nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=False)
            for name in ("made_at", "seen_at", "fresh_at", "expires_at")
        ),
        sa.PrimaryKeyConstraint("id", name="desk_session_pkey"),
        sa.UniqueConstraint("digest", name="desk_session_digest_key"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="desk_session_staff_id_fkey", ondelete="CASCADE"),
        sa.CheckConstraint("length(device) <= 40", name=op.f("desk_session_device_length_check")),
    )
    op.create_index("desk_session_staff_id_idx", "desk_session", ["staff_id"])
    op.add_column("staff_invitation", sa.Column("code", sa.LargeBinary))
    op.add_column("staff_sign_in", sa.Column("code", sa.LargeBinary))
    op.add_column("staff_sign_in", sa.Column("session_id", sa.BigInteger))
    op.create_foreign_key(
        "staff_sign_in_session_id_fkey", "staff_sign_in", "desk_session", ["session_id"], ["id"], ondelete="CASCADE"
    )
    for by in ("actor", "object_id"):
        op.create_index(f"trail_{by}_number_idx", "trail", [by, "number"])


def downgrade() -> None:
    for by in ("actor", "object_id"):
        op.drop_index(f"trail_{by}_number_idx", "trail")
    op.drop_column("staff_sign_in", "session_id")
    op.drop_column("staff_sign_in", "code")
    op.drop_column("staff_invitation", "code")
    op.drop_table("desk_session")
