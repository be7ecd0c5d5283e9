"""Interest statistics: only what was released. Marks of open months live in tables of their own, dropped at the close
(storage/interest/marks.py); no hidden figure is stored anywhere."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, DateTime, ForeignKey, Integer, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from storage.tables.metadata import metadata

# The groups of townships that figures are shown for, fixed once a year and published with every release.
interest_unit = Table(
    "interest_unit",
    metadata,
    Column("year", Integer, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("banner", Text, nullable=False),  # stem; a league's or the region's, for those who said no more
    Column("members", ARRAY(Text), nullable=False),  # stems of townships, or the banner itself: "said no township"
    Column("rest", Boolean, nullable=False),  # takes every stem of the banner that no unit names
)

interest_release = Table(
    "interest_release",
    metadata,
    Column("month", Date, primary_key=True),  # its first day, Shanghai
    Column("rule", Integer, nullable=False),  # which version of the rule made it
    Column("closed_at", DateTime(timezone=True), nullable=False),
    Column("frame", JSONB, nullable=False),  # the topics and programmes that could be asked for
    Column("marks_before", Integer, nullable=False),  # rows of the month's tables when it was closed; in no export
    Column("marks_after", Integer, nullable=False),
    Column("digest", Text, nullable=False),  # SHA-256 of the release as it was written
    CheckConstraint("extract(day FROM month) = 1", name="month_first"),
)

interest_figure = Table(
    "interest_figure",
    metadata,
    Column("month", ForeignKey("interest_release.month"), primary_key=True),
    Column("part", Text, primary_key=True),  # see storage/interest/rule.py
    Column("place", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("measure", Text, primary_key=True),
    Column("figure", Integer, nullable=False),
    CheckConstraint("figure >= 10 AND figure % 5 = 0", name="figure_rounded"),
)

# What is known of a table as a whole: that enough people were active there, or that the audit took it out.
interest_note = Table(
    "interest_note",
    metadata,
    Column("month", ForeignKey("interest_release.month"), primary_key=True),
    Column("part", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("says", Text, nullable=False),
    CheckConstraint("says IN ('enough', 'withheld')", name="says_known"),
)

# How many could be written to in a unit (topic: empty), and how many follow a topic there, as of the close.
interest_subscriber = Table(
    "interest_subscriber",
    metadata,
    Column("month", ForeignKey("interest_release.month"), primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("figure", Integer, nullable=False),
    CheckConstraint("figure >= 10 AND figure % 5 = 0", name="figure_rounded"),
)
