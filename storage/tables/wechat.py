"""What WeChat makes necessary: the shared token, when it lets us speak to whom, and the few monthly mass sends."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    text,
)

from storage.tables.metadata import metadata

wechat_token = Table(
    "wechat_token",
    metadata,
    Column("account", Text, primary_key=True),
    Column("token", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("forced_at", DateTime(timezone=True)),  # when WeChat was last made to give another: it allows few of these
)

# The two windows in which WeChat lets an account write to a resident, and how often it wrote in each.
wechat_window = Table(
    "wechat_window",
    metadata,
    Column("resident_id", ForeignKey("resident.id", ondelete="CASCADE"), primary_key=True),
    Column("messaged_at", DateTime(timezone=True)),
    Column("messaged_used", SmallInteger, nullable=False, server_default=text("0")),
    Column("tapped_at", DateTime(timezone=True)),
    Column("tapped_used", SmallInteger, nullable=False, server_default=text("0")),
)

# Which way an answer went, so that WeChat's repeated tries are given one answer and the sweep sends none twice.
wechat_given = Table(
    "wechat_given",
    metadata,
    Column("account", Text, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    Column("way", Text, nullable=False),
    Column("given_at", DateTime(timezone=True), nullable=False, index=True),
    CheckConstraint("way IN ('passive', 'message')", name="way_known"),
)

# A resident's standing agreement to the notices of one template.
wechat_consent = Table(
    "wechat_consent",
    metadata,
    Column("resident_id", ForeignKey("resident.id", ondelete="CASCADE"), primary_key=True),
    Column("template", Text, primary_key=True),
    Column("agreed_at", DateTime(timezone=True), nullable=False),
)

# A notice that only says that something waits: once for each delivery.
wechat_nudge = Table(
    "wechat_nudge",
    metadata,
    Column("delivery_id", BigInteger, primary_key=True, autoincrement=False),
    Column("resident_id", ForeignKey("resident.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("nudged_at", DateTime(timezone=True), nullable=False, index=True),
)

wechat_tag = Table(
    "wechat_tag",
    metadata,
    Column("account", Text, primary_key=True),
    Column("banner", Text, primary_key=True),  # stem of a banner or county: never narrower, never a topic
    Column("tag", Integer, nullable=False),
    CheckConstraint(r"banner ~ '^\d{6}$'", name="banner_stem"),
)

wechat_mass = Table(
    "wechat_mass",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("account", Text, nullable=False),
    Column("banner", Text, nullable=False),
    Column("broadcast_id", ForeignKey("broadcast.id", ondelete="SET NULL"), index=True),  # whose held copies it takes
    Column("body", Text, nullable=False),  # what staff wrote, as everybody reads it
    Column("digest", Text, nullable=False),  # of account, banner, day and body: what is approved
    Column("planned_for", DateTime(timezone=True), nullable=False, index=True),
    Column("planned_by", Text, nullable=False),
    Column("approved_by", Text),
    Column("approved_at", DateTime(timezone=True)),
    Column("state", Text, nullable=False, server_default="planned"),
    Column("message", BigInteger),  # WeChat's name for the job
    Column("recipients", Integer),  # rows that share its fate
    Column("taken", Integer),  # how many WeChat says that it reached
    Column("moved_at", DateTime(timezone=True), nullable=False),
    CheckConstraint(r"banner ~ '^\d{6}$'", name="banner_stem"),
    CheckConstraint("approved_by IS NULL OR approved_by <> planned_by", name="two_people"),
    CheckConstraint("state IN ('planned', 'cancelled') OR approved_by IS NOT NULL", name="approved_first"),
    CheckConstraint(
        "state IN ('planned', 'approved', 'sending', 'sent', 'unknown', 'refused', 'missed', 'cancelled')",
        name="state_known",
    ),
)

# Who a mass send went to. The job's state is the state of each of its rows.
wechat_mass_row = Table(
    "wechat_mass_row",
    metadata,
    Column("mass_id", ForeignKey("wechat_mass.id", ondelete="CASCADE"), primary_key=True),
    Column("resident_id", ForeignKey("resident.id", ondelete="CASCADE"), primary_key=True, index=True),
)

# What staff are told in their WeCom group: a kind and a number, never a text.
staff_alert = Table(
    "staff_alert",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("about", Text, primary_key=True),
    Column("raised_at", DateTime(timezone=True), nullable=False, index=True),
    Column("told_at", DateTime(timezone=True)),
)
