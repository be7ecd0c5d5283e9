"""Broadcasts: submitted, frozen, approved notices and who they go to.

Revision ID: 0009
Revises: 0008
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATES = "state IN ('submitted', 'withdrawn', 'lapsed', 'approved', 'stopped', 'corrected')"
STEMS = (
    r"cardinality(audience) BETWEEN 1 AND 20"
    r" AND array_to_string(audience, ' ') ~ '^((\d{2}|\d{4}|\d{6}|\d{9}|\d{12})( |$))+$'"
)
SENSITIVE = (
    r"NOT sensitive OR (cardinality(follows) > 0"
    r" AND array_to_string(audience, ' ') ~ '^((\d{2}|\d{4}|\d{6})( |$))+$')"
)
APPROVED = "state NOT IN ('approved', 'stopped', 'corrected') OR (approved_at IS NOT NULL AND expires_at IS NOT NULL)"
NOTICE_CHECKS = {
    "title_length": "length(title) <= 40",
    "link_form": "link ~ '^(card|window):[a-z0-9-]{1,40}$'",
    "follows_form": "follows ~ '^(topic|programme):[a-z0-9-]{1,40}$'",
}


def upgrade() -> None:
    op.create_table("broadcast", *_words(), *_course(), *_checks(), *_keys())
    op.create_index(op.f("broadcast_staff_id_idx"), "broadcast", ["staff_id"])
    op.create_index(op.f("broadcast_corrects_idx"), "broadcast", ["corrects"])
    live = sa.text("state NOT IN ('withdrawn', 'lapsed')")
    op.create_index("broadcast_number_idx", "broadcast", ["number"], unique=True, postgresql_where=live)
    op.create_index("broadcast_open_idx", "broadcast", ["id"], postgresql_where=sa.text("out_at IS NULL"))
    op.create_table(
        "broadcast_list",
        sa.Column("broadcast_id", sa.BigInteger, nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("residents", ARRAY(sa.BigInteger), nullable=False),
        sa.PrimaryKeyConstraint("broadcast_id", "account_id", name=op.f("broadcast_list_pkey")),
        _key("broadcast_list", "broadcast_id", "broadcast", "CASCADE"),
        _key("broadcast_list", "account_id", "account", "CASCADE"),
    )
    _widen_drafts()
    op.add_column("wechat_mass", sa.Column("broadcast_id", sa.BigInteger))
    op.create_foreign_key(
        op.f("wechat_mass_broadcast_id_fkey"), "wechat_mass", "broadcast", ["broadcast_id"], ["id"], ondelete="SET NULL"
    )
    op.create_index(op.f("wechat_mass_broadcast_id_idx"), "wechat_mass", ["broadcast_id"])


def _words() -> list[sa.Column[Any]]:
    """What everybody reads, and whom it is for."""
    return [
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("staff_id", sa.BigInteger),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "title", "text")),
        sa.Column("link", sa.Text),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("office", "place")),
        sa.Column("audience", ARRAY(sa.Text), nullable=False),
        sa.Column("follows", ARRAY(sa.Text), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("sensitive", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("flags", ARRAY(sa.Text), nullable=False, server_default=sa.text("'{}'")),
    ]


def _course() -> list[sa.Column[Any]]:
    """What becomes of it."""
    return [
        sa.Column("send_at", sa.DateTime(timezone=True)),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("corrects", sa.BigInteger),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("recipients", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="submitted"),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.BigInteger),
        sa.Column("approved_at", sa.DateTime(timezone=True)),
        sa.Column("reviewed_by", sa.BigInteger),
        sa.Column("reviewed_at", sa.DateTime(timezone=True)),
        sa.Column("spread_at", sa.DateTime(timezone=True)),
        sa.Column("out_at", sa.DateTime(timezone=True)),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _checks() -> list[sa.CheckConstraint]:
    checks = {
        "number_form": "number ~ '^[A-Z][0-9]{5}$'",
        "kind_known": "kind IN ('urgent', 'notice')",
        "title_length": "length(title) BETWEEN 1 AND 40",
        "text_length": "length(text) BETWEEN 1 AND 1000",
        "office_length": "length(office) BETWEEN 1 AND 40",
        "place_stem": r"place ~ '^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$'",
        "audience_stems": STEMS,
        "sensitive_wide": SENSITIVE,
        "state_known": STATES,
        "approved_first": APPROVED,
        "two_people": "cardinality(flags) = 0 OR approved_by <> staff_id",
        "reviewed_by_another": "reviewed_by <> approved_by",
    }
    return [sa.CheckConstraint(holds, name=op.f(f"broadcast_{name}_check")) for name, holds in checks.items()]


def _keys() -> list[sa.Constraint]:
    people = [_key("broadcast", name, "staff", "SET NULL") for name in ("staff_id", "approved_by", "reviewed_by")]
    primary = sa.PrimaryKeyConstraint("id", name=op.f("broadcast_pkey"))
    return [primary, *people, _key("broadcast", "corrects", "broadcast", "SET NULL")]


def _key(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"{table}_{column}_fkey"), ondelete=ondelete)


def _draft_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("title", sa.Text, nullable=False, server_default=""),
        sa.Column("link", sa.Text),
        sa.Column("follows", sa.Text),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("corrects", sa.BigInteger),
    ]


def _widen_drafts() -> None:
    for column in _draft_columns():
        op.add_column("notice", column)
    for name, holds in NOTICE_CHECKS.items():
        op.create_check_constraint(op.f(f"notice_{name}_check"), "notice", holds)
    op.create_foreign_key(
        op.f("notice_corrects_fkey"), "notice", "broadcast", ["corrects"], ["id"], ondelete="SET NULL"
    )
    op.create_index(op.f("notice_corrects_idx"), "notice", ["corrects"])


def downgrade() -> None:
    for column in _draft_columns():
        op.drop_column("notice", column.name)
    op.drop_column("wechat_mass", "broadcast_id")
    op.drop_table("broadcast_list")
    op.drop_table("broadcast")
