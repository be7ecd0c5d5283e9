"""A fixed slice of the simulation."""

from tests.proof.interest import interest_round


def test_no_hidden_cell_of_made_up_months_is_broken() -> None:
    assert "none broken" in interest_round(0, villages=12, months=1)
