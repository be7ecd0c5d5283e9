"""Questions that found no card: counted, and where it is safe kept without their asker."""

from sqlalchemy import CheckConstraint, Column, Date, Integer, Table, Text

from storage.tables.metadata import metadata

# A text, the day, a random id: nothing else, and no order of coming. Nothing here leads to who asked.
unanswered_text = Table(
    "unanswered_text",
    metadata,
    Column("id", Text, primary_key=True),
    Column("text", Text, nullable=False, unique=True),  # of the search copy, without names, numbers and places
    Column("kept_on", Date, nullable=False, index=True),
    CheckConstraint("length(text) BETWEEN 1 AND 60", name="text_length"),
)

unanswered_count = Table(
    "unanswered_count",
    metadata,
    Column("month", Date, primary_key=True),  # its first day, Shanghai
    Column("topic", Text, primary_key=True),  # the nearest one, of the whole installation: no place, no person
    Column("times", Integer, nullable=False),
    CheckConstraint("times > 0", name="times_positive"),
)
