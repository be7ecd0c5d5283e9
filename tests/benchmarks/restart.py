"""From a crash to the next message: worker, clock and database are killed while an urgent notice goes out.

The real commands in processes of their own, begun from nothing; the bound of the issue is 10 s. Beside it the seconds
of processor that worker and clock took up to then, which a busy machine does not change.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scheduler.clock import now
from storage import accounts, schema
from storage.database import Database
from storage.embedded.cluster import Cluster
from tests.benchmarks.stage import used
from tests.fakes.telegram.alone import FIRST, Plan, Seen
from tests.proof.faults.family import ROOT, kill, postmaster
from tests.proof.faults.notices import VILLAGE, approved, settle, two_of_staff
from tests.proof.faults.plan import ACCOUNT, TOKEN

PEOPLE, BEFORE = 400, 40
PATIENCE = 300.0
"""Seconds until a machine is called too busy for this."""


def run() -> Iterator[str]:
    """Kill everything once; yield a line."""
    with tempfile.TemporaryDirectory(prefix="mingbai-bench-") as name:
        folder = Path(name)
        try:
            asyncio.run(_send_out(folder))
            yield _crash(folder)
        finally:
            if (folder / "postgres" / "postmaster.pid").exists():
                Cluster(folder).stop()


async def _send_out(folder: Path) -> None:
    database = await Database.open(None, folder)
    await asyncio.to_thread(schema.upgrade, database.url)
    async with database.begin() as conn:
        await accounts.register(conn, channel="telegram", name=ACCOUNT, per_second=20)
        await settle(conn, VILLAGE, FIRST, PEOPLE)
        await approved(conn, "停水通知", "urgent", VILLAGE, staff=await two_of_staff(conn), now=now())
    await database.close()


def _crash(folder: Path) -> str:
    with _platform(folder) as (server, end):
        running = _start(folder, server)
        _until(folder, BEFORE)
        for process in running:
            kill(process.pid)
            process.wait()
        if (database := postmaster(folder)) is not None:
            kill(database.pid)
        time.sleep(1)
        came, began = _came(folder), time.time()
        running = _start(folder, server)
        _until(folder, came + 1)
        processor = sum(used(process.pid) for process in running)
        for process in running:
            process.kill()
            process.wait()
        first = min(at for _, _, at in end().came if at > began)
    return (
        f"first message {first - began:.1f} s after worker, clock and database were killed and started again"
        f" ({processor:.1f} s of processor); load {os.getloadavg()[0]:.0f}"
    )


@contextmanager
def _platform(folder: Path) -> Iterator[tuple[str, "End"]]:
    plan = Plan(TOKEN, PEOPLE, count=str(folder / "count"))
    command = [sys.executable, "-m", "tests.fakes.telegram.alone", plan.as_json()]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip(), End(process)
    finally:
        process.kill()
        process.wait()


class End:
    """Ends the platform's process, and gives what it saw."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def __call__(self) -> Seen:
        """End it."""
        self._process.terminate()
        return Seen.read(self._process.communicate()[0])


def _start(folder: Path, server: str) -> list["subprocess.Popen[bytes]"]:
    settings = {
        "MINGBAI_DATA": str(folder),
        "MINGBAI_TELEGRAM_TOKEN": TOKEN,
        "MINGBAI_TELEGRAM_API": server,
        "MINGBAI_TELEGRAM_PER_SECOND": "20",
        "MINGBAI_TRIAL": "false",
        "MINGBAI_LOG_LEVEL": "ERROR",
    }
    return [
        subprocess.Popen([sys.executable, "-m", "bot", what], cwd=ROOT, env=os.environ | settings)
        for what in ("worker", "clock")
    ]


def _came(folder: Path) -> int:
    count = folder / "count"
    return int(count.read_text() or 0) if count.exists() else 0


def _until(folder: Path, number: int) -> None:
    """Wait until so many messages came."""
    give_up = time.monotonic() + PATIENCE
    while _came(folder) < number:
        if time.monotonic() > give_up:
            raise TimeoutError(f"only {_came(folder)} messages in {PATIENCE:.0f} s")
        time.sleep(0.02)


if __name__ == "__main__":
    for line in run():
        print(line, flush=True)
