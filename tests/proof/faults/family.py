"""The processes of a round from outside: made by the nursery, killed at will."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

import psutil

from tests.proof.faults.nursery import Order

ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "tests.proof.faults.nursery")


class Nursery:
    """Makes processes. Several rounds may share one."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._turn = asyncio.Lock()

    async def make(self, order: Order) -> int:
        """Make a process; returns its number."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with self._turn:
            self._process.stdin.write(json.dumps(asdict(order)).encode() + b"\n")
            return int(await self._process.stdout.readline())


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """Open the nursery; when the block ends, so do all its children."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=_without_settings()
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        assert (await process.stdout.readline()).strip() == b"ready"
        yield Nursery(process)
    finally:
        process.stdin.close()
        await process.wait()


def _without_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("MINGBAI_")}


def kill(number: int) -> None:
    """`kill -9`, as the system does when memory runs out; one that is dead already stays so."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)


async def ended(number: int) -> None:
    """Tell a process to end, and wait until it has."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(number, signal.SIGTERM)
    while psutil.pid_exists(number):  # noqa: ASYNC110 - no child of ours
        await asyncio.sleep(0.02)


def postmaster(folder: Path) -> psutil.Process | None:
    """The server of a data folder, None while it is down."""
    try:
        return psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]))
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
        return None


def backends(folder: Path) -> list[psutil.Process]:
    """The processes that serve one connection each. The death of one makes the server drop all and recover."""
    try:
        server = postmaster(folder)
        serving = [one for one in server.children() if "[local]" in " ".join(one.cmdline())] if server else []
    except psutil.NoSuchProcess:
        return []
    return serving
