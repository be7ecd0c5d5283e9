"""A round: broadcasts are approved, the processes started and killed; it ends when nothing is on its way any more."""

import asyncio
import atexit
import random
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import psutil

from scheduler.calendar import LOCAL
from scheduler.clock import now
from scheduler.engine import prepare
from storage import schema
from storage.database import Database
from storage.embedded.cluster import Cluster
from storage.errors import DatabaseError
from tests.fakes.telegram.alone import Plan, Seen
from tests.proof.faults.family import Nursery, backends, ended, kill, postmaster
from tests.proof.faults.ledger import Row, rows, under_way
from tests.proof.faults.notices import send_out
from tests.proof.faults.nursery import Order, What
from tests.proof.faults.plan import TOKEN, Kill, Round

GIVEN_UP = 300.0
"""Seconds after which what is still on its way would never have come to an end."""

LOOK = 0.05
"""Seconds between two looks at how far the sending is."""


@dataclass(frozen=True)
class Played:
    """What is left of a round: the ledger, what the platform saw, and the kills that there was time for."""

    rows: list[Row]
    seen: Seen
    kills: tuple[Kill, ...]


@cache
def template() -> Path:
    """A data folder with all tables, made once for this process; copied for each round."""
    folder = Path(tempfile.mkdtemp(prefix="mingbai-faults-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)

    async def fill() -> None:
        database = await Database.open(None, folder)
        await asyncio.to_thread(schema.upgrade, database.url)
        await asyncio.to_thread(prepare, database.url)
        await database.close()

    asyncio.run(fill())
    return folder


class Processes:
    """The processes of a round, and what they were made with."""

    def __init__(self, nursery: Nursery, folder: Path, round_: Round) -> None:
        self._nursery, self._folder, self._round = nursery, folder, round_
        self.noon = noon()
        self._ahead = (self.noon - now()).total_seconds()
        self._settings: dict[str, str] = {}
        self.running: dict[str, list[int]] = {"worker": [], "clock": []}

    async def open(self, server: str) -> None:
        """Start workers and clocks on a platform's address."""
        self._settings = {
            "MINGBAI_DATA": str(self._folder),
            "MINGBAI_TELEGRAM_TOKEN": TOKEN,
            "MINGBAI_TELEGRAM_API": server,
            "MINGBAI_TELEGRAM_PER_SECOND": str(self._round.per_second),
            "MINGBAI_TRIAL": "false",
        }
        for what, number in (("worker", self._round.workers), ("clock", self._round.clocks)):
            for _ in range(number):
                await self.start(what)  # type: ignore[arg-type]

    async def start(self, what: What) -> None:
        """Start one more."""
        out = str(self._folder / f"{what}.log")
        order = Order(what, self._settings, out, ahead=self._ahead, quick=self._round.quick)
        self.running[what].append(await self._nursery.make(order))

    async def strike(self, blow: Kill, dice: random.Random) -> None:
        """Do what a blow is; who is brought back is there when it returns."""
        if blow.victim in self.running:
            kill(self.running[blow.victim].pop(dice.randrange(len(self.running[blow.victim]))))
            await asyncio.sleep(blow.back)
            await self.start(blow.victim)  # type: ignore[arg-type]
        elif blow.victim == "postmaster" and (server := postmaster(self._folder)):
            _kill(server)
        elif found := backends(self._folder):
            _kill(dice.choice(found))

    async def keep_up(self) -> None:
        """Start again what ended by itself, as a service manager does: who finds no database at its start ends."""
        for what, running in self.running.items():
            for number in [one for one in running if not psutil.pid_exists(one)]:
                running.remove(number)
                await self.start(what)  # type: ignore[arg-type]

    def end(self) -> None:
        """End all of them at once."""
        for number in (one for running in self.running.values() for one in running):
            kill(number)


def _copy(come_from: Path, to: Path) -> None:
    subprocess.run(["cp", "-a", f"{come_from}/.", to], check=True)  # with its owner, to whom root lends the server


def _kill(process: psutil.Process) -> None:
    kill(process.pid)


def noon() -> datetime:
    """The last noon in Inner Mongolia: a round is played by day, whenever it is played.

    Not the next one: the timetable asks the system for the time, and what is due at noon would wait until then.
    """
    local = now().astimezone(LOCAL)
    today = local.replace(hour=12, minute=0, second=0, microsecond=0)
    return today if today <= local else today - timedelta(days=1)


@asynccontextmanager
async def data_folder() -> AsyncIterator[Path]:
    """A copy of the template for as long as the block lasts; its server is ended with it."""
    folder = Path(tempfile.mkdtemp(prefix="mingbai-faults-"))
    try:
        await asyncio.to_thread(_copy, await asyncio.to_thread(template), folder)
        yield folder
    finally:
        if (folder / "postgres" / "postmaster.pid").exists():
            await asyncio.to_thread(Cluster(folder).stop)
        shutil.rmtree(folder, ignore_errors=True)


async def play(round_: Round, nursery: Nursery) -> Played:
    """Play a round to its end. TimeoutError if something is on its way for ever."""
    async with data_folder() as folder, asyncio.timeout(GIVEN_UP + 60):
        return await _play(round_, nursery, folder)


async def _play(round_: Round, nursery: Nursery, folder: Path) -> Played:
    processes = Processes(nursery, folder, round_)
    database = await Database.open(None, folder)
    try:
        expected = await send_out(database, round_, processes.noon)
        async with platform(round_.platform, nursery, folder) as (server, seen):
            await processes.open(server)
            struck = await _until_settled(round_, processes, database, folder, expected)
            processes.end()
        return Played(await rows(database), seen(), struck)
    finally:
        processes.end()
        await database.close()


@asynccontextmanager
async def platform(plan: Plan, nursery: Nursery, folder: Path) -> AsyncIterator[tuple[str, "Told"]]:
    """Run a Bot API server: its address, and what it saw once the block has ended."""
    told = Told(folder / "platform.log")
    counting = replace(plan, count=str(folder / "count"))
    number = await nursery.make(Order("fake", {}, str(told.path), plan=counting.as_json()))
    while not told.lines():  # noqa: ASYNC110 - another process
        await asyncio.sleep(LOOK)
    try:
        yield told.lines()[0], told
    finally:
        await ended(number)
        told.close()


class Told:
    """What the platform's process printed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: Seen | None = None

    def lines(self) -> list[str]:
        """Whole lines so far."""
        return self.path.read_text().split("\n")[:-1] if self.path.exists() else []

    def close(self) -> None:
        """Take what it printed at its end, before its folder goes."""
        self._seen = Seen.read(self.lines()[1])

    def __call__(self) -> Seen:
        """What it saw, once it has ended."""
        assert self._seen is not None
        return self._seen


async def _until_settled(
    round_: Round, processes: Processes, database: Database, folder: Path, expected: int
) -> tuple[Kill, ...]:
    """Strike when it is time, and wait until every row has come to an end. Returns the blows that fell."""
    dice = random.Random(round_.seed)  # noqa: S311 - a seed to repeat a round, no secret
    to_come, struck, until = list(round_.kills), [], asyncio.get_running_loop().time() + GIVEN_UP
    while asyncio.get_running_loop().time() < until:
        if to_come and _came(folder) >= to_come[0].after:
            await asyncio.sleep(to_come[0].delay)
            struck.append(to_come.pop(0))
            await processes.strike(struck[-1], dice)
        elif await _settled(database, expected):
            return tuple(struck)
        await processes.keep_up()
        await asyncio.sleep(LOOK)
    left = Counter((row.kind, row.state, row.reason) for row in await rows(database))
    raise TimeoutError(f"seed {round_.seed}: still on its way after {GIVEN_UP:.0f} s: {dict(left)}")


async def _settled(database: Database, expected: int) -> bool:
    try:
        return await under_way(database, expected) == 0
    except DatabaseError:
        return False


def _came(folder: Path) -> int:
    try:
        return int((folder / "count").read_text() or 0)
    except OSError:
        return 0
