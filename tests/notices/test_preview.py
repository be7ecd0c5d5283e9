"""Before a notice is submitted: its words as they will be frozen, as each channel shows them, and whom they reach."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.channels.telegram.render import LIMIT, parts
from bot.channels.wechat.account import TEXT_LIMIT
from bot.channels.wechat.wire import texts
from bot.dialogue.turn import Knowledge, Service
from bot.notices.preparing import NotPrepared, prepare, signing
from bot.notices.preview import alarm_words, as_sent, looks, people, reach_words
from bot.notices.words import message
from content.render import as_text
from content.split import utf8, utf16
from storage.broadcasts import Reach
from storage.notices import LONGEST, Notice
from storage.staff import Staff

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
VILLAGE, TOWNSHIP, BANNER = "150621106201", "150621106", "150621"
PAGES = "https://mingbai.example.cn"
CADRE = Staff(7, "cadre", (VILLAGE,), "王主任", NOW.date(), NOW.date(), None)
DRAFT = Notice(
    id=1, number="T30571", staff_id=7, kind="notice", title="{嘎查}打疫苗", text="{日期}下午三点来村委会。\n带户口本。",
    link="card:brucellosis", audience=(VILLAGE,), follows=None, send_at=None, expires_at=None, corrects=None,
    created_at=NOW,
)  # fmt: skip


@pytest.fixture
def known(know: Knowledge) -> Knowledge:
    return replace(know, service=Service("试验村委会", "0477-1234567", pages=PAGES))


def test_the_words_are_filled_signed_and_looked_through(known: Knowledge) -> None:
    ready = prepare(DRAFT, CADRE, known, now=NOW)
    assert (ready.words.title, ready.words.text) == ("翻身村打疫苗", "11月22日下午三点来村委会。\n带户口本。")
    assert (ready.words.office, ready.words.place, ready.words.flags) == ("翻身村委会", VILLAGE, ())
    flagged = prepare(replace(DRAFT, text=f"扫码付款，看 {PAGES}/card/x 和 t.cn/x"), CADRE, known, now=NOW)
    assert flagged.words.flags == ("account", "link")
    assert [one.piece for one in flagged.checked.flags if one.rule == "link"] == ["t.cn/x"]


def test_the_day_is_that_on_which_it_goes_out(known: Knowledge) -> None:
    planned = replace(DRAFT, send_at=NOW + timedelta(days=2))
    assert prepare(planned, CADRE, known, now=NOW).words.text.startswith("11月24日")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": " "}, "标题"),
        ({"text": "{姓名}"}, "没有“{姓名}”"),
        ({"text": "{嘎查}" + "字" * (LONGEST - 4)}, ""),
        ({"text": "{嘎查}" * 400}, "太长"),
        ({"title": "{单位}" * 9}, "太长"),
        ({"text": "低保名单：巴图、乌云。"}, "公示栏"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_frozen(known: Knowledge, wrong: dict[str, str], told: str) -> None:
    draft = replace(DRAFT, **wrong)  # type: ignore[arg-type]
    if not told:
        prepare(draft, CADRE, known, now=NOW)
        return
    with pytest.raises(NotPrepared) as refused:
        prepare(draft, CADRE, known, now=NOW)
    assert told in "\n".join(refused.value.problems)


def test_one_that_would_end_before_it_may_go_is_not_taken_in_the_evening(known: Knowledge) -> None:
    evening = NOW.replace(hour=13, minute=30)
    ending = replace(DRAFT, expires_at=evening + timedelta(hours=2))
    with pytest.raises(NotPrepared, match="晚上9点到早上7点半不发"):
        prepare(ending, CADRE, known, now=evening)
    assert prepare(ending, CADRE, known, now=NOW)
    assert prepare(replace(ending, kind="urgent"), CADRE, known, now=evening)
    assert prepare(replace(ending, expires_at=evening + timedelta(hours=11)), CADRE, known, now=evening)


@pytest.mark.parametrize(
    ("own", "audience", "signs"),
    [
        ((VILLAGE,), (VILLAGE,), VILLAGE),
        ((TOWNSHIP, VILLAGE), (VILLAGE,), VILLAGE),
        ((TOWNSHIP, VILLAGE), (VILLAGE, "150621106203"), TOWNSHIP),
        ((VILLAGE, "150621106203"), (VILLAGE, "150621106203"), VILLAGE),
        ((BANNER,), (TOWNSHIP,), BANNER),
    ],
)
def test_the_narrowest_office_that_holds_the_audience_signs(
    own: tuple[str, ...], audience: tuple[str, ...], signs: str
) -> None:
    assert signing(own, audience) == signs


@pytest.mark.parametrize("text", [DRAFT.text, "很长的一句话，要分开发。" * 80, "<b>&amp;</b> <a href='x'>"])
def test_each_channel_is_shown_what_it_would_be_sent(known: Knowledge, text: str) -> None:
    ready = prepare(replace(DRAFT, text=text), CADRE, known, now=NOW)
    frozen = as_sent(DRAFT, ready, NOW)
    made, whole = looks(frozen, known, {"telegram", "wechat"}), message(frozen, known)
    assert list(made["wechat"]) == texts(whole, PAGES)
    assert all(utf8(one) <= TEXT_LIMIT for one in made["wechat"])
    plain = [html.unescape(re.sub(r"</?b>", "", part.html)) for part in parts(whole)]
    assert made["telegram"][-1] == f"{plain[-1]}\n[收到] [看看：布病]"
    assert all(utf16(one) <= LIMIT + 30 for one in made["telegram"])
    assert looks(frozen, known, ()) == {"web": (as_text(whole),)}
    for one in ("翻身村委会（达拉特旗中和西镇）", "T30571"):
        assert all(one in "".join(shown) for shown in made.values())


def test_an_urgent_one_says_first_that_it_is_no_alarm_and_whom_it_reaches() -> None:
    reach = {"telegram": Reach(20, 3, 4), "wechat": Reach(3, 30, 1), "web": Reach(0, 0, 12)}
    words = alarm_words(reach)
    assert words == "这不是警报：现在只能发到约20人，共约70人。请同时用大喇叭、打电话、上门。"
    assert alarm_words(None) == "这不是警报。请同时用大喇叭、打电话、上门。"


def test_reach_is_told_by_channel_and_points_at_nobody() -> None:
    lines = reach_words({"telegram": Reach(23, 0, 1), "wechat": Reach(4, 31, 0), "web": Reach(0, 0, 12)})
    assert lines == [
        "Telegram：现在能发到约20人",
        "微信：现在能发到不到10人",
        "微信：约30人要等他们下次来才看到",
        "发不到的：约10人。请用大喇叭、打电话、上门。",
    ]
    assert reach_words({})[0] == "现在一个也发不到。"
    assert reach_words(None) == ["关注的有多少人，不显示。没关注的、不用手机的，请用大喇叭、打电话、上门。"]


def test_a_told_count_never_falls_and_hides_what_is_small() -> None:
    assert [people(count) for count in (0, 1, 9, 10, 14, 15)] == [
        "0人",
        "不到10人",
        "不到10人",
        "约10人",
        "约10人",
        "约15人",
    ]
    told = [int(re.sub(r"\D", "", people(count))) for count in range(10, 300)]
    assert all(one <= other for one, other in pairwise(told))
