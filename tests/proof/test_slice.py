"""A fixed slice of the proofs."""

import pytest

from storage.database import Database
from tests.proof.crashes import crash_round
from tests.proof.planning import expected, fill, measure


@pytest.mark.parametrize("seed", [0, 1])
def test_every_update_is_answered_through_crashes_and_taken_once(seed: int) -> None:
    assert "killed" in crash_round(seed)


async def test_planning_for_many_is_what_a_loop_over_residents_finds(database: Database) -> None:
    """The very figures of `make proof`, for few: what is planned is what one resident at a time would be told."""
    await fill(database, 300, 60)
    assert (await measure(database, 300)).lines == await expected(database)
