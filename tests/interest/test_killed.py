"""Killed without warning, a process loses its last marks and no others."""

import asyncio
import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from storage.database import Database
from storage.interest.marks import is_there, tables
from tests.interest.months import NOVEMBER, TOWNS, people
from tests.policy.house import ROOT


async def kept(database: Database) -> list[int]:
    its = tables(NOVEMBER)
    async with database.begin() as conn:
        if not await is_there(conn, its.marks):
            return []
        asked = text(f"SELECT resident_id FROM {its.marks} ORDER BY resident_id")  # noqa: S608
        return list((await conn.scalars(asked)).all())


async def test_a_killed_process_loses_its_last_marks_and_no_others(months: Database, database_folder: Path) -> None:
    who = sorted(await people(months, 5000, home=TOWNS[0]))
    words = [sys.executable, "-m", "tests.interest.program", str(database_folder), str(who[0]), str(len(who))]
    program = await asyncio.to_thread(subprocess.Popen, words, cwd=ROOT, stdout=subprocess.PIPE)
    while len(await kept(months)) < 50:  # noqa: ASYNC110 - what another process wrote
        await asyncio.sleep(0.2)
    program.kill()
    said, _ = await asyncio.to_thread(program.communicate)
    counted = [int(line) for line in said.split()]
    there = await kept(months)
    assert there == counted[: len(there)]
