"""Rounds one by one for `make proof`, or several at once for `make test`."""

import asyncio
from collections.abc import Sequence

from tests.proof.faults.family import Nursery, nursery
from tests.proof.faults.hold import hold
from tests.proof.faults.plan import round_of
from tests.proof.faults.play import play, template

ROUNDS = 300
BATCH = 10
"""Rounds of one line of `make proof`, which share a nursery."""

AT_ONCE = 2
PATIENT = 10
"""In `make proof` each of so many rounds waits as long as the product does."""


def fault_rounds(number: int) -> str:
    """Play a batch of rounds; returns what came of each, in lines. AssertionError where a promise is broken."""
    seeds = range(number * BATCH, (number + 1) * BATCH)
    return "\n  ".join(play_some(seeds, at_once=AT_ONCE, patient=PATIENT))


def play_some(seeds: Sequence[int], *, at_once: int, patient: int = 0) -> list[str]:
    """Play the rounds of these seeds; a line about each. `patient`: each of so many rounds hurries nothing."""
    template()
    return asyncio.run(_play_some(seeds, at_once, patient))


async def _play_some(seeds: Sequence[int], at_once: int, patient: int) -> list[str]:
    free = asyncio.Semaphore(at_once)
    async with nursery() as made:
        return await asyncio.gather(
            *(_one(seed, made, free, quick=not patient or seed % patient > 0) for seed in seeds)
        )


async def _one(seed: int, made: Nursery, free: asyncio.Semaphore, *, quick: bool) -> str:
    async with free:
        round_ = round_of(seed, quick=quick)
        return hold(round_, await play(round_, made))
