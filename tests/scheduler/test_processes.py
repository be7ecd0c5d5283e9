"""Real processes, killed: a second runner takes over, and what a dead worker had claimed is closed by the next."""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scheduler.calendar import LOCAL
from scheduler.clock import now
from scheduler.engine import Engine, prepare
from storage import accounts, beats
from storage.database import Database
from storage.states import Kind, State
from tests.policy.house import ROOT
from tests.scheduler.sending import an_account, people, queue, states

TAKEN_OVER_WITHIN = 30


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


async def said(started: "subprocess.Popen[str]", word: str, within: float = 60) -> None:
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
