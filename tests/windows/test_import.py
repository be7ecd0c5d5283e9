"""`mingbai windows import`: a sheet as staff fill it in, right and wrong in every way, and twice."""

import asyncio
import contextlib
import io
import random
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from bot.dialogue.turn import Knowledge
from bot.windows.rows import Checked, check_rows
from bot.windows.sheet import RawRow, SheetError, form, read_sheet
from bot.windows.take import Taker, Tally
from bot.windows.template import write_template
from storage import details, windows
from storage.database import Database
from storage.details import Kind
from storage.entries import State
from storage.windows import Timing, Window

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
GOOD = {
    "地方": "达拉特旗树林召镇白柜村",
    "事项": "粮食大豆保险",
    "开始": "12月1日",
    "截止": "12.15",
    "去哪办": "村委会一楼",
    "带什么": "身份证、一卡通",
    "依据": "我嘎查村委会通知",
}


def sheet(path: Path, *rows: Mapping[str, object]) -> Path:
    """A file with these rows under the headers that they name."""
    headers = list(dict.fromkeys(header for row in rows for header in row))
    book = Workbook()
    written = book.worksheets[0]
    written.append(headers)
    for row in rows:
        written.append([row.get(header) for header in headers])
    book.save(path)
    return path


def checked(know: Knowledge, path: Path) -> Checked:
    return check_rows(read_sheet(path), know.library, know.places, TODAY)


async def taken(database: Database, know: Knowledge, path: Path, *, publishing: bool = True) -> Tally:
    async with database.begin() as conn:
        taker = Taker(conn, know.library, "staff:1", TODAY, NOW, publishing)
        return await taker.take(checked(know, path).rows)


async def kept(database: Database) -> list[Window]:
    async with database.begin() as conn:
        return await windows.below(conn, ["15"])


async def test_a_row_becomes_a_published_window(database: Database, know: Knowledge, tmp_path: Path) -> None:
    tally = await taken(database, know, sheet(tmp_path / "a.xlsx", GOOD))
    (window,) = await kept(database)
    assert tally == Tally(new=1)
    assert (window.programme, window.place, window.state) == (
        "grain-soy-insurance",
        "150621100202",
        State.PUBLISHED,
    )
    assert (window.opens_on, window.closes_on) == (date(2026, 12, 1), date(2026, 12, 15))
    assert (window.where_to_go, window.topic, window.sensitive) == ("村委会一楼", "insurance", False)
    assert window.confirmed_by == "staff:1"


async def test_what_is_given_up_is_given_up_with_the_details_of_its_row(
    database: Database, know: Knowledge, tmp_path: Path
) -> None:
    told = GOOD | {"标准": "每亩20元", "电话": "0477-1234567"}
    await taken(database, know, sheet(tmp_path / "a.xlsx", told))
    given_up = {name: told[name] for name in ("地方", "事项", "标准")} | {"停办": "是"}
    tally = await taken(database, know, sheet(tmp_path / "b.xlsx", given_up))
    again = await taken(database, know, sheet(tmp_path / "b.xlsx", given_up))
    async with database.begin() as conn:
        states = {one.kind: one.state for one in await details.below(conn, ["15"])}
    (window,) = await kept(database)
    assert (tally.cancelled, again.cancelled, again.same) == (2, 0, 2)
    assert window.state is State.CANCELLED
    assert states == {Kind.STANDARD: State.CANCELLED, Kind.PHONE: State.PUBLISHED}


async def test_a_second_import_changes_and_does_not_double(database: Database, know: Knowledge, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", GOOD | {"标准": "每亩20元"})
    await taken(database, know, path)
    again = await taken(database, know, path)
    moved = await taken(database, know, sheet(tmp_path / "b.xlsx", GOOD | {"截止": "12月20日", "去哪办": ""}))
    (window,) = await kept(database)
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    assert (moved.new, moved.changed) == (0, 1)
    assert (window.closes_on, window.where_to_go, window.revision) == (date(2026, 12, 20), "村委会一楼", 3)


async def test_two_imports_at_once_go_one_after_the_other(database: Database, know: Knowledge, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", *(GOOD | {"批次": f"第{number}批", "标准": ""} for number in range(20)))
    tallies = await asyncio.gather(*(taken(database, know, path) for _ in range(4)))
    assert sorted(tally.new for tally in tallies) == [0, 0, 0, 20]
    assert len(await kept(database)) == 20


async def test_local_details_come_in_the_same_row_or_alone(database: Database, know: Knowledge, tmp_path: Path) -> None:
    with_window = GOOD | {"标准": "每亩20元", "电话": "0477-1234567", "依据日期": "2026-11-20"}
    alone = {"地方": "150621", "事项": "低保", "带什么": "户口本", "依据": "示例〔2026〕1号", "有效到": "年底"}
    await taken(database, know, sheet(tmp_path / "a.xlsx", with_window, alone))
    async with database.begin() as conn:
        told = {(one.kind.value, one.says, one.lapses_on.isoformat()) for one in await details.below(conn, ["15"])}
    assert told == {
        ("standard", "每亩20元", "2027-11-20"),
        ("phone", "0477-1234567", "2027-11-20"),
        ("papers", "户口本", "2026-12-31"),
    }
    assert len(await kept(database)) == 1


async def test_what_lapsed_and_is_told_again_holds_anew(database: Database, know: Knowledge, tmp_path: Path) -> None:
    standard = {"地方": GOOD["地方"], "事项": GOOD["事项"], "标准": "每亩25元", "依据": "通知"}
    await taken(database, know, sheet(tmp_path / "a.xlsx", standard | {"有效到": "2026-11-01"}))
    async with database.begin() as conn:
        assert await details.published(conn, TODAY) == []
    await taken(database, know, sheet(tmp_path / "a.xlsx", standard | {"标准": "每亩30元"}))
    async with database.begin() as conn:
        (told,) = await details.published(conn, TODAY)
    assert (told.says, told.lapses_on) == ("每亩30元", date(2027, 11, 22))


@pytest.mark.parametrize(
    ("brought", "until"),
    [
        ([{"依据日期": "2025-12-20"}, {"依据日期": "2026-11-08", "依据": "新通知"}], date(2027, 11, 8)),
        ([{"依据日期": "2025-12-20"}, {"依据日期": "2025-12-20"}], date(2026, 12, 20)),
        ([{"有效到": "2028-01-01"}, {"依据日期": "2026-11-08"}], date(2028, 1, 1)),
        ([{"依据日期": "2026-11-08", "有效到": "2026-12-31"}, {"依据日期": "2026-11-08"}], date(2026, 12, 31)),
        ([{"依据日期": "2025-12-20"}, {}], date(2026, 12, 20)),
    ],
    ids=["a new source", "the same source", "a later day was set", "an earlier day was set", "no day of a source"],
)
async def test_a_year_is_counted_from_a_new_source_and_an_empty_cell_shortens_and_stretches_nothing(
    database: Database, know: Knowledge, tmp_path: Path, brought: list[dict[str, str]], until: date
) -> None:
    standard = {"地方": GOOD["地方"], "事项": GOOD["事项"], "标准": "每亩25元", "依据": "通知"}
    for row in brought:
        await taken(database, know, sheet(tmp_path / "a.xlsx", standard | row))
    async with database.begin() as conn:
        (told,) = await details.published(conn, TODAY)
    assert told.lapses_on == until


def test_days_that_are_past_are_taken_and_pointed_out(know: Knowledge, tmp_path: Path) -> None:
    past = {"开始": "", "截止": "2025-12-25", "标准": "每亩25元", "有效到": "2026-11-01"}
    result = checked(know, sheet(tmp_path / "a.xlsx", GOOD | past))
    assert len(result.rows) == 1
    assert [note[:2] for note in result.notes] == ["D2", "I2"]


async def test_without_a_source_a_row_stays_a_draft_that_nobody_is_shown(
    database: Database, know: Knowledge, tmp_path: Path
) -> None:
    tally = await taken(database, know, sheet(tmp_path / "a.xlsx", {**GOOD, "依据": ""}))
    (window,) = await kept(database)
    assert (tally.drafts, window.state) == (1, State.DRAFT)
    await taken(database, know, sheet(tmp_path / "b.xlsx", GOOD), publishing=False)
    assert (await kept(database))[0].state is State.DRAFT
    await taken(database, know, sheet(tmp_path / "b.xlsx", GOOD))
    assert (await kept(database))[0].state is State.PUBLISHED


async def test_a_row_marked_as_given_up_cancels_its_window(database: Database, know: Knowledge, tmp_path: Path) -> None:
    await taken(database, know, sheet(tmp_path / "a.xlsx", GOOD))
    tally = await taken(database, know, sheet(tmp_path / "b.xlsx", GOOD | {"停办": "是"}))
    assert (tally.cancelled, (await kept(database))[0].state) == (1, State.CANCELLED)
    again = await taken(database, know, sheet(tmp_path / "a.xlsx", GOOD))
    assert (await kept(database))[0].state is State.PUBLISHED
    assert again.again == 1, "whoever did not know that it was given up is told"


async def test_what_residents_are_shown_is_left_as_it_is_by_who_keeps_drafts(
    database: Database, know: Knowledge, tmp_path: Path
) -> None:
    await taken(database, know, sheet(tmp_path / "a.xlsx", GOOD | {"标准": "每亩20元"}))
    before = await kept(database)
    moved = GOOD | {"截止": "12.20", "标准": "每亩30元", "停办": ""}
    for row in (moved, moved | {"停办": "是"}):
        tally = await taken(database, know, sheet(tmp_path / "b.xlsx", row), publishing=False)
        assert tally == Tally(untouched=2)
    assert await kept(database) == before


@pytest.mark.parametrize(
    ("cells", "timing", "days"),
    [
        ({"开始": "", "截止": "12月底前"}, Timing.DATED, (None, "2026-12-31")),
        ({"开始": "12月25日", "截止": "12月25日"}, Timing.DATED, ("2026-12-25", "2026-12-25")),
        ({"开始": "12月1日至25日", "截止": ""}, Timing.DATED, ("2026-12-01", "2026-12-25")),
        ({"开始": "", "截止": "11月25日到12月5日"}, Timing.DATED, ("2026-11-25", "2026-12-05")),
        ({"开始": "", "截止": "12.1-12.25"}, Timing.DATED, ("2026-12-01", "2026-12-25")),
        ({"开始": "12月1-25日", "截止": ""}, Timing.DATED, ("2026-12-01", "2026-12-25")),
        ({"开始": "", "截止": "2026-12.25"}, Timing.DATED, (None, "2026-12-25")),
        ({"开始": "", "截止": "截至12月25日"}, Timing.DATED, (None, "2026-12-25")),
        ({"开始": "", "截止": "截止到12月25日"}, Timing.DATED, (None, "2026-12-25")),
        ({"开始": "", "截止": "至12月25日"}, Timing.DATED, (None, "2026-12-25")),
        ({"开始": "12月1日", "截止": "到12月25日"}, Timing.DATED, ("2026-12-01", "2026-12-25")),
        ({"开始": "12月1日", "截止": "至另行通知"}, Timing.OPEN_ENDED, ("2026-12-01", None)),
        ({"开始": "12月20日", "截止": "1月10日"}, Timing.DATED, ("2026-12-20", "2027-01-10")),
        ({"开始": "即日起", "截止": "腊月二十三"}, Timing.DATED, (None, "2027-01-30")),
        ({"开始": "12月1日", "截止": "另行通知"}, Timing.OPEN_ENDED, ("2026-12-01", None)),
        ({"开始": datetime(2026, 12, 1), "截止": datetime(2026, 12, 9)}, Timing.DATED, ("2026-12-01", "2026-12-09")),  # noqa: DTZ001
        ({"每年": "是"}, Timing.YEARLY, ("2026-12-01", "2026-12-15")),
        ({"开始": "", "截止": "大概12月，等通知"}, Timing.AWAITING, (None, None)),
    ],
    ids=str,
)
def test_days_are_read_as_they_are_meant(
    know: Knowledge, tmp_path: Path, cells: dict[str, object], timing: Timing, days: tuple[str | None, str | None]
) -> None:
    (row,) = checked(know, sheet(tmp_path / "a.xlsx", GOOD | cells)).rows
    assert row.times is not None
    read = tuple(day and day.isoformat() for day in (row.times.opens_on, row.times.closes_on))
    assert (row.times.timing, read) == (timing, days)
    assert row.times.about == (cells["截止"] if timing is Timing.AWAITING else None)


WRONG: list[tuple[dict[str, object], str, str]] = [
    ({"地方": ""}, "A2", "空着"),
    ({"地方": "达拉特旗不存在村"}, "A2", "没有"),
    ({"地方": "159999"}, "A2", "没有"),
    ({"地方": "东风村"}, "A2", "好几个"),
    ({"事项": ""}, "B2", "空着"),
    ({"事项": "名" * 21}, "B2", "太长"),
    ({"开始": "下个月"}, "C2", "看不出"),
    ({"截止": ""}, "D2", "另行通知"),
    ({"截止": "尽快"}, "D2", "看不出"),
    ({"截止": "2月30日"}, "D2", "没有这一天"),
    ({"截止": 12.1}, "D2", "分不清"),
    ({"截止": "2026-11-01"}, "D2", "早"),
    ({"截止": "#REF!"}, "D2", "坏的"),
    ({"截止": "八月十五"}, "D2", "农历"),
    ({"开始": "大概12月"}, "C2", "另一格"),
    ({"截止": "等通知"}, "D2", "另行通知"),
    ({"开始": "", "截止": "腊月二十三", "每年": "是"}, "D2", "农历"),
    ({"开始": "", "截止": "春节前", "每年": "是"}, "D2", "农历"),
    ({"依据日期": "2026-12-30"}, "H2", "还没到"),
    ({"开始": "", "截止": "另行通知"}, "C2", "哪天开始"),
    ({"每年": "也许"}, "H2", "是"),
    ({"每年": "是", "截止": "另行通知"}, "D2", "每年"),
    ({"去哪办": "长" * 41}, "E2", "太长"),
    ({"依据日期": "昨儿"}, "H2", "看不出"),
    ({"电话": "138 1234 5678"}, "H2", "手机号"),
    ({"去哪办": "找王会计１３８１２３４５６７８"}, "E2", "手机号"),
    ({"带什么": "先打+8613812345678"}, "F2", "手机号"),
    ({"开始": "", "截止": "大概12月，问13812345678"}, "D2", "手机号"),
    ({"截止": "1月0日"}, "D2", "没有这一天"),
    ({"截止": "2300年春节"}, "D2", "没有这一天"),
    ({"截止": "0001年元旦前"}, "D2", "没有这一天"),
    ({"标准": "每亩25元", "依据日期": "2024-05-01"}, "A2", "有效到"),
    ({"开始": "", "截止": "", "去哪办": "", "带什么": ""}, "D2", "什么都没有"),
]


@pytest.mark.parametrize(("cells", "address", "why"), WRONG, ids=str)
def test_what_is_wrong_names_its_cell(
    know: Knowledge, tmp_path: Path, cells: dict[str, object], address: str, why: str
) -> None:
    result = checked(know, sheet(tmp_path / "a.xlsx", GOOD | cells))
    assert result.rows == []
    assert any(problem.startswith(address) and why in problem for problem in result.problems), result.problems


def test_all_problems_of_all_rows_are_told_at_once(know: Knowledge, tmp_path: Path) -> None:
    bad = {**GOOD, "地方": "没有这个旗", "截止": "尽快", "去哪办": "长" * 41}
    result = checked(know, sheet(tmp_path / "a.xlsx", bad, GOOD, GOOD | {"事项": ""}, GOOD))
    cells = [problem.partition("（")[0] for problem in result.problems]
    assert sorted(cells) == ["A2", "B4", "B5", "D2", "E2"]
    assert len(result.rows) == 1


def test_a_share_is_told_as_it_was_typed(know: Knowledge, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", GOOD | {"标准": 0.305})
    book = load_workbook(path)
    book.worksheets[0]["H2"].number_format = "0.0%"
    book.save(path)
    assert checked(know, path).rows[0].details == {Kind.STANDARD: "30.5%"}


def test_rows_that_tell_two_things_of_one_are_told_and_neither_is_lost_unseen(know: Knowledge, tmp_path: Path) -> None:
    spring, autumn = ({**GOOD, "批次": batch, "标准": says} for batch, says in (("春季", "20元"), ("秋季", "30元")))
    result = checked(know, sheet(tmp_path / "a.xlsx", spring, autumn, autumn | {"批次": "冬季", "标准": "20元"}))
    assert [row.number for row in result.rows] == [2, 4]
    (problem,) = result.problems
    assert "3（第3行 标准）" in problem
    assert "第2行" in problem


@pytest.mark.parametrize("name", ["白柜村", "白柜村委会", "白柜村村委会", "白柜村民委员会", "白柜村村民委员会"])
def test_a_village_may_be_called_by_its_committee(know: Knowledge, tmp_path: Path, name: str) -> None:
    result = checked(know, sheet(tmp_path / "a.xlsx", GOOD | {"地方": f"达拉特旗树林召镇{name}"}))
    assert [row.place for row in result.rows] == ["150621100202"], result.problems


def test_a_day_that_can_not_be_read_is_told_once(know: Knowledge, tmp_path: Path) -> None:
    row = {"地方": GOOD["地方"], "事项": GOOD["事项"], "截止": "尽快", "依据": "通知"}
    assert len(checked(know, sheet(tmp_path / "a.xlsx", row)).problems) == 1


def test_a_name_that_is_no_card_is_taken_and_pointed_out(know: Knowledge, tmp_path: Path) -> None:
    result = checked(know, sheet(tmp_path / "a.xlsx", GOOD | {"事项": "低保年审"}))
    assert result.rows[0].matter == "低保年审"
    assert "B2" in result.notes[0]
    assert "低保" in result.notes[0]


@pytest.mark.parametrize(
    "headers", [["地方"], ["名称", "日期"], ["地方", "事项", "截止时间"], ["地方", "事项", "事项"], []], ids=str
)
def test_a_sheet_with_other_headers_is_refused_whole(tmp_path: Path, headers: list[str]) -> None:
    book = Workbook()
    book.worksheets[0].append(headers)
    book.worksheets[0].append(["a"] * len(headers))
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(SheetError):
        read_sheet(tmp_path / "a.xlsx")


def test_a_title_above_the_headers_does_no_harm(know: Knowledge, tmp_path: Path) -> None:
    book = Workbook()
    for row in (["某旗2026年窗口登记表"], [], list(GOOD), list(GOOD.values())):
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    assert checked(know, tmp_path / "a.xlsx").rows[0].number == 4


def test_the_template_is_taken_back_as_it_was_written_out(know: Knowledge, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_template(path, [("庄稼牲畜保险", "粮食大豆保险")])
    with pytest.raises(SheetError, match="一行也没有"):
        read_sheet(path)
    book = load_workbook(path)
    for number, column in enumerate(form().columns, 1):
        book.worksheets[0].cell(2, number, column.example)
    book.worksheets[0].cell(2, 1, "150621100202")
    book.save(path)
    result = checked(know, path)
    assert result.problems == []
    assert result.rows[0].programme == "grain-soy-insurance"


BROKEN = {
    "no file": None,
    "empty": b"",
    "text": "地方,事项\n150621,低保\n".encode(),
    "an old .xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "half a file": b"PK\x03\x04" + bytes(100),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_file_that_is_no_spreadsheet_is_refused_in_a_sentence(tmp_path: Path, kind: str) -> None:
    path, content = tmp_path / "a.xlsx", BROKEN[kind]
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SheetError, match=r"xlsx"):
        read_sheet(path)


def test_a_file_that_unpacks_to_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 50_000_000)
    with pytest.raises(SheetError, match="太大"):
        read_sheet(path)


def test_a_sheet_with_too_many_rows_is_refused(tmp_path: Path) -> None:
    rows = [GOOD | {"批次": str(number)} for number in range(5_100)]
    with pytest.raises(SheetError, match="太大"):
        read_sheet(sheet(tmp_path / "a.xlsx", *rows))


CELLS = st.one_of(
    st.none(),
    st.text(max_size=60),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.sampled_from(["150621", "达拉特旗", "低保", "是", "12.25", "12月底前", "腊月二十三", "另行通知", "#N/A"]),
)


@given(st.lists(st.lists(CELLS, min_size=15, max_size=15), min_size=1, max_size=4))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_cell_of_any_kind_breaks_the_reader(know: Knowledge, rows: Sequence[Sequence[object]]) -> None:
    ids = [column.id for column in form().columns]
    letters = dict(zip(ids, "ABCDEFGHIJKLMNO", strict=True))
    raw = [RawRow(number, dict(zip(ids, row, strict=True)), letters) for number, row in enumerate(rows, 2)]
    result = check_rows(raw, know.library, know.places, TODAY)
    numbers = {row.number for row in result.rows}
    assert numbers | {number for number, _ in enumerate(rows, 2) if f"第{number}行" in str(result.problems)} == set(
        range(2, 2 + len(rows))
    )
    for row in result.rows:
        days = row.times and (row.times.opens_on, row.times.closes_on)
        assert not days or None in days or days[0] <= days[1]  # type: ignore[operator]


@given(st.integers(0, 2**32))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_damage_to_a_file_breaks_the_reader(know: Knowledge, tmp_path: Path, seed: int) -> None:
    """Bytes changed, cut and doubled anywhere, in the file and in the parts that are packed in it."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    path = sheet(tmp_path / "whole.xlsx", GOOD)
    damaged = _repacked(path, chance) if chance.random() < 0.7 else _hurt(path.read_bytes(), chance)
    (tmp_path / "hurt.xlsx").write_bytes(damaged)
    with contextlib.suppress(SheetError):
        checked(know, tmp_path / "hurt.xlsx")


def _hurt(content: bytes, chance: random.Random) -> bytes:
    held = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(held) or 1)
        match chance.randrange(3):
            case 0:
                held[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del held[at : at + chance.randint(1, 40)]
            case _:
                held[at:at] = held[at : at + chance.randint(1, 40)]
    return bytes(held)


def _repacked(path: Path, chance: random.Random) -> bytes:
    """The same file with one of its parts damaged or left out."""
    written = io.BytesIO()
    with zipfile.ZipFile(path) as packed, zipfile.ZipFile(written, "w") as again:
        names = packed.namelist()
        chosen = chance.choice(names)
        for name in names:
            content = packed.read(name)
            if name != chosen:
                again.writestr(name, content)
            elif chance.random() < 0.8:
                again.writestr(name, _hurt(content, chance))
    return written.getvalue()
