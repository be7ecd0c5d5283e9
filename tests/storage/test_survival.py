"""What is committed outlives every kind of sudden death, and no hand is needed afterwards."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from storage import schema
from storage.database import Database
from storage.embedded import EmbeddedServer
from storage.tables import resident

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made_folder() -> Iterator[Path]:
    """A data folder with its tables, its server stopped: to be copied, which is faster than making one."""
    folder = Path(tempfile.mkdtemp(prefix="mingbai-made-"))
    server = EmbeddedServer(folder)
    server.join()
    schema.upgrade(server.url)
    server.leave()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def empty_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="mingbai-survival-"))
    yield folder
    for notes in folder.rglob("postmaster.pid"):
        kill(psutil.Process(int(notes.read_text().split()[0])))
    shutil.rmtree(folder)


@pytest.fixture
def folder(made_folder: Path, empty_folder: Path) -> Path:
    subprocess.run(["cp", "-a", f"{made_folder}/.", empty_folder], check=True)
    return empty_folder


def start_writer(folder: Path, name: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.storage.writer", str(folder), name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def committed(writer: "subprocess.Popen[str]", at_least: int) -> list[str]:
    """Read what the writer says is committed, then kill it as a power cut would."""
    assert writer.stdout is not None
    said = [writer.stdout.readline().strip() for _ in range(at_least)]
    writer.kill()
    return [*said, *writer.stdout.read().split("\n")[:-1]]


def postmaster(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]))


def kill(server: psutil.Process) -> None:
    """Kill the server as a machine short of memory would, and wait until its own processes have noticed."""
    children = server.children()
    server.kill()
    while any(is_alive(child) for child in children):
        time.sleep(0.01)


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def addresses(database: Database) -> set[str]:
    async with database.begin() as conn:
        return set(await conn.scalars(select(resident.c.address)))


async def test_killing_the_program_loses_nothing_committed(folder: Path) -> None:
    said = committed(start_writer(folder, "writer"), at_least=30)
    database = await Database.open(None, folder)
    assert said[0]
    assert set(said) <= await addresses(database)
    await database.close()


async def test_killing_program_and_server_together_loses_nothing_committed(folder: Path) -> None:
    writer = start_writer(folder, "writer")
    said = committed(writer, at_least=30)
    postmaster(folder).kill()
    database = await Database.open(None, folder)
    assert set(said) <= await addresses(database)
    await database.close()


async def test_a_program_whose_server_was_killed_starts_it_again_at_the_next_use(folder: Path) -> None:
    said = committed(start_writer(folder, "writer"), at_least=5)
    database = await Database.open(None, folder)
    for _ in range(2):
        await asyncio.gather(*(addresses(database) for _ in range(10)))
        kill(postmaster(folder))
        found = await asyncio.gather(*(addresses(database) for _ in range(10)))
        assert all(set(said) <= rows for rows in found)
    await database.close()


async def test_a_server_that_was_shut_down_is_started_again_at_the_next_use(folder: Path) -> None:
    before = await Database.open(None, folder)
    postmaster(folder).send_signal(signal.SIGTERM)  # what a service manager does to everything of a unit
    after = await Database.open(None, folder)
    assert await addresses(before) == await addresses(after) == set()
    await before.close()
    await after.close()


async def test_two_programs_that_open_an_empty_folder_at_once_share_one_server(empty_folder: Path) -> None:
    folder = empty_folder
    writers = [start_writer(folder, name) for name in ("first", "second")]
    said = [address for writer in writers for address in committed(writer, at_least=5)]
    database = await Database.open(None, folder)
    assert {"first-0", "second-0"} <= set(said) <= await addresses(database)
    await database.close()


async def test_a_folder_whose_making_was_cut_off_is_made_again(empty_folder: Path) -> None:
    folder = empty_folder
    (folder / "postgres.new" / "base").mkdir(parents=True)
    (folder / "postgres.new" / "PG_VERSION").write_text("18")
    database = await Database.open(None, folder)
    await database.close()


async def test_a_number_that_now_belongs_to_a_stranger_does_not_pass_for_the_server(folder: Path) -> None:
    await (await Database.open(None, folder)).close()
    notes = folder / "postgres" / "postmaster.pid"
    notes.write_text(f"{os.getpid()}\n{folder / 'postgres'}\n1\n5432\n{folder / 'postgres'}\n\n1 1\nready\n")
    (folder / "postgres" / ".s.PGSQL.5432.lock").write_text(notes.read_text())
    database = await Database.open(None, folder)
    assert postmaster(folder).pid != os.getpid()
    await database.close()


async def test_the_server_stops_with_the_last_who_uses_it(folder: Path) -> None:
    first, second = await Database.open(None, folder), await Database.open(None, folder)
    server = postmaster(folder)
    await first.close()
    assert await addresses(second) == set()
    await second.close()
    assert not is_alive(server)


@pytest.mark.parametrize("name", ["a folder, with; 'odd' \"signs\" $HOME 数据", "x" * 120])
async def test_any_folder_name_will_do(made_folder: Path, empty_folder: Path, name: str) -> None:
    subprocess.run(["cp", "-a", made_folder, empty_folder / name], check=True)  # noqa: ASYNC221 - nothing else runs
    database = await Database.open(None, empty_folder / name)
    assert await addresses(database) == set()
    await database.close()
