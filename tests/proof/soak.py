"""Half an hour of questions at an even pace: the service's memory does not grow. `python -m tests.proof.soak` alone."""

import asyncio
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.proof.banner import RESIDENTS, steadily
from tests.proof.load import filled
from tests.proof.visiting import Served, Visit, ask_all, left, serving

SECONDS, EACH_SECOND = 1800.0, 10.0
LOOK = 5.0  # seconds between two looks at the memory
WARM = 1 / 3
"""Share of the time in which caches fill and the allocator finds its size; not counted."""

MOST = 0.5
"""Kilobytes for each question. A leak of one page would be 10, of one state of a talk 1.5."""

MOST_IN_A_MINUTE = 5.0
"""The same for a minute, in which one step of the allocator (some megabytes) weighs more."""


@dataclass(frozen=True)
class Soak:
    """What came of it: the memory (megabytes) at moments (seconds) after the beginning."""

    visits: list[Visit]
    looks: list[tuple[float, float]]
    each_second: float

    @property
    def settled(self) -> list[tuple[float, float]]:
        """The looks that count."""
        return self.looks[int(len(self.looks) * WARM) :]

    @property
    def slope(self) -> float:
        """Kilobytes that the memory grew with each question, by the straight line nearest to all looks that count."""
        at, memory = np.array(self.settled).T
        return float(np.polyfit(at, memory, 1)[0]) * 1000 / self.each_second

    def __str__(self) -> str:
        (_, first), (_, last) = self.settled[0], self.settled[-1]
        grew = f"from {first:.1f} to {last:.1f} MB, {self.slope:+.3f} kB for each question"
        return f"{len(self.visits)} questions, {left(self.visits)}; memory {grew}"


async def play(seed: int, *, seconds: float, each_second: float, residents: int = RESIDENTS) -> Soak:
    """Fill a database and ask at an even pace."""
    dice = random.Random(seed)  # noqa: S311 - a seed to repeat a round, no secret
    with tempfile.TemporaryDirectory(prefix="mingbai-soak-") as name:
        folder = Path(name)
        await filled(folder, residents)
        async with serving(folder) as served:
            watching = asyncio.create_task(_watched(served, seconds))
            asked = steadily(dice, seconds=seconds, each_second=each_second, residents=residents)
            visits = await ask_all(served, asked, seed=seed)
            return Soak(visits, await watching, each_second)


async def _watched(served: Served, seconds: float) -> list[tuple[float, float]]:
    start, looks = time.monotonic(), list[tuple[float, float]]()
    while (at := time.monotonic() - start) < seconds:
        looks.append((at, served.memory))
        await asyncio.sleep(min(LOOK, seconds / 30))
    return looks


def soak_round(seed: int) -> str:
    """Play half an hour. Raises AssertionError where somebody got no answer or the memory grows."""
    found = asyncio.run(play(seed, seconds=SECONDS, each_second=EACH_SECOND))
    assert all(one.answered for one in found.visits), f"everybody is answered: {found}"
    assert found.slope <= MOST, f"memory does not grow: {found}"
    return f"{SECONDS / 60:.0f} minutes: {found}"


if __name__ == "__main__":
    print(soak_round(0))
