"""The morning after a broadcast in a banner: 2,000 questions in 10 minutes, bursts of 50 a second, in one process.

Everything on this machine: `mingbai serve` with its timetable and embedded PostgreSQL, and those who ask.
`python -m tests.proof.load` plays it alone.
"""

import asyncio
import random
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

from storage import schema
from storage.database import Database
from tests.proof.banner import BURST, RESIDENTS, morning, settle
from tests.proof.visiting import Visit, ask_all, left, serving

SECONDS, QUESTIONS = 600.0, 2000
MOST = 0.300
"""Seconds within which 95 of 100 answers must have come."""


@dataclass(frozen=True)
class Morning:
    """What came of the questions; `cpu` is what the service took for each, in seconds."""

    visits: list[Visit]
    cpu: float
    complaints: list[str]  # lines that the service logged

    @property
    def p95(self) -> float:
        """Seconds from a question's sending to the end of its answer, 95th percentile."""
        return statistics.quantiles((one.seconds for one in self.visits), n=20)[18]

    @property
    def unanswered(self) -> list[Visit]:
        """Those who got no answer."""
        return [one for one in self.visits if not one.answered]

    def __str__(self) -> str:
        took = sorted(one.seconds * 1000 for one in self.visits)
        speed = f"p50 {statistics.median(took):.0f} ms, p95 {self.p95 * 1000:.0f} ms, longest {took[-1]:.0f} ms"
        return f"{len(took)} questions, {left(self.visits)}; {speed}; CPU {self.cpu * 1000:.1f} ms each"


async def play(seed: int, *, seconds: float, questions: int, residents: int = RESIDENTS) -> Morning:
    """Fill a database and play the morning."""
    dice = random.Random(seed)  # noqa: S311 - a seed to repeat a round, no secret
    with tempfile.TemporaryDirectory(prefix="mingbai-load-") as name:
        folder = Path(name)
        await filled(folder, residents)
        async with serving(folder) as served:
            before = served.cpu
            asked = morning(dice, seconds=seconds, questions=questions, residents=residents)
            visits = await ask_all(served, asked, seed=seed)
            return Morning(visits, (served.cpu - before) / questions, served.log.read_text().splitlines())


async def filled(folder: Path, residents: int) -> None:
    """Make the embedded database of a folder, with a banner in it."""
    database = await Database.open(None, folder)
    try:
        await asyncio.to_thread(schema.upgrade, database.url)
        async with database.begin() as conn:
            await settle(conn, residents)
    finally:
        await database.close()


def load_round(seed: int) -> str:
    """Play a whole morning. Raises AssertionError where somebody got no answer or p95 is over MOST."""
    found = asyncio.run(play(seed, seconds=SECONDS, questions=QUESTIONS))
    assert not found.unanswered, f"everybody is answered: {found}"
    assert not found.complaints, found.complaints[:5]
    assert found.p95 <= MOST, f"95 of 100 answers come within {MOST} s: {found}"
    return f"{RESIDENTS} residents, bursts of {BURST} a second: {found}"


if __name__ == "__main__":
    print(load_round(0))
