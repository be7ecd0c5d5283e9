"""Three `mingbai worker` processes on one PostgreSQL, and one of them dies in the middle of a broadcast."""

import asyncio

from tests.fakes.telegram import alone
from tests.proof.faults.family import nursery
from tests.proof.faults.hold import hold
from tests.proof.faults.plan import TOKEN, Kill, Round
from tests.proof.faults.play import play, template

PEOPLE = 60
ONE_DIES = Round(
    seed=8,
    platform=alone.Plan(TOKEN, PEOPLE),
    per_second=25,
    workers=3,
    clocks=1,
    kinds=("notice", "urgent"),
    kills=(Kill("worker", after=PEOPLE // 2, delay=0, back=4),),
)
"""Whoever holds the account may be the one that dies, or not: the seed chooses. The others go on at once."""


def test_one_of_three_workers_dies_and_the_others_go_on() -> None:
    template()  # runs a loop of its own
    asyncio.run(_one_dies())


async def _one_dies() -> None:
    async with nursery() as made:
        played = await play(ONE_DIES, made)
    hold(ONE_DIES, played)
    assert [one.victim for one in played.kills] == ["worker"]
    urgent = [row for row in played.rows if row.kind == "urgent"]
    assert {row.state for row in urgent} == {"sent"}
    assert len(urgent) == PEOPLE
