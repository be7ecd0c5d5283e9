"""Interest from the command line: closing, showing, exporting, auditing, as an operator does it."""

import asyncio
import csv
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from sqlalchemy import update

from bot import interest_commands
from bot import settings as settings_module
from bot.cli import main
from bot.dialogue.turn import Knowledge
from content.render import say
from scheduler.interest import close_due, frame_of, is_due
from storage.database import Database
from storage.interest.marks import Mark
from storage.interest.rule import Measure
from storage.tables.interest import interest_figure
from tests.interest.months import DECEMBER, NOVEMBER, people, write

TOWN, QUIET = "150621100", "150622100"
Run = Callable[..., Result]


@pytest.fixture
async def released(months: Database, know: Knowledge) -> Database:
    """A release of November: a town that asks, and one where too few do."""
    who, few = await people(months, 80, home=TOWN), await people(months, 40, home=QUIET)
    given = [Mark(NOVEMBER, one, Measure.ASKED, "insurance", "grain-soy-insurance", TOWN, "wechat") for one in who]
    given += [Mark(NOVEMBER, one, Measure.ASKED, "low-income", "dibao", TOWN, "wechat") for one in who[:30]]
    given += [Mark(NOVEMBER, one, Measure.ASKED, "loan", "farm-loan", QUIET, "wechat") for one in few[:12]]
    await write(months, given)
    closed = await close_due(months, frame_of(know.library, know.places), DECEMBER)
    assert len(closed) == 1
    return months


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, database_folder: Path) -> Iterator[Run]:
    """`mingbai interest …` on the data folder of the tests, in a thread: commands make a loop of their own."""
    monkeypatch.setenv("MINGBAI_DATA", str(database_folder))
    settings_module.settings.cache_clear()
    yield lambda *words: CliRunner().invoke(main, ["interest", *words])
    settings_module.settings.cache_clear()


async def test_a_release_is_shown_with_what_it_means_and_blanks_where_people_are_few(
    released: Database, run: Run
) -> None:
    shown = await asyncio.to_thread(run, "show")
    assert shown.exit_code == 0, shown.output
    assert say("interest", "always") in shown.output
    assert "达拉特旗" in shown.output
    assert "庄稼牲畜保险\t问过\t80" in shown.output
    assert "贷款贴息" not in shown.output, "twelve people in a unit with too few"
    assert say("interest", "few") in shown.output
    assert "marks before" in shown.output


async def test_a_place_is_shown_alone(released: Database, run: Run) -> None:
    shown = await asyncio.to_thread(run, "show", "--place", "150622")
    assert "达拉特旗" not in shown.output


async def test_exports_hold_the_release_and_nothing_else(released: Database, run: Run, tmp_path: Path) -> None:
    for name in ("a.csv", "a.xlsx", "a.json"):
        done = await asyncio.to_thread(run, "show", "--month", "2026-11", "--out", str(tmp_path / name))
        assert done.exit_code == 0, done.output
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == [say("interest", "always")]
    figures = sorted(int(row[-1]) for row in rows if row[-1].isdigit())
    book = load_workbook(tmp_path / "a.xlsx")
    assert sorted(row[-1] for sheet in book for row in sheet.values if isinstance(row[-1], int)) == figures
    whole = json.loads((tmp_path / "a.json").read_text("utf-8"))
    told = [line["people"] for rows in whole["tables"].values() for line in rows]
    assert sorted(one for one in told if isinstance(one, int)) == figures
    assert whole["says"][0] == say("interest", "always")
    assert {10, 30, 80, 90} == set(figures), "a unit, a sensitive banner, a programme and a channel of the league"


async def test_an_export_of_another_kind_is_refused_with_the_kinds_there_are(
    released: Database, run: Run, tmp_path: Path
) -> None:
    done = await asyncio.to_thread(run, "show", "--out", str(tmp_path / "a.pdf"))
    assert done.exit_code != 0
    assert ".xlsx" in done.output


async def test_the_audit_passes_a_release_and_finds_one_that_was_changed(released: Database, run: Run) -> None:
    whole = await asyncio.to_thread(run, "audit")
    assert whole.exit_code == 0, whole.output
    assert "0 broken" in whole.output
    async with released.begin() as conn:
        await conn.execute(update(interest_figure).where(interest_figure.c.part == "league").values(figure=95))
    changed = await asyncio.to_thread(run, "audit", "--month", "2026-11")
    assert changed.exit_code != 0
    assert "CHANGED" in changed.output
    assert "not the sum" in changed.output


async def test_a_month_is_closed_from_the_command_line_once_and_never_before_it_is_over(
    months: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = await people(months, 40, home=TOWN)
    await write(months, [Mark(NOVEMBER, one, Measure.ASKED, "loan", "farm-loan", TOWN, "wechat") for one in who])
    monkeypatch.setattr(interest_commands, "now", lambda: datetime(2026, 11, 22, tzinfo=UTC))
    assert "not over" in (await asyncio.to_thread(run, "close", "--month", "2026-11")).output
    assert "Nothing to close" in (await asyncio.to_thread(run, "close")).output
    monkeypatch.setattr(interest_commands, "now", lambda: DECEMBER)
    assert "before 81, after 0" in (await asyncio.to_thread(run, "close", "--month", "2026-11")).output
    assert "Nothing to close" in (await asyncio.to_thread(run, "close", "--month", "2026-11")).output


async def test_without_a_release_that_is_said(months: Database, run: Run) -> None:
    assert say("interest", "nothing_released") in (await asyncio.to_thread(run, "show")).output
    assert "not released" in (await asyncio.to_thread(run, "show", "--month", "2026-11")).output
    assert "2026-11" in (await asyncio.to_thread(run, "show", "--month", "november")).output


def test_the_timetable_closes_a_month_from_the_second_day_of_the_next_on() -> None:
    days = [datetime(2026, 12, day, tzinfo=UTC).date() for day in (1, 2, 31)]
    assert [is_due(NOVEMBER, day) for day in days] == [False, True, True]
    assert not is_due(NOVEMBER, NOVEMBER.replace(day=30))
