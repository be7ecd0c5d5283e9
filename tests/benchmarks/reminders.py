"""Planning reminders for 20,000 residents and 500 windows, as a ratio to a loop over residents in the same run."""

from collections.abc import Iterator

from tests.proof.planning import planning_round


def run() -> Iterator[str]:
    """Yield the line."""
    yield planning_round(0)
