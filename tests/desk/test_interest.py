"""Interest at the desk: only what was released, only for one's own places, with the sentence of care on every page."""

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert

from bot.desk.built import Desk
from bot.dialogue.turn import Knowledge
from scheduler.interest import close, frame_of
from storage.database import POOL_SIZE, Database
from storage.interest import marks, releases
from storage.interest.marks import Mark
from storage.interest.rule import Measure
from storage.tables import following
from tests.desk.conftest import BANNER, OTHER_BANNER, TOWNSHIP, VILLAGE, Sit
from tests.interest.months import drop_months, people

OCTOBER = date(2026, 10, 1)
OTHER_TOWNSHIP, NEXT_TOWNSHIP = "150622100", "150621100"
ALWAYS = "问的人少，不等于需要的人少"


@pytest.fixture
async def released(database: Database, know: Knowledge) -> AsyncIterator[Database]:
    """October: 60 of one township asked for loans, 45 of the next for insurance, 40 of another banner for work."""
    await drop_months(database)
    asked = ((TOWNSHIP, 60, "loan", 0), (NEXT_TOWNSHIP, 45, "insurance", 100), (OTHER_TOWNSHIP, 40, "work", 200))
    for home, count, topic, first in asked:
        who = await people(database, count, home=f"{home}201", first=first)
        made = [Mark(OCTOBER, one, Measure.ASKED, topic, "", home, "wechat") for one in who]
        made += [Mark(OCTOBER, one, Measure.HELPFUL, topic, "", home, "wechat") for one in who[:20]]
        rows = [{"resident_id": one, "kind": "topic", "subject": topic, "since": datetime.now(UTC)} for one in who]
        async with database.begin() as conn:
            await marks.write(conn, made)
            await conn.execute(insert(following), rows)
    await close(database, OCTOBER, frame_of(know.library, know.places), datetime(2026, 11, 2, 3, tzinfo=UTC))
    yield database
    await drop_months(database)


async def test_an_administrator_sees_topics_with_sentences_charts_and_tables(sit: Sit, released: Database) -> None:
    seat = await sit("administrator", BANNER)
    assert ALWAYS in await seat.see("/interest")
    shown = await seat.see("/interest/in/150621")
    assert ALWAYS in shown
    assert "贷款贴息" in shown
    assert "这里的人这个月问了哪些事" in shown
    assert "说有用" in shown
    assert "订着提醒" in shown
    assert f"/desk/interest/in/{TOWNSHIP}?" in shown, "its units"
    assert "150622" not in shown


async def test_every_chart_of_a_page_is_drawn_and_none_has_no_table(sit: Sit, released: Database) -> None:
    seat = await sit("administrator", BANNER)
    shown = await seat.see("/interest/in/150621")
    sources = [part.split('"')[0] for part in shown.split('class="chart" src="')[1:]]
    assert len(sources) == shown.count("<table>") >= 4
    for source in sources:
        drawn = await seat.get(source.removeprefix("/desk"))
        assert drawn.headers["content-type"].startswith("image/svg+xml")
        assert ElementTree.fromstring(drawn.text).tag.endswith("svg")  # noqa: S314 - our own
    assert (await seat.get("/interest/in/150621/nothing.svg")).status_code == 404


async def test_charts_that_wait_for_their_turn_leave_the_connections_to_others(
    sit: Sit, built: Desk, released: Database
) -> None:
    seat = await sit("administrator", BANNER)
    async with asyncio.TaskGroup() as asking, built.drawn.turn, asyncio.timeout(60):
        waiting = [asking.create_task(seat.get("/interest/in/150621/topics.svg")) for _ in range(2 * POOL_SIZE)]
        for _ in range(3):
            await seat.see("/interest")
    assert {one.result().status_code for one in waiting} == {200}


async def test_figures_of_other_places_are_as_if_there_were_none(sit: Sit, released: Database) -> None:
    seat = await sit("administrator", BANNER)
    for path in ("150622", OTHER_TOWNSHIP, "1506", "150600", "150000", "nowhere", "150622-1"):
        assert (await seat.get(f"/interest/in/{path}")).status_code == 404, path
        assert (await seat.get(f"/interest/in/{path}/topics.svg")).status_code == 404, path


async def test_who_keeps_a_township_sees_the_unit_in_which_it_counts(sit: Sit, released: Database) -> None:
    seat = await sit("administrator", VILLAGE)
    shown = await seat.see(f"/interest/in/{VILLAGE}")
    assert "贷款贴息" in shown
    assert "庄稼牲畜保险" not in shown
    assert (await seat.get("/interest/in/150621")).status_code == 404
    assert (await seat.get(f"/interest/in/{NEXT_TOWNSHIP}")).status_code == 404


@pytest.mark.parametrize("role", ["cadre", "editor"])
async def test_a_cadre_sees_no_figures(sit: Sit, released: Database, role: str) -> None:
    seat = await sit(role, BANNER)
    for path in ("/interest", "/interest/in/150621", "/interest/in/150621/topics.svg", "/interest/files/2026-10.csv"):
        assert (await seat.get(path)).status_code == 403


async def test_files_hold_the_figures_of_one_s_own_places_only(sit: Sit, released: Database, tmp_path: Path) -> None:
    seat = await sit("administrator", OTHER_BANNER)
    written = await seat.get("/interest/files/2026-10.csv")
    rows = list(csv.reader(io.StringIO(written.text.lstrip("\ufeff"))))
    codes = {row[2] for row in rows if len(row) > 3 and row[2].isdecimal()}
    assert codes
    assert all(code.startswith(OTHER_BANNER) for code in codes), codes
    assert any(ALWAYS in row[0] for row in rows)
    whole = json.loads((await seat.get("/interest/files/2026-10.json")).text)
    async with released.begin() as conn:
        assert whole["digest"] == (await releases.read(conn, OCTOBER)).digest
    assert "贷款贴息" not in json.dumps(whole["tables"], ensure_ascii=False)
    (tmp_path / "a.xlsx").write_bytes((await seat.get("/interest/files/2026-10.xlsx")).content)
    assert len(load_workbook(tmp_path / "a.xlsx").worksheets) > 5
    for name in ("2026-09.csv", "2026-10.exe", "x", "..%2f.csv"):
        assert (await seat.get(f"/interest/files/{name}")).status_code == 404


async def test_the_region_is_shown_whole_without_an_order_of_figures(sit: Sit, released: Database) -> None:
    seat = await sit("administrator", "15")
    shown = await seat.see("/interest/in/150000")
    assert "贷款贴息" in shown
    codes = [part.split("?")[0] for part in shown.split("/desk/interest/in/")[1:] if part[:6].isdecimal()]
    below = [code for code in dict.fromkeys(codes) if code != "150000" and "/" not in code and '"' not in code]
    assert below == sorted(below)


async def test_before_the_first_release_it_is_said(sit: Sit, built: Desk) -> None:
    seat = await sit("administrator", BANNER)
    shown = await seat.see("/interest")
    assert "还没有发布过" in shown
    assert ALWAYS in shown
    assert (await seat.get("/interest/in/150621")).status_code == 404
