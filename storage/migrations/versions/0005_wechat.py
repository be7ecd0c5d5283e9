"""WeChat: the shared token, the windows of speech, how answers went, agreements, mass sends; and alerts for staff.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wechat_token",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forced_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("account", name=op.f("wechat_token_pkey")),
    )
    op.create_table(
        "wechat_window",
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("messaged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("messaged_used", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("tapped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tapped_used", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("wechat_window_resident_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resident_id", name=op.f("wechat_window_pkey")),
    )
    op.create_table(
        "wechat_given",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("way IN ('passive', 'message')", name=op.f("wechat_given_way_known_check")),
        sa.PrimaryKeyConstraint("account", "digest", name=op.f("wechat_given_pkey")),
    )
    op.create_index(op.f("wechat_given_given_at_idx"), "wechat_given", ["given_at"], unique=False)
    op.create_table(
        "wechat_consent",
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("wechat_consent_resident_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resident_id", "template", name=op.f("wechat_consent_pkey")),
    )
    op.create_table(
        "wechat_nudge",
        sa.Column("delivery_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("wechat_nudge_resident_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("wechat_nudge_pkey")),
    )
    op.create_index(op.f("wechat_nudge_nudged_at_idx"), "wechat_nudge", ["nudged_at"], unique=False)
    op.create_index(op.f("wechat_nudge_resident_id_idx"), "wechat_nudge", ["resident_id"], unique=False)
    op.create_table(
        "wechat_tag",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("banner", sa.Text(), nullable=False),
        sa.Column("tag", sa.Integer(), nullable=False),
        sa.CheckConstraint("banner ~ '^\\d{6}$'", name=op.f("wechat_tag_banner_stem_check")),
        sa.PrimaryKeyConstraint("account", "banner", name=op.f("wechat_tag_pkey")),
    )
    op.create_table(
        "wechat_mass",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("banner", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("planned_for", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_by", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("message", sa.BigInteger(), nullable=True),
        sa.Column("recipients", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("banner ~ '^\\d{6}$'", name=op.f("wechat_mass_banner_stem_check")),
        sa.CheckConstraint(
            "state IN ('planned', 'approved', 'sending', 'sent', 'unknown', 'refused', 'missed', 'cancelled')",
            name=op.f("wechat_mass_state_known_check"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'cancelled') OR approved_by IS NOT NULL",
            name=op.f("wechat_mass_approved_first_check"),
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> planned_by", name=op.f("wechat_mass_two_people_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("wechat_mass_pkey")),
    )
    op.create_index(op.f("wechat_mass_planned_for_idx"), "wechat_mass", ["planned_for"], unique=False)
    op.create_table(
        "wechat_mass_row",
        sa.Column("mass_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mass_id"], ["wechat_mass.id"], name=op.f("wechat_mass_row_mass_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("wechat_mass_row_resident_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mass_id", "resident_id", name=op.f("wechat_mass_row_pkey")),
    )
    op.create_index(op.f("wechat_mass_row_resident_id_idx"), "wechat_mass_row", ["resident_id"], unique=False)
    op.create_table(
        "staff_alert",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", "about", name=op.f("staff_alert_pkey")),
    )
    op.create_index(op.f("staff_alert_raised_at_idx"), "staff_alert", ["raised_at"], unique=False)


def downgrade() -> None:
    op.drop_table("staff_alert")
    op.drop_table("wechat_mass_row")
    op.drop_table("wechat_mass")
    op.drop_table("wechat_tag")
    op.drop_table("wechat_nudge")
    op.drop_table("wechat_consent")
    op.drop_table("wechat_given")
    op.drop_table("wechat_window")
    op.drop_table("wechat_token")
