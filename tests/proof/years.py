"""Simulated years of windows, moves, joins, whims and outages, seeded: see tests/scheduler/years.py.

`python -m tests.proof.years FIRST COUNT` lives through so many of them.
"""

import asyncio
import random
import shutil
import sys
import tempfile
from pathlib import Path

from bot.dialogue.turn import Service
from bot.knowledge import knowledge
from storage import schema
from storage.database import Database
from tests.scheduler.years import a_year

DAYS = 365
STEPS = 120


async def years(first: int, count: int) -> list[str]:
    """Live through the years of these seeds; a line for each. AssertionError where a promise is broken."""
    folder = Path(tempfile.mkdtemp(prefix="mingbai-years-"))
    know = knowledge(Service("proof", "12345"))
    database = await Database.open(None, folder)
    try:
        await asyncio.to_thread(schema.upgrade, database.url)
        lines = []
        for seed in range(first, first + count):
            dice = random.Random(seed)  # noqa: S311 - a seed to repeat a year, no secret
            year = await a_year(database, know, dice, days=DAYS, steps=STEPS)
            lines.append(
                f"year {seed}: {len(year.told)} told to {len(year.ids)} residents of {len(year.windows)} windows"
            )
        return lines
    finally:
        await database.close()
        shutil.rmtree(folder, ignore_errors=True)


def year_round(seed: int) -> str:
    """Live through one year."""
    return asyncio.run(years(seed, 1))[0]


if __name__ == "__main__":
    for line in asyncio.run(years(int(sys.argv[1]), int(sys.argv[2]))):
        print(line, flush=True)
