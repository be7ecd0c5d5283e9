"""What residents were told of windows, so that nobody is told twice."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Table, text

from storage.tables.metadata import metadata

# What a resident was told about a window, or is to be told by a delivery that waits. Planning asks only this.
reminder = Table(
    "reminder",
    metadata,
    Column("resident_id", ForeignKey("resident.id", ondelete="CASCADE"), primary_key=True),
    Column("window_id", ForeignKey("place_window.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("told_on", Date, primary_key=True),  # the local day of the plan
    # In a second message of that day, which brings what tomorrow would be too late.
    Column("again", Boolean, primary_key=True, server_default=text("false")),
    Column("due_on", Date, nullable=False),  # the day on which this had come due: earlier stages are covered too
    Column("opens_on", Date),  # the days that were told; of a cancelled window both are null
    Column("closes_on", Date),
    Column("discreet", Boolean, nullable=False, server_default=text("false")),  # the reminder names no topic
    Column("delivery_id", ForeignKey("delivery.id", ondelete="SET NULL"), index=True),
)
