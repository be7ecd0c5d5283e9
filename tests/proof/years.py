"""Simulated years of windows, moves, joins, whims and outages, seeded: see tests/scheduler/years.py.

`python -m tests.proof.years FIRST COUNT` lives through so many of them.
"""

import asyncio
import random
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from bot.dialogue.turn import Service
from bot.knowledge import knowledge
from storage import schema
from storage.database import Database
from tests.scheduler.years import a_year

DAYS = 365
STEPS = 120


async def years(first: int, count: int) -> AsyncIterator[str]:
    """Live through the years of these seeds; yields a line for each. AssertionError where a promise is broken."""
    folder = Path(tempfile.mkdtemp(prefix="mingbai-years-"))
    know = knowledge(Service("proof", "12345"))
    database = await Database.open(None, folder)
    try:
        await asyncio.to_thread(schema.upgrade, database.url)
        for seed in range(first, first + count):
            dice = random.Random(seed)  # noqa: S311 - a seed to repeat a year, no secret
            year = await a_year(database, know, dice, days=DAYS, steps=STEPS)
            yield f"year {seed}: {len(year.told)} told to {len(year.ids)} residents of {len(year.windows)} windows"
    finally:
        await database.close()
        shutil.rmtree(folder, ignore_errors=True)


def year_round(seed: int) -> str:
    """Live through one year."""

    async def one() -> str:
        return await anext(aiter(years(seed, 1)))

    return asyncio.run(one())


async def _tell(first: int, count: int) -> None:
    async for line in years(first, count):
        print(line, flush=True)


if __name__ == "__main__":
    asyncio.run(_tell(int(sys.argv[1]), int(sys.argv[2])))
