"""What staff of a place have published, as its residents are told: days of every level together, details first."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.turn import Knowledge
from bot.dialogue.windows import local_lines, when_line
from content.answer import FIRST_MESSAGE, first_message
from content.card import Card
from content.local import Detail, Local, Window
from content.message import Calendar
from content.render import as_text, said_blocks
from tests.dialogue.talking import Talk

VILLAGE, BANNER = "150621100202", "150621"
TODAY = date(2026, 11, 22)
NOTICE = "我嘎查村委会通知"


def window(place: str = VILLAGE, **given: object) -> Window:
    of = {
        "id": 1, "programme": "grain-soy-insurance", "matter": None, "timing": "dated", "opens_on": None,
        "closes_on": date(2026, 12, 15), "about": None, "where_to_go": None, "what_to_bring": None, "source": NOTICE,
    }  # fmt: skip
    return Window(**of | {"place": place} | given)  # type: ignore[arg-type]


def detail(kind: str = "standard", says: str = "每亩20元", place: str = BANNER, **given: object) -> Detail:
    of = {"programme": "grain-soy-insurance", "matter": None, "source": "示例〔2026〕1号"}
    lapses = {"lapses_on": date(2026, 12, 31)}
    return Detail(**of | lapses | {"kind": kind, "says": says, "place": place} | given)  # type: ignore[arg-type]


def line(know: Knowledge, *windows: Window, today: date = TODAY) -> str:
    return when_line(know.places, windows, today)


WHEN: list[tuple[list[Window], str]] = [
    ([window()], f"村里收到12月15日，还有23天。（{NOTICE}）"),
    ([window(closes_on=TODAY + timedelta(days=1))], f"村里收到11月23日，还有1天。（{NOTICE}）"),
    ([window(closes_on=date(2026, 11, 20))], "村里收的日子过了（11月20日）。下一回还没通知，先问嘎查村委会。"),
    ([window(opens_on=date(2026, 12, 1))], f"村里12月1日开始收，最后一天12月15日。（{NOTICE}）"),
    (
        [window(opens_on=date(2026, 12, 15))],
        f"村里只12月15日收一天。（{NOTICE}）",
    ),
    (
        [window(timing="open_ended", opens_on=date(2026, 11, 1), closes_on=None)],
        f"村里正在收，没说哪天停。（{NOTICE}）",
    ),
    (
        [window(timing="open_ended", opens_on=date(2026, 12, 1), closes_on=None)],
        f"村里12月1日开始收，没说哪天停。（{NOTICE}）",
    ),
    (
        [window(timing="awaiting", closes_on=None, about="大概12月，等通知")],
        f"村里：大概12月，等通知。（{NOTICE}）",
    ),
    (
        [window(), window(BANNER, closes_on=date(2026, 12, 30), source="旗农牧局通知")],
        f"村里收到12月15日，还有23天；旗里最后一天12月30日。（{NOTICE}、旗农牧局通知）",
    ),
    (
        [window(closes_on=date(2026, 11, 20)), window(BANNER, closes_on=date(2026, 11, 30), source="旗里通知")],
        "村里收的日子过了，旗里还收，快去苏木镇问：旗里收到11月30日。（旗里通知）",
    ),
    (
        [window(closes_on=date(2026, 11, 20)), window(BANNER, timing="awaiting", closes_on=None, about="大概1月")],
        f"村里收的日子过了；旗里：大概1月。（{NOTICE}）",
    ),
    (
        [window(closes_on=date(2026, 11, 20)), window(BANNER, opens_on=date(2027, 3, 1), closes_on=None)],
        f"村里收的日子过了；旗里2027年3月1日开始收，没说哪天停。（{NOTICE}）",
    ),
    (  # what closes first is not open yet: the one that takes papers is named
        [
            window(closes_on=date(2026, 11, 20)),
            window(BANNER, opens_on=date(2026, 12, 1)),
            window("1506", closes_on=date(2026, 12, 30)),
        ],
        f"村里收的日子过了，市里还收，快去苏木镇问：旗里12月1日开始收，最后一天12月15日；市里最后一天12月30日。（{NOTICE}）",
    ),
    (
        [window(closes_on=date(2026, 11, 20)), window(BANNER, closes_on=date(2026, 12, 27))],  # a Sunday
        f"村里收的日子过了，旗里还收，快去苏木镇问：旗里收到12月27日。12月27日不上班，最晚12月25日去。（{NOTICE}）",
    ),
    (
        [window(closes_on=date(2026, 11, 20)), window(BANNER, closes_on=TODAY)],  # a Sunday: nobody to go to
        f"村里收的日子过了；旗里今天是最后一天。到11月22日都不上班，先打电话问。（{NOTICE}）",
    ),
    ([window(closes_on=date(2027, 1, 5))], f"村里收到2027年1月5日。（{NOTICE}）"),
    (
        [window(closes_on=date(2026, 12, 27))],  # a Sunday
        f"村里收到12月27日。12月27日不上班，最晚12月25日去。（{NOTICE}）",
    ),
    (
        [window(closes_on=TODAY)],  # a Sunday, today
        f"村里今天是最后一天。到11月22日都不上班，先打电话问。（{NOTICE}）",
    ),
    ([window(batch="第二批")], f"第二批：村里收到12月15日，还有23天。（{NOTICE}）"),
    ([], ""),
]


@pytest.mark.parametrize(("windows", "said"), WHEN, ids=lambda value: value if isinstance(value, str) else "")
def test_days_are_said_in_words_that_one_can_act_on(know: Knowledge, windows: list[Window], said: str) -> None:
    assert line(know, *windows) == said


days = st.integers(-80, 400).map(lambda number: TODAY + timedelta(days=number))


@st.composite
def any_window(draw: st.DrawFn) -> Window:
    place = draw(st.sampled_from([VILLAGE, "150621100", BANNER, "1506", "15"]))
    first, last = sorted((draw(days), draw(days)))
    match draw(st.sampled_from(["dated", "open", "until", "awaiting"])):
        case "dated":
            return window(place, opens_on=first, closes_on=last)
        case "open":
            return window(place, timing="open_ended", opens_on=first, closes_on=None)
        case "until":
            return window(place, closes_on=last)
        case _:
            return window(place, timing="awaiting", closes_on=None, about="大概12月，等通知")


@given(st.lists(any_window(), max_size=4))
def test_no_windows_however_they_lie_are_told_as_open_when_they_are_over(
    know: Knowledge, windows: list[Window]
) -> None:
    said = line(know, *windows)
    is_open = [one for one in windows if one.closes_on is None or one.closes_on >= TODAY]
    assert bool(said) == bool(windows)
    assert ("先问嘎查村委会" in said) == (bool(windows) and not is_open)
    for one in windows:
        told = f"到{one.closes_on.month}月{one.closes_on.day}日" if one.closes_on else ""
        others = {other.closes_on for other in is_open}
        if one.closes_on and one.closes_on < TODAY and one.closes_on not in others:
            year = f"{one.closes_on.year}年" if one.closes_on.year != TODAY.year else ""
            assert f"收{told.replace('到', f'到{year}')}" not in said


@pytest.fixture
def local_talk(know: Knowledge) -> Talk:
    """A talk with a resident of the village, where the place has published something."""
    local = Local(
        (window(where_to_go="村委会一楼", what_to_bring="身份证、一卡通"),),
        (detail(), detail("phone", "0477-1234567")),
    )
    talk = Talk(replace(know, local=local), VILLAGE)
    talk.now = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    return talk


def test_a_card_shows_the_days_of_the_residents_place(local_talk: Talk) -> None:
    said = said_blocks(local_talk.say("玉米保险咋上").message)
    assert "村里收到12月15日，还有23天。" in said
    assert len(said) <= 200


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("玉米保险补多少钱", "本旗（示例〔2026〕1号）标准：每亩20元。"),
        ("玉米保险啥时候办", "村里收到12月15日，还有23天。（我嘎查村委会通知）"),
        ("玉米保险去哪办", "去哪办：村委会一楼。"),
        ("玉米保险带啥材料", "带上：身份证、一卡通。"),
    ],
)
def test_what_the_place_says_replaces_that_the_documents_do_not(local_talk: Talk, question: str, first: str) -> None:
    said = said_blocks(local_talk.say(question).message)
    assert said.splitlines()[1] == first
    assert "文件没写" not in said
    assert len(said) <= 200


def test_follow_ups_use_it_too(local_talk: Talk) -> None:
    local_talk.say("玉米保险咋上")
    assert "本旗（示例〔2026〕1号）标准：每亩20元。" in said_blocks(local_talk.say("那多少钱").message)
    assert "村里收到12月15日" in said_blocks(local_talk.say("啥时候").message)


def test_who_to_ask_begins_with_the_places_own_phone(local_talk: Talk) -> None:
    local_talk.say("玉米保险咋上")
    said = as_text(local_talk.tap("ask:grain-soy-insurance").message)
    assert "本旗（示例〔2026〕1号）电话：0477-1234567。" in said


def test_all_that_the_place_says_is_behind_one_option(local_talk: Talk) -> None:
    turn = local_talk.say("玉米保险咋上")
    assert "local:grain-soy-insurance" in [option.action for option in turn.message.options]
    said = as_text(local_talk.tap("local:grain-soy-insurance").message)
    assert all(part in said for part in ("每亩20元", "村委会一楼", "身份证", "0477-1234567", "当地干部登记的"))


def test_elsewhere_nothing_of_it_is_said(local_talk: Talk) -> None:
    talk = Talk(local_talk.know, "150302")
    said = said_blocks(talk.say("玉米保险补多少钱").message)
    assert "文件没写" in said
    assert "20元" not in said


def test_what_has_lapsed_is_said_no_more(local_talk: Talk) -> None:
    local_talk.now = datetime(2027, 1, 1, 3, 0, tzinfo=UTC)
    said = said_blocks(local_talk.say("玉米保险补多少钱").message)
    assert "20元" not in said
    assert "文件没写" in said


def test_a_thing_without_a_document_is_answered_by_its_place_where_that_says_something(know: Knowledge) -> None:
    local = Local((window(programme="stub-vaccination"),))
    talk = Talk(replace(know, local=local), VILLAGE)
    talk.now = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    turn = talk.tap("card:stub-vaccination")
    assert "村里收到12月15日" in as_text(turn.message)
    assert turn.kind == "answer"
    assert "quotes:stub-vaccination" not in [option.action for option in turn.message.options]
    assert Talk(know, VILLAGE).tap("card:stub-vaccination").kind == "none"


def test_what_is_open_where_one_lives_can_be_asked_as_a_whole(know: Knowledge) -> None:
    local = Local(
        (
            window("15", programme="medical-insurance", closes_on=date(2026, 12, 25)),
            window(),
            window(BANNER, closes_on=date(2026, 12, 30)),
            window(BANNER, programme=None, matter="修水渠报名", closes_on=date(2026, 11, 30)),
            window("150302", programme="farm-loan"),
            window(programme="livestock-loan", closes_on=date(2026, 11, 1)),
        )
    )
    talk = Talk(replace(know, local=local), VILLAGE)
    turn = talk.say("我们村里最近能办啥")
    assert [line.split("：")[0] for line in said_blocks(turn.message).splitlines()[1:]] == [
        "· 修水渠报名",
        "· 粮食大豆保险",
        "· 居民医保",
    ]
    assert [option.action for option in turn.message.options] == ["card:grain-soy-insurance", "card:medical-insurance"]
    assert turn.message.calendar == Calendar(programme=None, place=VILLAGE)


@pytest.mark.parametrize("way", ["下一页", "下", "还有呢", "1", "tap"])
def test_everything_open_where_one_lives_can_be_read_page_by_page(know: Knowledge, way: str) -> None:
    until_told = {"programme": None, "timing": "open_ended", "closes_on": None}
    local = Local(tuple(window(BANNER, id=number, matter=f"报名{number}号", **until_told) for number in range(1, 15)))
    talk = Talk(replace(know, local=local), VILLAGE)
    turn = talk.say("当地在办的事")
    read, left = [], []
    while True:
        lines = said_blocks(turn.message).splitlines()
        read += [line[2:].split("：")[0] for line in lines if line.startswith("· ")]
        left += [line for line in lines if line.startswith("还有")]
        if not turn.message.options:
            break
        turn = talk.tap(turn.message.options[-1].action) if way == "tap" else talk.say(way)
    assert read == [f"报名{number}号" for number in range(1, 15)]
    assert left == ["还有8件，看“下一页”。", "还有2件，看“下一页”。"]


@pytest.mark.parametrize("action", ["days:99", "days:x", "days:", "days:-1", "days:" + "9" * 50])
def test_a_page_of_days_that_is_no_more_is_the_first_one(local_talk: Talk, action: str) -> None:
    assert "村里收到12月15日" in said_blocks(local_talk.tap(action).message)


def test_without_a_place_it_is_asked_for_and_with_nothing_there_that_is_said(local_talk: Talk) -> None:
    assert "您在哪个旗县" in said_blocks(Talk(local_talk.know).say("最近能办啥").message)
    assert "没有登记" in said_blocks(Talk(local_talk.know, "150302").say("最近能办啥").message)


@pytest.mark.parametrize(
    "words", ["最近在收啥", "村里现在能报名啥", "快截止的有哪些", "旗里最近有啥要办", "当地在办的事", "现在能申请什么"]
)
def test_it_may_be_asked_in_many_words(local_talk: Talk, words: str) -> None:
    assert "村里收到12月15日" in said_blocks(local_talk.say(words).message)


def test_a_thing_of_the_staffs_own_is_found_by_its_name_there_and_nowhere_else(know: Knowledge) -> None:
    local = Local((window(BANNER, programme=None, matter="修水渠义务工", where_to_go="镇政府院里"),))
    known = replace(know, local=local)
    told = said_blocks(Talk(known, VILLAGE).say("那个修水渠义务工啥时候报名").message)
    assert "旗里收到12月15日" in told
    assert "去哪办：镇政府院里。" in told
    assert "我这里没有它的文件" in told
    assert "旗里收到" not in said_blocks(Talk(known, "150302").say("修水渠义务工啥时候报名").message)


def test_where_the_place_is_not_known_and_would_help_it_is_asked_for(local_talk: Talk) -> None:
    talk = Talk(local_talk.know)
    turn = talk.say("玉米保险啥时候办")
    assert "说说您在哪" in said_blocks(turn.message)
    assert len(said_blocks(turn.message)) <= 200
    assert "place" in [option.action for option in turn.message.options]
    talk.say("说说我在哪")
    talk.say("达拉特旗")
    turn = talk.say("说到这就行")
    assert "card:grain-soy-insurance" in [option.action for option in turn.message.options]


def test_a_banner_is_asked_for_the_village_only_where_a_village_tells_more(local_talk: Talk) -> None:
    assert "说说您在哪个苏木镇" in said_blocks(Talk(local_talk.know, BANNER).say("玉米保险咋上").message)
    assert "说说您在哪" not in said_blocks(local_talk.say("玉米保险咋上").message)


def test_what_is_only_told_of_a_thing_of_the_staffs_own_is_found_too(know: Knowledge) -> None:
    local = Local((), (detail("phone", "0477-1234567", programme=None, matter="羊毛收购点"),))
    told = said_blocks(Talk(replace(know, local=local), VILLAGE).say("羊毛收购点电话多少").message)
    assert "本旗（示例〔2026〕1号）电话：0477-1234567。" in told


def test_asked_on_of_a_thing_without_a_document_the_place_answers_what_was_asked(know: Knowledge) -> None:
    local = Local((window(programme="stub-vaccination", where_to_go="村卫生室"),))
    talk = Talk(replace(know, local=local), VILLAGE)
    talk.tap("card:stub-vaccination")
    assert said_blocks(talk.say("去哪办").message).splitlines()[1] == "去哪办：村卫生室。"


@pytest.mark.parametrize("aspects", [(), ("when",), ("amount",), ("where", "papers")], ids=str)
def test_every_card_with_what_its_place_says_still_fits_a_first_message(
    know: Knowledge, aspects: tuple[str, ...]
) -> None:
    too_long = []
    for programme in know.library.programmes.values():
        there = {"programme": programme.id, "where_to_go": "村委会一楼", "what_to_bring": "身份证、一卡通"}
        banner = window(BANNER, **there | {"closes_on": date(2026, 12, 30), "source": "旗农牧局通知"})
        local = Local((window(**there), banner), (detail(programme=programme.id),))
        lines = local_lines(replace(know, local=local), programme, VILLAGE, TODAY)
        message = first_message(Card(programme, know.library, VILLAGE, TODAY, lines), aspects)
        too_long += [programme.id] if len(said_blocks(message)) > FIRST_MESSAGE else []
    assert too_long == []
