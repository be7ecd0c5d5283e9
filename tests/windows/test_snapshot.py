"""What residents are shown is what was published when last read; examples are for the demo alone."""

import asyncio
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from openpyxl import load_workbook
from sqlalchemy import select

from bot.dialogue.turn import Knowledge
from bot.windows import examples
from bot.windows.snapshot import Snapshot, read_local
from content.local import Detail, Local, Window
from storage import details, windows
from storage.database import Database
from storage.details import Kind, Told
from storage.tables.staff import trail
from storage.windows import Entered, Timing

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
ENTRY = Entered(place="150621", timing=Timing.DATED, programme="farm-loan", closes_on=TODAY, source="通知")


async def publish(database: Database, entry: Entered) -> None:
    async with database.begin() as conn:
        made = await windows.enter(conn, entry, author="staff:1", reason="", now=NOW)
        await windows.publish(conn, made.id, confirmer="staff:1", reason="", now=NOW)


async def test_what_is_published_is_seen_at_the_next_read(database: Database) -> None:
    snapshot = Snapshot(database, lambda: NOW)
    assert snapshot() == Local()
    await publish(database, ENTRY)
    await snapshot.read()
    first = snapshot()
    assert [one.programme for one in first.windows_of("farm-loan", "150621100202")] == ["farm-loan"]
    assert first.windows_of("farm-loan", "150302") == first.windows_of("farm-loan", None) == ()
    await snapshot.read()
    assert snapshot() is first


async def test_drafts_what_lapsed_and_what_closed_long_ago_are_not_in_it(database: Database) -> None:
    await publish(database, Entered(**vars(ENTRY) | {"closes_on": TODAY - timedelta(days=60)}))
    async with database.begin() as conn:
        await windows.enter(conn, Entered(**vars(ENTRY) | {"batch": "x"}), author="staff:1", reason="", now=NOW)
        told = Told("150621", Kind.PHONE, "0477", TODAY - timedelta(days=1), "farm-loan", source="通知")
        detail = await details.enter(conn, told, author="staff:1", reason="", now=NOW)
        await details.publish(conn, detail.id, confirmer="staff:1", reason="", now=NOW)
        assert await read_local(conn, TODAY) == Local()


async def test_the_examples_of_the_demo_all_say_that_they_are_none(database: Database, know: Knowledge) -> None:
    async with database.begin() as conn:
        await examples.bring(conn, know.library, NOW)
        await examples.bring(conn, know.library, NOW)
        local = await read_local(conn, TODAY)
        assert len(local.windows) >= 5
        shown: tuple[Window | Detail, ...] = (*local.windows, *local.details)
        assert all("示例" in one.source and one.programme in know.library.programmes for one in shown)
        await examples.take_back(conn)
        assert await read_local(conn, TODAY) == Local()


async def test_the_examples_keep_away_from_what_staff_entered(database: Database, know: Knowledge) -> None:
    await publish(database, ENTRY)
    async with database.begin() as conn:
        await examples.bring(conn, know.library, NOW)
        assert len((await read_local(conn, TODAY)).windows) == 1
        await examples.take_back(conn)
        assert len((await read_local(conn, TODAY)).windows) == 1


async def test_the_commands_write_a_template_take_it_back_and_list_it(database: Database, tmp_path: Path) -> None:
    """The program itself, on the run's database."""
    env = os.environ | {"MINGBAI_DATABASE_URL": database.url.render_as_string(hide_password=False)}
    env["MINGBAI_DATA"] = str(tmp_path)

    async def mingbai(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot", "windows", *words]
        return await asyncio.to_thread(
            subprocess.run, command, env=env, capture_output=True, text=True, check=False, timeout=300
        )

    sheet = tmp_path / "a.xlsx"
    assert (await mingbai("template", str(sheet))).returncode == 0
    empty = await mingbai("import", str(sheet))
    assert (empty.returncode, "一行也没有" in empty.stderr) == (1, True)
    book = load_workbook(sheet)
    for column, value in enumerate(("150621", "种地养殖贷款", "", "", "2026-12-15", *[""] * 6, "示例通知"), 1):
        book.worksheets[0].cell(2, column, value)
    book.save(sheet)
    assert "新登记1条" in (await mingbai("import", str(sheet), "--by", "staff:7")).stdout
    assert "达拉特旗 种地养殖贷款 ～2026-12-15 已发布 示例通知" in (await mingbai("list", "--place", "150621")).stdout
    async with database.begin() as conn:
        (deed,) = (await conn.execute(select(trail))).all()
    assert (deed.actor, deed.verb, deed.object_id) == ("staff:7", "imported", "windows:1+0+0")
