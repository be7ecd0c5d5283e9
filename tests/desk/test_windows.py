"""Windows and local details at the desk: entered with a source, changed, taken back; by form and by spreadsheet."""

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from bot.desk.built import Desk
from bot.windows.sheet import form
from storage import details, windows
from storage.entries import State
from storage.listed import PAGE
from storage.windows import Entered, Timing, Window
from tests.desk.conftest import BANNER, NEIGHBOUR, OTHER_BANNER, TOWNSHIP, VILLAGE, Sit

HOSTILE = "<script>alert(1)</script>"
WINDOW: dict[str, str] = {
    "place": VILLAGE, "subject": "粮食大豆保险", "opens": "12月1日", "closes": "12月27日", "where": "村委会一楼",
    "bring": "身份证", "source": "我嘎查村委会通知",
}  # fmt: skip
DETAIL: dict[str, str] = {
    "place": VILLAGE, "subject": "粮食大豆保险", "kind": "standard", "says": "每亩交3元", "source": "旗农发〔2026〕3号",
}  # fmt: skip


async def all_windows(built: Desk, *stems: str) -> list[Window]:
    async with built.database.begin() as conn:
        return await windows.below(conn, stems or ["15"])


async def a_window(built: Desk, place: str = VILLAGE, *, matter: str = "化肥登记", source: str = "村委会通知") -> int:
    entered = Entered(
        place=place, timing=Timing.DATED, matter=matter, closes_on=date(2026, 12, 15), source=source,
    )  # fmt: skip
    async with built.database.begin() as conn:
        return (await windows.enter(conn, entered, author="operator", reason="entered", now=built.now())).id


def sheet_of(*rows: dict[str, Any]) -> dict[str, Any]:
    book = Workbook()
    page = book.worksheets[0]
    page.append([column.header for column in form().columns])
    for row in rows:
        page.append([row.get(column.id) for column in form().columns])
    out = io.BytesIO()
    book.save(out)
    return {"file": ("窗口.xlsx", out.getvalue())}


async def test_a_window_is_entered_and_published_and_the_trail_says_so(sit: Sit, built: Desk) -> None:
    seat = await sit("cadre", VILLAGE)
    shown = await seat.done("/windows/new", **WINDOW, then="publish")
    assert "粮食大豆保险" in shown
    assert "2026年12月1日到2026年12月27日" in shown
    assert "发布了" in shown
    (kept,) = await all_windows(built)
    assert (kept.state, kept.confirmed_by) == (State.PUBLISHED, f"staff:{seat.member.id}")
    assert kept.programme == "grain-soy-insurance"
    assert "王主任" in shown, "who entered it"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"opens": "", "closes": "等通知再说"}, "等通知再说"),
        ({"closes": "等通知再说"}, "另一格写的是准日子"),
        ({"closes": ""}, "写最后一天"),
        ({"opens": "", "closes": ""}, "写最后一天"),
        ({"closes": "2月30日"}, "没有这一天"),
        ({"opens": "12月28日"}, "截止比开始还早"),
        ({"place": "月球村"}, "没有“月球村”"),
        ({"place": NEIGHBOUR}, "不归您管"),
        ({"where": "打我手机13812345678"}, "像是个人手机号"),
        ({"where": "长" * 60}, "太长"),
        ({"source": ""}, "要发布，就要写依据"),
        ({"yearly": "yes", "closes": "另行通知"}, "要写清是哪天"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(
    sit: Sit, built: Desk, typed: dict[str, str], said: str
) -> None:
    seat = await sit("cadre", VILLAGE)
    sent = await seat.send("/windows/new", **(WINDOW | typed), then="publish")
    assert sent.status_code == (422 if said != "等通知再说" else 303), sent.text
    assert said in sent.text or sent.status_code == 303
    assert not [one for one in await all_windows(built) if sent.status_code == 422]


async def test_without_a_source_it_stays_a_draft(sit: Sit, built: Desk) -> None:
    seat = await sit("cadre", VILLAGE)
    shown = await seat.done("/windows/new", **(WINDOW | {"source": ""}), then="draft")
    assert "老乡还看不到" in shown
    (kept,) = await all_windows(built)
    refused = await seat.send(f"/windows/{kept.id}/publish", revision="1")
    assert refused.status_code == 422
    assert "要发布，就要写依据" in refused.text


async def test_the_same_thing_twice_leads_to_the_first(sit: Sit, built: Desk) -> None:
    seat = await sit("cadre", VILLAGE)
    await seat.done("/windows/new", **WINDOW, then="draft")
    again = await seat.send("/windows/new", **WINDOW, then="draft")
    (kept,) = await all_windows(built)
    assert again.status_code == 409
    assert f'href="/desk/windows/{kept.id}"' in again.text


async def test_a_change_empties_what_is_emptied_and_keeps_who_did_it(sit: Sit, built: Desk) -> None:
    seat = await sit("cadre", VILLAGE)
    await seat.done("/windows/new", **WINDOW, then="publish")
    (kept,) = await all_windows(built)
    shown = await seat.done(
        f"/windows/{kept.id}/change", **(WINDOW | {"bring": "", "closes": "另行通知"}), revision="2"
    )
    assert "没说哪天停" in shown
    assert "带什么" in shown
    (changed,) = await all_windows(built)
    assert (changed.what_to_bring, changed.timing, changed.closes_on) == (None, Timing.OPEN_ENDED, None)
    same = await seat.done(f"/windows/{kept.id}/change", **(WINDOW | {"bring": "", "closes": "另行通知"}), revision="3")
    assert "跟原来一样" in same


async def test_a_window_can_not_lose_its_days_nor_anything_else_with_them(sit: Sit, built: Desk) -> None:
    seat = await sit("cadre", VILLAGE)
    await seat.done("/windows/new", **WINDOW, then="publish")
    (kept,) = await all_windows(built)
    sent = await seat.send(f"/windows/{kept.id}/change", **(WINDOW | {"opens": "", "closes": ""}), revision="2")
    assert sent.status_code == 422
    assert "写最后一天" in sent.text
    assert await all_windows(built) == [kept]


async def test_a_published_window_can_not_lose_its_source(sit: Sit, built: Desk) -> None:
    seat = await sit("cadre", VILLAGE)
    await seat.done("/windows/new", **WINDOW, then="publish")
    (kept,) = await all_windows(built)
    sent = await seat.send(f"/windows/{kept.id}/change", **(WINDOW | {"source": ""}), revision="2")
    assert sent.status_code == 422
    assert "要写依据" in sent.text


async def test_who_changes_what_a_colleague_just_changed_is_told(sit: Sit, built: Desk) -> None:
    seat, other = await sit("cadre", VILLAGE), await sit("cadre", VILLAGE, name="李会计")
    await seat.done("/windows/new", **WINDOW, then="publish")
    (kept,) = await all_windows(built)
    await other.done(f"/windows/{kept.id}/change", **(WINDOW | {"where": "村委会二楼"}), revision="2")
    late = await seat.send(f"/windows/{kept.id}/change", **(WINDOW | {"where": "村委会三楼"}), revision="2")
    assert late.status_code == 409
    assert "刚才有人改过" in late.text
    assert "村委会三楼" in late.text
    assert (await all_windows(built))[0].where_to_go == "村委会二楼"


async def test_ticked_drafts_are_published_together_and_never_those_of_others(sit: Sit, built: Desk) -> None:
    seat = await sit("cadre", VILLAGE)
    ready, bare = await a_window(built), await a_window(built, matter="种子登记", source="")
    there = await a_window(built, NEIGHBOUR)
    assert (await seat.send("/windows/publish", id=[f"{ready}:1", f"{there}:1"])).status_code == 404
    assert f'value="{ready}:1"' in await seat.see("/windows?state=draft")
    assert "还是草稿" in await seat.done("/windows/publish", id=[f"{ready}:1", f"{bare}:1"])
    states = {one.id: one.state for one in await all_windows(built)}
    assert states == {ready: State.PUBLISHED, bare: State.DRAFT, there: State.DRAFT}
    assert 'value="' + str(bare) not in await seat.see("/windows?state=draft")


async def test_ticked_drafts_that_a_colleague_changed_or_cancelled_are_told_and_not_published(
    sit: Sit, built: Desk
) -> None:
    seat, other = await sit("cadre", VILLAGE), await sit("cadre", VILLAGE, name="李会计")
    same, moved = await a_window(built), await a_window(built, matter="种子登记")
    off, twice = await a_window(built, matter="农机登记"), await a_window(built, matter="草种登记")
    drafts = {"id": [f"{one}:1" for one in (same, moved, off, twice)]}
    typed = WINDOW | {"subject": "种子登记"}
    await other.done(f"/windows/{moved}/change", **typed, revision="1")
    await other.done(f"/windows/{off}/cancel", reason="今年不办")
    late = await seat.send("/windows/publish", **drafts)
    assert late.status_code == 409
    assert "没有发布" in late.text
    assert [f'href="/desk/windows/{one}"' in late.text for one in (same, moved, off, twice)] == [
        False, True, True, False,
    ]  # fmt: skip
    states = {one.id: one.state for one in await all_windows(built)}
    published, draft = State.PUBLISHED, State.DRAFT
    assert states == {same: published, moved: draft, off: State.CANCELLED, twice: published}
    again = await seat.done("/windows/publish", id=[f"{off}:2"])
    assert "发布了，老乡" not in again, "the list publishes drafts only; what was cancelled has its own page"


@pytest.mark.parametrize("what", ["windows", "details"])
async def test_who_publishes_what_a_colleague_just_changed_is_shown_it_and_asked_again(
    sit: Sit, built: Desk, what: str
) -> None:
    seat, other = await sit("cadre", VILLAGE), await sit("cadre", VILLAGE, name="李会计")
    form = WINDOW if what == "windows" else DETAIL
    entered = await seat.send(f"/{what}/new", **form, then="draft")
    path = entered.headers["location"].removeprefix("/desk").partition("?")[0]
    assert 'name="revision" value="1"' in (await seat.see(path)).partition(f"{path}/publish")[2].partition("</form>")[0]
    await other.done(f"{path}/cancel", reason="今年不办")
    late = await seat.send(f"{path}/publish", revision="1")
    assert late.status_code == 409
    assert "没有发布" in late.text
    assert "今年不办" in late.text
    assert "停办" in await seat.see(path)
    assert "发布了" in await seat.done(f"{path}/publish", revision="2")


async def test_a_window_is_taken_back_with_a_reason_only(sit: Sit, built: Desk) -> None:
    seat = await sit("cadre", VILLAGE)
    await seat.done("/windows/new", **WINDOW, then="publish")
    (kept,) = await all_windows(built)
    assert (await seat.send(f"/windows/{kept.id}/cancel", reason=" ")).status_code == 422
    shown = await seat.done(f"/windows/{kept.id}/cancel", reason="今年改到旗里统一收")
    assert "停办" in shown
    assert "今年改到旗里统一收" in shown
    assert (await all_windows(built))[0].state is State.CANCELLED


async def test_what_is_of_another_place_is_as_if_it_were_not(sit: Sit, built: Desk) -> None:
    seat = await sit("cadre", VILLAGE)
    there = await a_window(built, NEIGHBOUR)
    for answer in (
        await seat.get(f"/windows/{there}"),
        await seat.send(f"/windows/{there}/change", **WINDOW),
        await seat.send(f"/windows/{there}/publish"),
        await seat.send(f"/windows/{there}/cancel", reason="x"),
        await seat.get(f"/windows?place={NEIGHBOUR}"),
        await seat.get(f"/windows/calendar/{TOWNSHIP}.ics"),
        await seat.get("/windows/999999999999"),
        await seat.get("/windows/9999999999999999999999"),
        await seat.get("/details/1"),
    ):
        assert answer.status_code == 404, answer.url
    assert "化肥登记" not in await seat.see("/windows")


async def test_a_place_is_named_as_one_does_at_home(sit: Sit, built: Desk, know: Any) -> None:
    seat = await sit("cadre", TOWNSHIP)
    name = know.places.get(VILLAGE).short
    await seat.done("/windows/new", **(WINDOW | {"place": name}), then="draft")
    assert [one.place for one in await all_windows(built)] == [VILLAGE]


async def test_ten_thousand_rows_are_paged(sit: Sit, built: Desk) -> None:
    seat = await sit("administrator", BANNER)
    rows = [
        {
            "place": VILLAGE, "timing": "dated", "matter": f"事{number}", "closes_on": date(2026, 12, 15),
            "entered_by": "operator", "changed_at": built.now(),
        }
        for number in range(10_000)
    ]  # fmt: skip
    async with built.database.begin() as conn:
        await conn.execute(windows.WINDOWS.table.insert(), rows)
    first, last, beyond = [await seat.see(f"/windows?number={number}") for number in (1, 200, 99999)]
    assert len(re.findall("whole-row", first)) == len(re.findall("whole-row", last)) == PAGE
    assert "第200页，共200页" in last
    assert "第200页" in beyond
    assert len(first) < 120_000


async def test_hostile_text_is_shown_as_text(sit: Sit, built: Desk) -> None:
    seat = await sit("cadre", VILLAGE)
    shown = await seat.done("/windows/new", **(WINDOW | {"subject": "登记<b>", "where": HOSTILE}), then="draft")
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    refused = await seat.send("/windows/new", **(WINDOW | {"place": HOSTILE, "batch": '"><img src=x>'}))
    assert "<script>" not in refused.text
    assert "<img src=x" not in refused.text
    assert (await seat.get(f"/windows?place={HOSTILE}")).status_code == 404


async def test_a_detail_is_entered_changed_and_taken_back(sit: Sit, built: Desk) -> None:
    seat = await sit("editor", BANNER)
    shown = await seat.done("/details/new", **DETAIL, then="publish")
    assert "每亩交3元" in shown
    async with built.database.begin() as conn:
        (kept,) = await details.below(conn, [VILLAGE])
    assert kept.state is State.PUBLISHED
    assert kept.lapses_on == date(2027, 11, 22)
    changed = await seat.done(
        f"/details/{kept.id}/change", says="每亩交4元", source="旗里通知", lapses_on="12月底", revision="2"
    )
    assert "每亩交4元" in changed
    assert "2026年12月31日" in changed
    assert "停办" in await seat.done(f"/details/{kept.id}/cancel", reason="作废")
    assert "每亩交4元" in await seat.see("/details")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"says": ""}, "写要告诉老乡的话"),
        ({"says": "13812345678"}, "像是个人手机号"),
        ({"says": "长" * 61}, "太长"),
        ({"source": ""}, "要写依据"),
        ({"place": NEIGHBOUR}, "不归您管"),
        ({"lapses_on": "哪天"}, "看不出是哪天"),
    ],
)
async def test_what_is_wrong_with_a_detail_is_said(sit: Sit, built: Desk, typed: dict[str, str], said: str) -> None:
    seat = await sit("cadre", VILLAGE)
    sent = await seat.send("/details/new", **(DETAIL | typed), then="publish")
    assert sent.status_code == 422
    assert said in sent.text
    async with built.database.begin() as conn:
        assert not await details.below(conn, ["15"])


async def test_a_sheet_is_taken_and_the_rows_of_others_never(sit: Sit, built: Desk) -> None:
    seat = await sit("cadre", VILLAGE)
    rows = [WINDOW, WINDOW | {"place": NEIGHBOUR}, WINDOW | {"subject": "马铃薯", "closes": "2月30日"}]
    files = sheet_of(*rows)
    refused = await seat.send("/windows/sheet", files=files)
    assert refused.status_code == 422
    assert "一行也没收" in refused.text
    assert "E4（第4行 截止）：没有这一天。" in refused.text
    assert "第3行" in refused.text
    assert "不归您管" in refused.text
    assert await all_windows(built) == []
    partly = await seat.send("/windows/sheet", files=files, partial="yes", draft="yes")
    assert "新登记1条" in partly.text
    assert [(one.place, one.state) for one in await all_windows(built)] == [(VILLAGE, State.DRAFT)]


async def test_a_file_that_is_no_sheet_is_refused_in_words(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE)
    assert "不是能读的xlsx表格" in (await seat.send("/windows/sheet", files={"file": ("a.xlsx", b"nothing")})).text
    assert "没有选文件" in (await seat.send("/windows/sheet", files={"file": ("", b"")})).text
    assert "没有选文件" in (await seat.send("/windows/sheet", file="words")).text


async def test_the_empty_sheet_and_the_calendar_are_files(sit: Sit, tmp_path: Path) -> None:
    seat = await sit("cadre", VILLAGE)
    given = await seat.get("/windows/template.xlsx")
    (tmp_path / "a.xlsx").write_bytes(given.content)
    assert load_workbook(tmp_path / "a.xlsx").worksheets[0].cell(1, 1).value == "地方"
    calendar = await seat.get(f"/windows/calendar/{VILLAGE}.ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert OTHER_BANNER not in calendar.text
