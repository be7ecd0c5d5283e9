"""What editors see of the counts: rounded, and none that is small (design.md §8)."""

from content.library import Library
from scheduler.interest import sensitive_topics
from storage.unanswered import Count

LEAST, LEAST_SENSITIVE = 10, 20
"""Smaller counts are not shown; of 低保, 残疾 and their like the limit is higher."""

STEP = 5


def shown(one: Count, library: Library) -> int | None:
    """Round a count to 5; None where it is too small to be shown."""
    least = LEAST_SENSITIVE if one.topic in sensitive_topics(library) else LEAST
    return round(one.times / STEP) * STEP if one.times >= least else None
