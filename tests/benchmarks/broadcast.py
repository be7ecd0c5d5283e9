"""Sending: `mingbai worker` beside a bare aiogram loop without a limit, and beside a loop with a pause with one.

Bot API server, worker, loop and PostgreSQL are a process each; what was sent, and when, is what the server saw. Without
a limit the two take turns, a slice each, so that both have the same machine; the ratio is of the medians. The worker's
slice ends when its last outcome stands in the ledger; the loop notes nothing. With a limit both send at once.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.broadcast_loops import PER_SECOND
from tests.benchmarks.stage import Slice, stage
from tests.fakes.telegram.alone import Seen
from tests.proof.faults.family import ROOT
from tests.proof.faults.plan import TOKEN
from tests.proof.faults.play import Told

SLICES, SLICE = 5, 1000
SECONDS = 130  # longer than two drains, so that what lies between them counts
NO_LIMIT = 1e6
"""Messages in a second: more than any machine sends."""


@dataclass(frozen=True)
class Sent:
    """A slice: the chat of the first, how many, the seconds of processor, and what is known of the worker's."""

    first: int
    people: int
    processor: float
    slice: Slice | None = None

    def per_second(self, seen: Seen) -> float:
        """Messages in a second, from the first that the server took to the last; the worker's to its last outcome."""
        at = [moment for chat, _, moment in seen.taken if self.first <= chat < self.first + self.people]
        assert len(at) == self.people, "each message was taken once"
        return self.people / ((self.slice.ended if self.slice else at[-1]) - at[0])


class Loop:
    """A baseline's process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def send(self, first: int, people: int) -> Sent:
        """Send to so many; the process says how much processor that took."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{first} {people}\n".encode())
        return Sent(first, people, float(await self._process.stdout.readline()))


@asynccontextmanager
async def loop(way: str, server: str) -> AsyncIterator[Loop]:
    """Start a baseline."""
    command = (sys.executable, "-m", "tests.benchmarks.broadcast_loops", way, server, TOKEN)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, cwd=ROOT)
    assert process.stdout is not None
    assert (await process.stdout.readline()).strip() == b"ready"
    try:
        yield Loop(process)
    finally:
        process.kill()
        await process.wait()


async def without_limit(slices: int, size: int) -> str:
    """Measure in turns; the first slice of each only warms up."""
    async with stage(2 * (slices + 1) * size, NO_LIMIT) as (on, told), loop("semaphore", on.server) as bare:
        theirs, ours = [], []
        for _ in range(slices + 1):
            theirs.append(await bare.send((await on.village(size))[1], size))
            where, first = await on.village(size)
            one = await on.send(where, size)
            ours.append(Sent(first, size, one.worker, one))
    return _told_without(ours[1:], theirs[1:], told())


def _told_without(ours: list[Sent], theirs: list[Sent], seen: Seen) -> str:
    mine, base = (median(one.per_second(seen) for one in sent) for sent in (ours, theirs))
    cost, base_cost = (median(one.processor / one.people * 1000 for one in sent) for sent in (ours, theirs))
    database = median(one.slice.database / one.people * 1000 for one in ours if one.slice)
    return (
        f"without a limit: {mine:.0f} a second, every outcome recorded; baseline (aiogram, semaphore): {base:.0f};"
        f" ratio {mine / base:.2f}; processor for one message: {cost:.2f} ms, baseline {base_cost:.2f} ms, ratio"
        f" {base_cost / cost:.2f}; the database's apart: {database:.2f} ms; load {os.getloadavg()[0]:.0f}"
    )


async def with_limit(seconds: int) -> str:
    """Measure both at once, at PER_SECOND."""
    people = seconds * PER_SECOND
    async with stage(2 * people, PER_SECOND / 0.8) as (on, told), loop("sleep", on.server) as naive:
        where, first = await on.village(people)
        theirs, one = await asyncio.gather(naive.send(first + people, people), on.send(where, people))
    return _told_with(Sent(first, people, one.worker, one), theirs, told)


def _told_with(ours: Sent, theirs: Sent, told: Told) -> str:
    seen = told()
    mine, base = ours.per_second(seen), theirs.per_second(seen)
    return (
        f"with a limit of {PER_SECOND} a second: {mine:.2f}, {mine / PER_SECOND:.1%} of it; baseline (a loop with a"
        f" pause): {base:.2f}, {base / PER_SECOND:.1%}; load {os.getloadavg()[0]:.0f}"
    )


def run(slices: int = SLICES, size: int = SLICE, seconds: int = SECONDS) -> Iterator[str]:
    """Yield a line for each of the two."""
    yield asyncio.run(without_limit(slices, size))
    yield asyncio.run(with_limit(seconds))


if __name__ == "__main__":
    for line in run(*map(int, sys.argv[1:])):
        print(line, flush=True)
