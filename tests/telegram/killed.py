"""The residents' bot in a process that is killed: `python -m tests.telegram.killed FOLDER SERVER TOKEN`."""

import asyncio
import sys
from pathlib import Path

from bot.channels.telegram.door import Telegram, door
from bot.dialogue.turn import Service
from bot.knowledge import knowledge
from bot.pipeline import Pipeline
from scheduler.clock import now
from storage.database import Database


async def serve(folder: Path, server: str, token: str) -> None:
    """Serve until killed."""
    service = Service("试验村委会", "0477-1234567")
    know = knowledge(service)
    database = await Database.open(None, folder)
    pipeline = Pipeline(lambda: know, database, per_minute=1000, now=now)
    async with door(Telegram(token, server, None, 1000.0), pipeline, database, service, now):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
