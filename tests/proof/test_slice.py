"""A fixed slice of the proofs."""

import pytest

from tests.proof.crashes import crash_round


@pytest.mark.parametrize("seed", [0, 1])
def test_every_update_is_answered_through_crashes_and_taken_once(seed: int) -> None:
    assert "killed" in crash_round(seed)
