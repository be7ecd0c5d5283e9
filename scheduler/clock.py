"""The only place that asks the system for the time; everything else is told."""

from datetime import UTC, datetime


def now() -> datetime:
    """The time now, aware, UTC."""
    return datetime.now(UTC)
