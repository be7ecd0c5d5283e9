"""Real processes, killed: a second runner takes over, and what a dead worker had claimed is closed by the next."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest

from scheduler.broadcast.drain import drain
from scheduler.calendar import LOCAL
from scheduler.clock import now
from scheduler.engine import Engine, prepare
from storage import accounts, beats, schema
from storage.database import Database
from storage.states import Kind, State
from tests.policy.house import ROOT
from tests.scheduler.program import Wire
from tests.scheduler.sending import COMPOSERS, DAY, NOON, an_account, people, queue, states, ticking

TAKEN_OVER_WITHIN = 60


@contextmanager
def process(*arguments: object, zone: str = "Asia/Shanghai") -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-u", "-m", "tests.scheduler.program", *map(str, arguments)]
    surroundings = os.environ | {"TZ": zone}
    started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=surroundings)
    try:
        yield started
    finally:
        started.kill()
        started.wait()


async def said(started: "subprocess.Popen[str]", word: str, within: float = 240) -> None:
    async def read() -> None:
        assert started.stdout is not None
        while (line := await asyncio.to_thread(started.stdout.readline)) and word not in line:
            pass
        assert word in line, "the process ended"

    await asyncio.wait_for(read(), within)


@pytest.fixture
async def prepared(database: Database) -> Database:
    await asyncio.to_thread(prepare, database.url)
    return database


async def test_a_second_runner_takes_over_after_the_first_was_killed(prepared: Database, database_folder: Path) -> None:
    with process("clock", database_folder) as first:
        await said(first, "runner_began")
        with process("clock", database_folder, zone="America/New_York") as second:
            await asyncio.sleep(2)
            first.kill()
            await said(second, "runner_began", within=TAKEN_OVER_WITHIN)
            await asyncio.sleep(2)
    async with prepared.begin() as conn:
        assert {"wake", "expire", "remind", "forget", "stalled"} <= (await beats.beats(conn)).keys()


class Platform:
    """Takes a line for each message on a real socket, and answers after a moment."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self._more = asyncio.Event()

    async def reached(self, number: int) -> None:
        while self.taken.total() < number:
            self._more.clear()
            await self._more.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.taken[(await reader.readline()).decode().strip()] += 1
        self._more.set()
        await asyncio.sleep(0.02)
        writer.write(b"yes\n")
        writer.close()


@pytest.fixture
async def platform() -> AsyncIterator[tuple[Platform, int]]:
    made = Platform()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    async with server:
        yield made, server.sockets[0].getsockname()[1]


async def waken(database: Database, engine: Engine, at: datetime) -> None:
    async with database.begin() as conn:
        for account in await accounts.awaiting(conn, list(Kind), at + timedelta(hours=1)):
            await engine.wake(account)


async def settled(database: Database, engine: Engine, at: datetime, *, within: float = 90) -> None:
    """Wake accounts, as the timetable does, until nothing is due and no claim open."""
    async with asyncio.timeout(within):
        while {State.QUEUED, State.SENDING} & set(await states(database)):
            await waken(database, engine, at)
            await asyncio.sleep(0.5)


@pytest.mark.parametrize("kind", [Kind.NOTICE, Kind.URGENT])
async def test_one_of_two_workers_dies_in_the_middle(
    prepared: Database, database_folder: Path, platform: tuple[Platform, int], kind: Kind
) -> None:
    taken, port = platform
    account = await an_account(prepared, per_second=100)
    who = await people(prepared, *(f"r{number}" for number in range(300)))
    ahead = 12 - now().astimezone(LOCAL).hour
    noon = now() + timedelta(hours=ahead)
    await queue(prepared, account, who, kind=kind, not_before=noon, expires_at=noon + timedelta(hours=5))
    arguments = ("worker", database_folder, port, ahead)
    async with Engine(prepared.url) as engine:
        with process(*arguments) as first, process(*arguments) as second:
            await said(first, "working")
            await said(second, "working")
            await waken(prepared, engine, noon)
            await asyncio.wait_for(taken.reached(60), 60)
            first.kill()
            await settled(prepared, engine, noon)
    found = Counter(await states(prepared))
    assert set(found) <= {State.SENT, State.UNKNOWN}
    if kind is Kind.URGENT:
        assert set(taken.taken) == {f"r{number}" for number in range(300)}
    else:
        assert max(taken.taken.values()) == 1
        assert found[State.UNKNOWN] <= 200


class Slow(Platform):
    """Takes the line at once and answers only when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.answer = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.taken[(await reader.readline()).decode().strip()] += 1
        self._more.set()
        await self.answer.wait()
        writer.write(b"yes\n")
        writer.close()


async def test_outcomes_are_kept_while_the_database_is_gone_and_nothing_new_is_sent(own_database: Database) -> None:
    """(c): PostgreSQL dies while messages are on their way; their outcomes are written when it is back."""
    platform = Slow()
    server = await asyncio.start_server(platform.serve, "127.0.0.1", 0)
    account = await an_account(own_database, per_second=50)
    who = await people(own_database, *(f"r{number}" for number in range(200)))
    await queue(own_database, account, who, kind=Kind.URGENT, not_before=NOON, expires_at=NOON + DAY)
    sender = Wire(server.sockets[0].getsockname()[1])
    async with server:
        draining = asyncio.create_task(
            drain(account, store=own_database, sender=sender, composers=COMPOSERS, now=ticking(NOON))
        )
        await asyncio.wait_for(platform.reached(20), 30)
        kill_postgres(own_database)
        platform.answer.set()
        await asyncio.gather(draining, return_exceptions=True)
        taken = platform.taken.total()
    found = Counter(await states(own_database))
    assert found[State.SENT] == taken == len(platform.taken), "each outcome was kept, and nothing was sent after"
    assert found[State.SENT] + found[State.QUEUED] + found[State.SENDING] == 200


def kill_postgres(database: Database) -> None:
    notes = Path(database.url.query["host"]) / "postmaster.pid"  # type: ignore[arg-type]
    psutil.Process(int(notes.read_text().split()[0])).kill()


@pytest.fixture
async def own_database() -> AsyncIterator[Database]:
    """A database that may be killed."""
    folder = Path(tempfile.mkdtemp(prefix="mingbai-test-"))
    database = await Database.open(None, folder)
    await asyncio.to_thread(schema.upgrade, database.url)
    yield database
    await database.close()
    shutil.rmtree(folder)
