"""A program that counts marks until it is killed: `python -m tests.interest.program FOLDER FIRST COUNT`.

Prints the number of each resident whose mark was counted.
"""

import asyncio
import sys
from pathlib import Path

from bot.interest.writer import counting
from storage.database import Database
from tests.interest.months import TOWNS, asked


async def main(folder: Path, first: int, count: int) -> None:
    database = await Database.open(None, folder)
    async with counting(database) as take:
        for who in range(first, first + count):
            take(asked([who], "grain", TOWNS[0]))
            print(who, flush=True)
            await asyncio.sleep(0.01)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
