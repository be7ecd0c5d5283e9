"""A program that answers updates and is killed: `python -m tests.proof.answering FOLDER FIRST COUNT`.

It handles update after update through the real pipeline, prints `answered N` when a reply has left, then marks it sent.
"""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from bot.dialogue.turn import Service
from bot.incoming import Incoming
from bot.knowledge import knowledge
from bot.pipeline import Pipeline
from scheduler.clock import now
from storage import schema
from storage.database import Database

SAID = ("玉米保险咋上", "那找谁办", "低保咋申请", "我在达旗", "旱厕改造有钱没", "以前咋说", "1", "谢谢")
RESIDENTS = 5


def update(number: int) -> Incoming:
    """The update of a number: always the same, as a platform delivers it again."""
    address, text = f"resident-{number % RESIDENTS}", SAID[number % len(SAID)]
    return Incoming("telegram", "proof", address, f"update-{number}", now() - timedelta(seconds=1), text=text)


async def answer(folder: Path, first: int, count: int) -> None:
    """Answer `count` updates from `first`."""
    know = knowledge(Service("proof", "12345"))
    database = await Database.open(None, folder)
    await asyncio.to_thread(schema.upgrade, database.url)
    pipeline = Pipeline(lambda: know, database, per_minute=1_000_000, now=now)
    print("ready", flush=True)
    for number in range(first, first + count):
        handled = await pipeline.handle(update(number), welcoming=True)
        if handled.reply is not None:
            print(f"answered {number}", flush=True)
            await pipeline.sent(handled)
    print("done", flush=True)
    await database.close()


if __name__ == "__main__":
    asyncio.run(answer(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
