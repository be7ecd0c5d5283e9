"""What is said next leans on what was shown; a new subject is noticed; after half an hour all is let go."""

import random
from collections.abc import Iterator

import pytest

from bot.dialogue.turn import Knowledge
from content.message import Basis
from content.programme import Programme
from tests.dialogue.talking import HALF_AN_HOUR, LATER, Talk, offered, said

CARDS = (
    "grain-soy-insurance", "dibao", "toilet-upgrade", "dilapidated-house-repair", "machine-subsidy", "grassland-award",
    "livestock-insurance", "farm-loan", "old-age-allowance", "disabled-two-subsidies", "medical-insurance",
    "herder-wells",
)  # fmt: skip
STAYING = (
    "那多少钱", "多少钱", "给多少钱", "能给多少", "能补多少", "一年多少", "找谁办", "那找谁办", "找谁", "去哪办",
    "在哪办", "啥时候", "啥时候办", "多会儿办", "要啥材料", "带啥材料", "要啥手续", "谁能办", "那条件呢", "啥条件",
    "有啥要求", "我能办吗", "那我妈能办吗", "外地人行吗", "咋办", "咋申请", "怎么弄", "具体咋弄", "电话多少",
    "打哪个电话", "要多久", "截止到啥时候", "要交钱吗", "收费吗", "能代办吗", "说详细点", "这个呢", "那这个呢",
    "以前咋说", "以前怎么说的", "去年呢", "还有呢", "有文件吗", "哪个文件说的", "那钱啥时候到", "还有别的吗",
)  # fmt: skip


@pytest.mark.parametrize("asked", STAYING)
def test_what_names_no_subject_is_asked_of_the_card_in_hand(know: Knowledge, asked: str) -> None:
    left = []
    for id_ in CARDS:
        talk = Talk(know)
        talk.tap(f"card:{id_}")
        turn = talk.say(asked)
        if (turn.programmes, turn.kind) != ((id_,), "answer"):
            left.append((id_, turn.kind, turn.programmes))
    assert not left


@pytest.mark.parametrize("id_", CARDS)
def test_half_an_hour_later_the_card_is_still_in_hand_and_a_minute_later_it_is_not(know: Knowledge, id_: str) -> None:
    talk = Talk(know)
    talk.tap(f"card:{id_}")
    assert talk.say("那找谁办", after=HALF_AN_HOUR).programmes == (id_,)
    assert id_ not in talk.say("那找谁办", after=LATER).programmes


@pytest.mark.parametrize(
    "asked", ["那多少钱", "找谁办", "鄂尔多斯呢", "以前咋说", "还有呢", "上一个", "不是这个", "那条件呢"]
)
def test_with_nothing_in_hand_a_follow_up_breaks_nothing_and_guesses_nothing(talk: Talk, asked: str) -> None:
    turn = talk.say(asked)
    assert turn.kind in ("chat", "none", "choices")
    assert said(turn)


def test_what_is_asked_of_a_card_is_answered_first_and_with_its_clause(talk: Talk) -> None:
    talk.say("玉米保险咋上")
    for asked, first in (("那多少钱", "自己交多少保费"), ("要啥材料", "要带什么材料"), ("啥时候", "什么时候办")):
        turn = talk.say(asked)
        assert said(turn).split("\n")[1].startswith(first)
        assert isinstance(turn.message.blocks[-1], Basis)


def test_another_place_shows_the_card_as_seen_there(talk: Talk) -> None:
    talk.say("家庭农场有啥扶持")
    in_hand = talk.state.in_hand
    turn = talk.say("鄂尔多斯呢")
    assert turn.programmes == (in_hand,)
    assert talk.state.talk_place == "1506"
    assert not turn.changes


def test_where_the_card_does_not_hold_it_is_said_honestly(talk: Talk) -> None:
    talk.tap("card:wuhai-grapes")
    turn = talk.say("鄂尔多斯呢")
    assert "我这里没有文件" in said(turn)
    assert "嘎查村委会" in said(turn)


@pytest.mark.parametrize("said_so", ["我在乌海", "我是乌海的", "乌海这边呢", "那乌海有没有", "乌海有人干这个没"])
def test_saying_where_one_is_asks_for_that_place(talk: Talk, said_so: str) -> None:
    talk.tap("card:farm-trusteeship")
    turn = talk.say(said_so)
    assert turn.programmes == ("farm-trusteeship",)
    assert talk.state.talk_place == "1503"


@pytest.mark.parametrize("said_so", ["我在乌海", "那乌海有没有"])
def test_saying_where_one_is_before_choosing_offers_the_same_cards_there(talk: Talk, said_so: str) -> None:
    offered_first = talk.say("把地托给别人种是啥意思").programmes
    turn = talk.say(said_so)
    assert turn.programmes[:1] == offered_first[:1]
    assert talk.state.talk_place == "1503"


@pytest.mark.parametrize("said_so", ["公家管不管", "涨不涨", "行不", "往下讲", "还有别的没", "没看懂，换个说法"])
def test_a_verb_alone_asks_of_the_card_in_hand(talk: Talk, said_so: str) -> None:
    talk.tap("card:dibao")
    turn = talk.say(said_so)
    assert turn.programmes[:1] == ("dibao",)


@pytest.mark.parametrize("said_so", ["公家管不管", "给涨不", "上头查不查"])
def test_a_verb_alone_without_a_talk_gets_no_card(talk: Talk, said_so: str) -> None:
    turn = talk.say(said_so)
    assert (turn.kind, turn.programmes) == ("none", ())


def test_the_past_is_told_as_the_past(talk: Talk) -> None:
    talk.say("玉米保险咋上")
    assert "只当历史看" in talk.hear("以前咋说")
    assert talk.state.in_hand == "grain-soy-insurance"


def test_the_one_before_comes_back_and_the_one_after_it_too(talk: Talk) -> None:
    talk.tap("card:dibao")
    talk.tap("card:toilet-upgrade")
    assert talk.say("上一个").programmes == ("dibao",)
    assert talk.say("刚才那个").programmes == ("toilet-upgrade",)


def test_the_first_card_has_none_before_it(talk: Talk) -> None:
    talk.tap("card:dibao")
    assert "前面没有别的卡" in talk.hear("上一个")


def test_there_is_more_to_see_beside_a_card(talk: Talk) -> None:
    talk.tap("card:grain-soy-insurance")
    assert {"card:livestock-insurance", "card:specialty-insurance"} & set(offered(talk.say("还有呢").message))


@pytest.mark.parametrize("said_so", ["不是这个", "不对", "没答对", "不是", "答错了", "我问的不是这个"])
def test_the_wrong_card_is_let_go(talk: Talk, said_so: str) -> None:
    talk.say("玉米保险咋上")
    turn = talk.say(said_so)
    assert turn.kind in ("choices", "none")
    assert "对不住" in said(turn)
    assert talk.state.in_hand is None
    assert "grain-soy-insurance" not in talk.state.near
    assert "neither" in offered(turn.message)


def test_none_of_the_choices_is_asked_in_other_words(talk: Talk) -> None:
    talk.say("玉米保险咋上")
    talk.say("不是这个")
    turn = talk.say("都不是")
    assert turn.kind == "none"
    assert "换个说法" in said(turn)


def test_thanks_in_between_do_not_take_the_card_away(talk: Talk) -> None:
    talk.say("玉米保险咋上")
    talk.say("谢谢")
    assert talk.say("那找谁办").programmes == ("grain-soy-insurance",)


def pairs(know: Knowledge, count: int) -> Iterator[tuple[Programme, Programme, str]]:
    """Two programmes of different topics that nobody would confuse, and a question for the second."""
    dice = random.Random(20261122)  # noqa: S311 - not for secrets
    programmes = [one for one in know.library.programmes.values() if not one.is_stub]
    while count:
        first, second = dice.sample(programmes, 2)
        if first.topic != second.topic and second.id not in first.related:
            count -= 1
            yield first, second, dice.choice(second.phrasings)


def test_a_change_of_subject_is_noticed(know: Knowledge) -> None:
    stuck, changed = [], 0
    for first, second, question in pairs(know, 300):
        if Talk(know).say(question).programmes[:1] != (second.id,):
            continue  # not even found when nothing was talked about
        talk = Talk(know)
        talk.tap(f"card:{first.id}")
        turn = talk.say(question)
        changed += turn.programmes[:1] == (second.id,)
        if turn.programmes[:1] == (first.id,):
            stuck.append((first.short, question))
    assert not stuck
    assert changed >= 270


@pytest.mark.parametrize(
    ("first", "then", "second"),
    [
        ("玉米保险咋上", "低保咋申请", "dibao"),
        ("玉米保险咋上", "那低保呢", "dibao"),
        ("低保咋办", "旱厕改造有钱没", "toilet-upgrade"),
        ("低保咋申请", "那残疾人补贴呢", "disabled-two-subsidies"),
        ("养牛有啥补贴", "村里修路谁管", "rural-roads"),
        ("合作社有啥扶持", "那家庭农场呢", "family-farm"),
        ("危房改造找谁", "不说这个了，打机井有补贴吗", "herder-wells"),
        ("农机补贴咋领", "老人八十了有高龄补贴没", "old-age-allowance"),
    ],
)
def test_a_new_subject_is_followed_however_short(talk: Talk, first: str, then: str, second: str) -> None:
    talk.say(first)
    assert talk.say(then).programmes[:1] == (second,)


@pytest.mark.parametrize(
    ("turns", "about"),
    [
        (("我婆婆那土房裂了一指宽的缝，给修不", "她一个人住着了", "给多少钱呀"), "dilapidated-house-repair"),
        (
            ("我在包头打了五年工，想回村开个小作坊，公家给扶持不", "就我一个人干，没雇人", "那要跑哪些手续了"),
            "return-startup",
        ),
    ],
)
def test_what_only_tells_something_leaves_the_talk_where_it_was(talk: Talk, turns: tuple[str, ...], about: str) -> None:
    *_, last = [talk.say(one) for one in turns]
    assert last.programmes[:1] == (about,)


@pytest.mark.parametrize(
    ("turns", "about"),
    [
        (("牛死了保险赔不赔", "家门口路灯也不亮", "回头说刚才那个，到底找谁"), "livestock-insurance"),
        (("村里护林员还招不招", "高龄补贴我们旗有没有", "头一个问的那个，一年干几个月了"), "public-welfare-jobs"),
    ],
)
def test_words_that_lead_back_lead_to_the_subject_before(talk: Talk, turns: tuple[str, ...], about: str) -> None:
    *_, last = [talk.say(one) for one in turns]
    assert last.programmes[:1] == (about,)


def test_words_that_lead_back_lead_nowhere_where_nothing_came_before(talk: Talk) -> None:
    assert "dibao" not in talk.say("刚才那个到底找谁").programmes
    talk.say("低保咋申请")
    assert talk.say("刚才那个到底找谁").programmes == ("dibao",)


def test_what_is_asked_after_cards_were_offered_is_asked_of_them(talk: Talk) -> None:
    first = talk.say("牛补贴")
    assert first.kind == "choices"
    then = talk.say("上哪办去，找苏木还是找旗里")
    assert (then.kind, then.programmes) == ("choices", first.programmes)
