"""A process of its own that the tests kill: `tests.scheduler.program clock FOLDER` or `worker FOLDER PORT HOURS`.

It runs what `mingbai clock` and `mingbai worker` run, and prints what happened. A worker's clock is HOURS ahead, so
that the tests do not wait for quiet hours to end.
"""

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from content.library import read_library
from content.message import Message
from scheduler import runner
from scheduler.broadcast.drain import Drained, drain
from scheduler.clock import now
from scheduler.engine import Engine
from scheduler.holidays import office_days
from scheduler.sending import Outcome, Sent, Unsure
from scheduler.timetable import Work
from storage.database import Database
from tests.scheduler.sending import COMPOSERS


class Wire:
    """A sender over a real socket: one line to the platform, one word back. A line cut off is Unsure."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def send(self, account: str, address: str, message: Message, *, delivery_id: int, now: datetime) -> Outcome:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(f"{address}\n".encode())
            answer = await reader.readline()
            writer.close()
        except OSError:
            return Unsure("reset")
        return Sent() if answer else Unsure("reset")


async def clock(folder: Path) -> None:
    database = await Database.open(None, folder)
    library = read_library()
    async with Engine(database.url) as engine:
        work = Work(database, engine, lambda: library, office_days(), (7, 1, 0), now)
        await runner.run(work, look=1.0)


async def worker(folder: Path, port: int, ahead: timedelta) -> None:
    database = await Database.open(None, folder)

    async def drained(account_id: int) -> Drained:
        return await drain(
            account_id, store=database, sender=Wire(port), composers=COMPOSERS, now=lambda: now() + ahead
        )

    async with Engine(database.url) as engine:
        print("working", flush=True)
        await engine.work(drained, channels=["telegram"], concurrency=2)


def _tell(_: object, __: str, event: structlog.typing.EventDict) -> str:
    return str(event["event"])


if __name__ == "__main__":
    structlog.configure(processors=[_tell], logger_factory=structlog.PrintLoggerFactory(sys.stdout))
    jobs: dict[str, Callable[[], object]] = {
        "clock": lambda: asyncio.run(clock(Path(sys.argv[2]))),
        "worker": lambda: asyncio.run(worker(Path(sys.argv[2]), int(sys.argv[3]), timedelta(hours=int(sys.argv[4])))),
    }
    jobs[sys.argv[1]]()
