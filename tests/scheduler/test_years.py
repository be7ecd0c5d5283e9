"""Whatever happens in a year: nobody is told twice, late, after closing, at night, or against their wish."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogue.turn import Knowledge
from storage.database import Database
from tests.scheduler.years import a_year


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 5])  # in the fourth's year all that was followed stays cancelled
async def test_the_promises_hold_through_a_seeded_year(database: Database, know: Knowledge, seed: int) -> None:
    year = await a_year(database, know, Random(seed))  # noqa: S311 - a seed to repeat a year
    assert year.told


@settings(max_examples=5, derandomize=True, suppress_health_check=list(HealthCheck))
@given(dice=st.randoms(use_true_random=False))
async def test_the_promises_hold_through_any_year(database: Database, know: Knowledge, dice: Random) -> None:
    await a_year(database, know, dice, steps=12)
