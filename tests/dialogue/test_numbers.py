"""A bare number means only the latest numbered list, for half an hour; it never deletes and never stops."""

from datetime import timedelta

import pytest

from bot.dialogue.numbers import chosen
from bot.dialogue.reply import PAGE
from bot.dialogue.turn import Erase, Knowledge, Stop
from tests.dialogue.talking import HALF_AN_HOUR, LATER, Talk, offered, said


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1", 1), ("１", 1), ("一", 1), ("第一个", 1), ("要头一个", 1), ("头一个", 1), ("第1个", 1), ("1.", 1),
        ("1、", 1),
        ("(1)", 1), ("①", 1), ("一号", 1), ("选1", 1), ("我要第一个", 1), ("点一", 1), ("要一", 1), ("第一条", 1),
        ("第2个", 2), ("2", 2), ("二", 2), ("两", 2), ("第二", 2), ("第二个吧", 2), ("要第二个", 2), ("选二", 2),
        ("就第二个", 2), ("看第二个", 2), ("2号", 2), ("第二张", 2), ("②", 2), ("２。", 2), ("二吧", 2),
        ("三", 3), ("第三个呢", 3), ("九", 9), ("十", 10), ("第十个", 10), ("十一", 11), ("１１", 11), ("第十一个", 11),
        ("二十", 20), ("二十一", 21), ("99", 99), ("第三项", 3), ("三个", 3), ("第 2 个", 2), (" 2 ", 2),
        ("壹", 1), ("贰", 2),
        ("叁", 3), ("第一個", 1), ("兩", 2), ("給我第二個", 2),
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(written: str, number: int) -> None:
    assert chosen(written) == number


@pytest.mark.parametrize(
    "text",
    [
        "", "一亩多少钱", "1亩", "三农", "十年了", "两头牛", "2026年", "100", "1234", "12345", "110",
        "第一书记", "一事一议",
        "五保户", "三北", "七十岁", "80岁", "1.5", "一万", "两个孩子", "十一月", "个", "第", "第个", "要", "头", "一一",
        "0.1", "四轮车", "1-2", "1和2", "二百", "三千", "一个一个来", "一会儿", "十里八村",
    ],
)  # fmt: skip
def test_what_is_no_bare_number_is_none(text: str) -> None:
    assert chosen(text) is None


@pytest.mark.parametrize("number", ["2", "２", "二", "第二个", "要第二个", "第2个", "②"])
def test_a_number_chooses_from_the_latest_list(talk: Talk, number: str) -> None:
    action = offered(talk.tap("topic:insurance").message)[1]
    assert talk.say(number).programmes == (action.removeprefix("card:"),)


def test_only_the_latest_list_counts(talk: Talk) -> None:
    talk.tap("topic:insurance")
    second = offered(talk.tap("topic:land").message)[0]
    assert talk.say("1").programmes == (second.removeprefix("card:"),)


def test_small_talk_in_between_does_not_take_the_list_away(talk: Talk) -> None:
    first = offered(talk.tap("topic:insurance").message)[0]
    talk.say("谢谢")
    assert talk.say("1").programmes == (first.removeprefix("card:"),)


def test_a_list_counts_for_half_an_hour_and_not_a_minute_more(know: Knowledge) -> None:
    for after, counts in ((HALF_AN_HOUR, True), (LATER, False)):
        talk = Talk(know)
        talk.tap("topic:insurance")
        turn = talk.say("1", after=after)
        assert bool(turn.programmes) is counts
        assert counts or "单子已经过了" in said(turn)


def test_small_talk_does_not_make_an_old_list_young_again(talk: Talk) -> None:
    talk.tap("topic:insurance")
    talk.say("谢谢", after=timedelta(minutes=20))
    assert "单子已经过了" in said(talk.say("1", after=timedelta(minutes=11)))


def test_without_a_list_a_number_says_so_and_searches_nothing(talk: Talk) -> None:
    turn = talk.say("1")
    assert (turn.kind, turn.found) == ("chat", None)
    assert "单子已经过了" in said(turn)


def test_a_number_that_is_not_on_the_list_says_how_many_there_are_and_keeps_it(talk: Talk) -> None:
    actions = offered(talk.tap("card:dibao").message)
    turn = talk.say("十一")
    assert f"只有{len(actions)}个" in said(turn)
    assert talk.say("0").kind == "chat"
    assert talk.say("1").programmes


def test_long_lists_go_on_with_a_word_and_numbers_mean_the_page_that_is_shown(talk: Talk) -> None:
    library = talk.know.library
    topic = max(library.by_topic, key=lambda one: len(library.by_topic[one]))
    cards = [f"card:{one.id}" for one in library.by_topic[topic]]
    assert len(cards) > 2 * PAGE
    seen: list[str] = []
    message = talk.tap(f"topic:{topic}").message
    for word in ("下", "下一页", "往下", "更多", "翻页", "继续", "接着", "下"):
        shown = [one for one in offered(message) if one != "more"]
        seen += shown
        assert len(message.options) <= PAGE
        if "more" not in offered(message):
            break
        message = talk.say(word).message
    assert seen == cards
    assert talk.say("1").programmes == (shown[0].removeprefix("card:"),)


def test_after_the_last_page_there_is_nothing_more(talk: Talk) -> None:
    turn = talk.say("下一页")
    assert "后面没有了" in said(turn)


@pytest.mark.parametrize("digit", ["1", "2", "一", "第二个"])
def test_no_digit_deletes(talk: Talk, digit: str) -> None:
    talk.say("删掉我的记录")
    talk.say(digit)
    talk.say(digit)
    assert Erase() not in talk.saved


def test_no_digit_of_any_list_stops_or_deletes(talk: Talk) -> None:
    for opened in ("帮助", "记了我什么", "我在哪", "你好"):
        for number in range(1, 10):
            talk.say(opened)
            talk.say(str(number))
    assert not [change for change in talk.saved if isinstance(change, Erase | Stop)]
