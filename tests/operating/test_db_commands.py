"""`mingbai db …` as an operator types it."""

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.dialogue.turn import Knowledge
from scheduler import reminders
from scheduler.calendar import local_date
from scheduler.clock import now
from scheduler.holidays import office_days
from storage.database import Database
from storage.tables import delivery
from tests.operating.serving import outside
from tests.policy.house import ROOT
from tests.scheduler.village import Village

KEY = "the trail's key, long enough"


async def mingbai(database: Database, folder: Path, *words: str) -> tuple[int, str]:
    """Run a command on a database; returns its exit code and what it wrote."""
    chosen = outside(database) | {"MINGBAI_DATA": str(folder), "MINGBAI_AUDIT_KEY": KEY}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MINGBAI_")}
    words, pipe = (sys.executable, "-m", "bot", *words), asyncio.subprocess.PIPE
    program = await asyncio.create_subprocess_exec(
        *words, cwd=ROOT, env=clean | chosen, stdout=pipe, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await program.communicate()
    return program.returncode or 0, said.decode()


async def test_a_reminder_that_may_have_been_sent_since_the_backup_does_not_come_again(
    database: Database, elsewhere: Database, know: Knowledge, tmp_path: Path
) -> None:
    """The window opened before the backup; its followers were reminded after it, which the backup can't know."""
    today = local_date(now())
    village = await Village.founded(database, know)
    await village.resident("aunt")
    await village.window(today, today + timedelta(days=20), today - timedelta(days=1))
    file = tmp_path / "backups" / "a.dump"
    file.parent.mkdir()
    code, said = await mingbai(database, tmp_path, "db", "backup", str(file))
    assert code == 0, said
    assert "erasures.list, 0 entries" in said

    code, said = await mingbai(elsewhere, tmp_path, "db", "restore", str(file))
    assert code == 0, said
    assert "mingbai staff list" in said
    async with elsewhere.begin() as conn:
        rows = (await conn.execute(select(delivery.c.kind, delivery.c.state, delivery.c.reason))).all()
    assert [tuple(row) for row in rows] == [("reminder", "unknown", "restored")]
    again = await reminders.look(elsewhere, now(), days=office_days())
    assert (again.lines, again.deliveries) == (0, 0)

    code, said = await mingbai(elsewhere, tmp_path, "db", "restore", str(file))
    assert code == 1
    assert "not empty" in said
    assert KEY not in said
