"""What the benchmarks of sending stand on: a Bot API server, a database and `mingbai worker`, a process each."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psutil
from sqlalchemy import text

from scheduler.clock import now
from scheduler.engine import Engine
from storage import accounts
from storage.broadcasts import spreading
from storage.database import Database
from tests.fakes.telegram import alone
from tests.proof.faults.family import Nursery, kill, nursery, postmaster
from tests.proof.faults.notices import approved, settle, two_of_staff
from tests.proof.faults.nursery import Order
from tests.proof.faults.plan import ACCOUNT, TOKEN
from tests.proof.faults.play import Told, data_folder, noon, platform

VILLAGE = "15062110{:04}"

_ENDED = text("""
SELECT count(*), max(moved_at) FROM delivery
WHERE source_kind = 'broadcast' AND source_id = :id AND state NOT IN ('queued', 'sending')
""")


@dataclass(frozen=True)
class Slice:
    """A broadcast that was sent: when its last outcome stood in the ledger (seconds of the system's clock), and the
    seconds of processor that the worker and the database took."""

    ended: float
    worker: float
    database: float


class Stage:
    """A worker at noon that waits for notices, and villages whose people they are for."""

    def __init__(self, database: Database, folder: Path, server: str, worker: int, ahead: timedelta) -> None:
        self.database, self.server = database, server
        self._folder, self._worker, self._ahead = folder, worker, ahead
        self._villages, self._next = 0, alone.FIRST

    def now(self) -> datetime:
        """The time as the worker has it."""
        return now() + self._ahead

    async def village(self, people: int) -> tuple[str, int]:
        """Let people live somewhere; returns where, and the chat of the first."""
        self._villages, first = self._villages + 1, self._next
        self._next += people
        where = VILLAGE.format(self._villages)
        async with self.database.begin() as conn:
            await settle(conn, where, first, people)
        return where, first

    async def send(self, where: str, people: int) -> Slice:
        """Send a notice to a village, and wait until every outcome is written."""
        before = self._worker_used(), self._database_used()
        async with self.database.begin() as conn:
            staff = await two_of_staff(conn)
            id_ = await approved(conn, f"停水通知{where}", "notice", where, staff=staff, now=self.now())
            await spreading.spread(conn, id_, now=self.now())
        async with Engine(self.database.url, size=1) as engine, self.database.begin() as conn:
            account = await accounts.find(conn, channel="telegram", name=ACCOUNT)
            assert account is not None
            await engine.wake(account)
        ended = await self._ended(id_, people) - self._ahead
        return Slice(ended.timestamp(), self._worker_used() - before[0], self._database_used() - before[1])

    async def _ended(self, id_: int, people: int) -> datetime:
        while True:
            async with self.database.begin() as conn:
                count, last = (await conn.execute(_ENDED, {"id": id_})).one()
            if count == people:
                assert isinstance(last, datetime)
                return last
            await asyncio.sleep(0.2)

    def _worker_used(self) -> float:
        return used(self._worker)

    def _database_used(self) -> float:
        server = postmaster(self._folder)
        assert server is not None
        return sum(used(one.pid) for one in (server, *server.children()))


def used(number: int) -> float:
    """Seconds of processor that a process took so far, those of children that ended included."""
    try:
        times = psutil.Process(number).cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system + times.children_user + times.children_system


@asynccontextmanager
async def stage(people: int, per_second: float) -> AsyncIterator[tuple[Stage, Told]]:
    """Open everything; `people` have chats with the bot. What the server saw can be asked for when the block ended."""
    async with nursery() as made, data_folder() as folder:
        database = await Database.open(None, folder)
        try:
            async with platform(alone.Plan(TOKEN, people), made, folder) as (server, told):
                ahead = noon() - now()
                worker = await _worker(made, folder, server, per_second, ahead)
                await _registered(database)
                yield Stage(database, folder, server, worker, ahead), told
                kill(worker)
        finally:
            await database.close()


async def _worker(made: Nursery, folder: Path, server: str, per_second: float, ahead: timedelta) -> int:
    settings = {
        "MINGBAI_DATA": str(folder),
        "MINGBAI_TELEGRAM_TOKEN": TOKEN,
        "MINGBAI_TELEGRAM_API": server,
        "MINGBAI_TELEGRAM_PER_SECOND": str(per_second),
        "MINGBAI_TRIAL": "false",
        "MINGBAI_LOG_LEVEL": "ERROR",
    }
    order = Order("worker", settings, str(folder / "worker.log"), ahead=ahead.total_seconds(), quick=False)
    return await made.make(order)


async def _registered(database: Database) -> None:
    """Wait until the worker has opened its account."""
    while True:
        async with database.begin() as conn:
            if await accounts.find(conn, channel="telegram", name=ACCOUNT) is not None:
                return
        await asyncio.sleep(0.2)
