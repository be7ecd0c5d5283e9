"""What a page about a place shows: sentences, tables and charts, from releases only."""

from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest

from bot.dialogue.turn import Knowledge
from bot.interest import charts
from bot.interest.names import Names
from bot.interest.pages import Months, Section, always, parts_of, sections
from scheduler.interest import close, frame_of
from storage.database import Database
from storage.interest import releases
from storage.interest.marks import Mark
from storage.interest.rule import Cell, Measure, Part
from tests.interest.months import people, write

TOWN = "150621100"
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def cell(topic: str, measure: Measure = Measure.ASKED, part: Part = Part.BANNER) -> Cell:
    return Cell(part, "150621", topic, measure)


@pytest.fixture
def names(know: Knowledge) -> Names:
    return Names(know.library, know.places, {})


def shown(months: Months, names: Names) -> dict[str, Section]:
    return {section.name: section for section in sections(months, names)}


def test_every_section_has_a_sentence_and_what_is_not_shown_is_no_zero(names: Names) -> None:
    months = {OCTOBER: {cell("loan"): 20}, NOVEMBER: {cell("loan"): 35, cell("insurance"): 10}}
    found = shown(months, names)
    assert found["topics"].rows == (("庄稼牲畜保险", (10,)), ("贷款贴息", (35,)))
    assert found["months"].rows == (("庄稼牲畜保险", (None, 10)), ("贷款贴息", (20, 35)))
    assert all(section.says.endswith("。") for section in found.values())


def test_only_a_change_beyond_rounding_is_told(names: Names) -> None:
    before = {cell("loan"): 20, cell("insurance"): 20, cell("work"): 50}
    after = {cell("loan"): 30, cell("insurance"): 25, cell("work"): 35, cell("land"): 90}
    changed = shown({OCTOBER: before, NOVEMBER: after}, names)["change"]
    assert list(changed.rows) == [("贷款贴息", (20, 30)), ("打工创业", (50, 35))]


def test_helpful_and_not_stand_beside_each_other(names: Names) -> None:
    found = shown({NOVEMBER: {cell("loan", Measure.HELPFUL): 15}}, names)["helpful"]
    assert (found.columns, found.rows) == (("说有用", "说没答对"), (("贷款贴息", (15, None)),))


def test_without_a_figure_there_is_no_section(names: Names) -> None:
    assert shown({}, names) == {}
    assert always().startswith("问的人少")


def test_each_place_has_its_own_tables() -> None:
    assert Part.SENSITIVE not in parts_of("1506") + parts_of(TOWN) + parts_of("15")
    assert Part.WEB in parts_of("15")
    assert parts_of("150621-1") == parts_of(TOWN) == (Part.UNIT,)


@pytest.mark.parametrize("name", ["topics", "months", "helpful"])
def test_charts_are_whole_svg_with_every_name_in_words(names: Names, name: str) -> None:
    figures = {cell("loan"): 20, cell("insurance"): 30, cell("loan", Measure.HELPFUL): 15}
    drawn = charts.svg(shown({OCTOBER: figures, NOVEMBER: figures}, names)[name])
    root = ElementTree.fromstring(drawn)  # noqa: S314 - our own
    assert root.tag.endswith("svg")
    assert "贷款贴息" in drawn
    assert float(root.attrib["width"]) <= 480, "a phone's width, with its legend"


def test_no_line_is_drawn_over_a_month_that_is_not_shown(names: Names) -> None:
    september = date(2026, 9, 1)
    months = {september: {cell("loan"): 20}, OCTOBER: {}, NOVEMBER: {cell("loan"): 35}}
    drawn = charts.svg(shown(months, names)["months"])
    whole = charts.svg(shown(months | {OCTOBER: {cell("loan"): 25}}, names)["months"])
    assert "贷款贴息" in drawn
    assert whole.count("L") > drawn.count("L"), "the line is broken"


async def test_a_page_reads_what_was_released(months: Database, know: Knowledge) -> None:
    who = await people(months, 60, home=TOWN)
    await write(months, [Mark(NOVEMBER, one, Measure.ASKED, "loan", "farm-loan", TOWN, "wechat") for one in who])
    await close(months, NOVEMBER, frame_of(know.library, know.places), datetime(2026, 12, 2, tzinfo=UTC))
    async with months.begin() as conn:
        kept = await releases.read(conn, NOVEMBER)
        banner = await releases.figures_of(conn, parts_of("150621"), ["150621"], OCTOBER)
        league = await releases.figures_of(conn, parts_of("1506"), ["1506"], OCTOBER)
    names = Names.of(kept.release, know.library, know.places)
    assert shown(banner, names)["topics"].rows == (("贷款贴息", (60,)),)
    assert shown(league, names)["channel"].rows == (("微信", (60,)),)
