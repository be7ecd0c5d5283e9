"""`{嘎查}` and the like: a closed list, put in as text, never run."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.turn import Knowledge
from bot.notices.values import NAMES, About, NotFilled, fill, values

MORNING = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # the 23rd here
VILLAGE, ANOTHER, TOWNSHIP = "150621106201", "150621106203", "150621106"


def about(*places: str, expires: datetime | None = None) -> About:
    return About(places, MORNING, expires, "翻身村委会", "T30571")


def test_a_notice_to_one_village_has_every_place_above_it(know: Knowledge) -> None:
    held = values(about(VILLAGE, expires=MORNING), know.places)
    said = fill("{嘎查}、{村}、{苏木}、｛镇｝、{旗}、{盟}、{日期}、{ 截止 }、{单位}、{编号}", held)
    assert said == "翻身村、翻身村、中和西镇、中和西镇、达拉特旗、鄂尔多斯、11月23日、11月23日、翻身村委会、T30571"


def test_a_value_that_two_places_share_is_there_and_one_that_differs_is_not(know: Knowledge) -> None:
    held = values(about(VILLAGE, ANOTHER), know.places)
    assert fill("{苏木}{旗}{苏 木}", held) == "中和西镇达拉特旗中和西镇"
    with pytest.raises(NotFilled, match="不止一个地方"):
        fill("请{嘎查}的人来", held)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{姓名}您好", "没有“{姓名}”"),
        ("{户 主}", "没有“{户 主}”"),
        ("{全嘎查每一户户主的姓名和电话}", "没有“{全嘎查"),
        ("到{截止}", "没写哪天过期"),
        ("{嘎查}", "填不了"),
    ],
)
def test_an_unknown_or_missing_value_is_an_error_that_names_it_and_the_remedy(
    know: Knowledge, text: str, words: str
) -> None:
    with pytest.raises(NotFilled) as told:
        fill(text, values(about(TOWNSHIP), know.places))
    (problem,) = told.value.problems
    assert words in problem
    assert "请" in problem


def test_all_that_is_wrong_is_told_at_once(know: Knowledge) -> None:
    with pytest.raises(NotFilled) as told:
        fill("{甲}{乙}{甲}", values(about(VILLAGE), know.places))
    assert len(told.value.problems) == 2


@pytest.mark.parametrize(
    "text",
    [
        "{{ 7*7 }}",
        "{{嘎查}}",
        "{% for x in y %}",
        "{# 嘎查 #}",
        "{}",
        "{ }",
        "a{b-c}d",
        "${嘎查!r}",
        "%(嘎查)s",
        "}{",
    ],
)
def test_what_a_template_would_run_stays_text(text: str, know: Knowledge) -> None:
    assert fill(text, values(about(VILLAGE), know.places)) == text


@given(st.text(alphabet="{}｛｝%# 嘎查日期x7*", max_size=30))
def test_whatever_is_written_is_filled_once_or_refused(text: str) -> None:
    held = dict.fromkeys(NAMES, "〔filled〕")
    with suppress(NotFilled):
        assert "〔filled〕" in fill(text, held) or fill(text, held) == text
