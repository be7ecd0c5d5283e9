"""Freezing a notice for 1,000,000 residents, as staff submit and approve it, and making its deliveries.

The bounds are of the issue: 60 s and 300 MB in the process that does it. The baseline is what people write, a list of
all recipients read into the process and hashed there; it is measured in the same run, in a process of its own.
"""

import asyncio
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from scheduler.clock import now
from storage import accounts, schema
from storage.broadcasts import spreading
from storage.database import Database
from tests.proof.faults.family import ROOT
from tests.proof.faults.notices import VILLAGE, approved, settle, two_of_staff
from tests.proof.faults.plan import ACCOUNT

PEOPLE = 1_000_000
MEGABYTE = 1024  # of the kilobytes that the system counts in


def run(people: int = PEOPLE) -> Iterator[str]:
    """Fill a database, then freeze and make deliveries in a process each; yield a line."""
    with tempfile.TemporaryDirectory(prefix="mingbai-bench-") as folder:
        asyncio.run(_keep(Path(folder), people))
        yield _told(people, {what: _measured(what, folder) for what in ("list", "freeze", "spread")})


def _told(people: int, took: dict[str, dict[str, float]]) -> str:
    frozen, base, spread = took["freeze"], took["list"], took["spread"]
    return (
        f"{people:,} recipients frozen and approved in {frozen['seconds']:.1f} s, {frozen['megabytes']:.0f} MB in the"
        f" process; baseline (a list in the process): {base['seconds']:.1f} s, {base['megabytes']:.0f} MB; their"
        f" deliveries made in {spread['seconds']:.1f} s, {spread['megabytes']:.0f} MB; load {os.getloadavg()[0]:.0f}"
    )


async def _keep(folder: Path, people: int) -> None:
    """Make the database."""
    database = await Database.open(None, folder)
    await asyncio.to_thread(schema.upgrade, database.url)
    async with database.begin() as conn:
        await accounts.register(conn, channel="telegram", name=ACCOUNT, per_second=30)
        await settle(conn, VILLAGE, 1000, people)
    async with database.begin() as conn:
        await conn.execute(text("ANALYZE resident"))
    await database.close()


def _measured(what: str, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.freezing", what, folder]
    told: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT).stdout)
    return told


async def _list(database: Database) -> None:
    """Read everybody into a list, as people do, and hash it."""
    async with database.begin() as conn:
        chosen = text("SELECT id FROM resident WHERE stopped_at IS NULL AND gone_at IS NULL ORDER BY id")
        rows = (await conn.execute(chosen)).all()
    hashlib.sha256(json.dumps([row.id for row in rows]).encode()).hexdigest()


async def _freeze(database: Database) -> None:
    async with database.begin() as conn:
        staff = await two_of_staff(conn)
        await approved(conn, "停水通知", "notice", VILLAGE, staff=staff, now=now())


async def _spread(database: Database) -> None:
    async with database.begin() as conn:
        (one,) = await spreading.unfinished(conn, "notice")
        await spreading.spread(conn, one.id, now=now())


async def _main(what: str, folder: Path) -> None:
    database = await Database.open(None, folder)
    began = time.perf_counter()
    await {"list": _list, "freeze": _freeze, "spread": _spread}[what](database)
    seconds = time.perf_counter() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    await database.close()
    print(json.dumps({"seconds": seconds, "megabytes": most}))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        asyncio.run(_main(sys.argv[1], Path(sys.argv[2])))
    else:
        for line in run(*map(int, sys.argv[1:])):
            print(line, flush=True)
