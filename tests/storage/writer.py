"""A program of its own that the tests kill: `python -m tests.storage.writer FOLDER`.

It commits one resident after another and prints each address when it is committed.
"""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from storage import residents, schema
from storage.database import Database


async def write(folder: Path) -> None:
    database = await Database.open(None, folder)
    await asyncio.to_thread(schema.upgrade, database.url)
    for number in range(100_000):
        address = f"{sys.argv[2]}-{number}"
        async with database.begin() as conn:
            now = datetime(2026, 11, 22, tzinfo=UTC)
            await residents.meet(conn, channel="web", account="main", address=address, now=now)
        print(address, flush=True)


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1])))
