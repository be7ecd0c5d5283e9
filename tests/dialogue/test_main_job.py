"""A villager asks, the right card answers."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.core import reply
from bot.dialogue.state import Person, State
from bot.dialogue.turn import Asked, Knowledge, Turn
from content.answer import FIRST_MESSAGE, first_message
from content.card import Card
from content.message import Basis, Heading, Text
from content.render import said_blocks

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class Talk:
    """One resident talking."""

    def __init__(self, know: Knowledge, place: str | None = None) -> None:
        self.know, self.state, self.now = know, State(), NOW
        self.person = Person(places=(place,) if place else (), welcomed=True)

    def say(self, text: str, *, after: timedelta = timedelta(seconds=10)) -> Turn:
        """Say something a while after the last."""
        self.now += after
        turn = reply(Asked(self.know, self.person, self.state, self.now, text=text))
        self.state = turn.state
        return turn


@pytest.fixture
def talk(know: Knowledge) -> Talk:
    return Talk(know)


@pytest.mark.parametrize(
    ("said", "programme"),
    [
        ("玉米保险咋上", "grain-soy-insurance"),
        ("苞米遭灾赔不赔", "grain-soy-insurance"),
        ("yumi baoxian", "grain-soy-insurance"),
        ("低宝咋申请", "dibao"),
        ("旱厕改造有钱没", "toilet-upgrade"),
    ],
)
def test_everyday_wrong_and_typed_words_find_the_card(talk: Talk, said: str, programme: str) -> None:
    turn = talk.say(said)
    assert (turn.kind, turn.programmes[0]) == ("answer", programme)
    assert isinstance(turn.message.blocks[-1], Basis)


def test_a_business_subsidy_asked_for_ordos_is_answered_from_the_ordos_document(talk: Talk) -> None:
    turn = talk.say("鄂尔多斯创业补贴")
    assert turn.kind == "answer"
    assert "鄂尔多斯文件" in said_blocks(turn.message)


@pytest.mark.parametrize("said", ["旱厕改造有钱没", "鄂尔多斯创业补贴", "养牛补贴给多少钱"])
def test_where_money_is_asked_the_first_line_says_that_the_document_does_not_say(talk: Talk, said: str) -> None:
    blocks = talk.say(said).message.blocks
    assert isinstance(blocks[0], Heading)
    assert isinstance(blocks[1], Text)
    assert "文件没写" in blocks[1].text
    assert "嘎查村委会" in blocks[1].text


def test_who_to_ask_stays_on_the_card(talk: Talk) -> None:
    talk.say("玉米保险咋上")
    turn = talk.say("那找谁办")
    assert turn.programmes == ("grain-soy-insurance",)
    assert "嘎查村委会" in said_blocks(turn.message)


def test_after_half_an_hour_the_card_is_let_go(talk: Talk) -> None:
    talk.say("玉米保险咋上")
    turn = talk.say("那找谁办", after=timedelta(minutes=31))
    assert "grain-soy-insurance" not in turn.programmes


def test_what_no_document_covers_is_said_to_be_uncovered(talk: Talk) -> None:
    turn = talk.say("深圳入户积分")
    assert (turn.kind, turn.programmes) == ("none", ())
    assert "没有文件" in said_blocks(turn.message)


def test_someone_beaten_gets_110_first_and_nothing_to_choose(talk: Talk) -> None:
    message = talk.say("有人打我").message
    assert isinstance(message.blocks[0], Text)
    assert "110" in message.blocks[0].text
    assert not message.options


@pytest.mark.parametrize("number", ["1", "１", "一", "第一个", "要头一个"])
def test_a_bare_number_chooses_from_the_latest_list_however_it_is_written(talk: Talk, number: str) -> None:
    shown = talk.say("玉米保险咋上", after=timedelta(0)).message.options[0]
    turn = talk.say(number)
    assert turn.programmes == ("grain-soy-insurance",)
    assert shown.label


def test_a_digit_never_deletes(talk: Talk) -> None:
    talk.say("删掉我的记录")
    for digit in "12":
        assert not talk.say(digit).changes


def test_a_place_named_in_a_question_holds_for_the_talk_and_saves_nothing(talk: Talk) -> None:
    turn = talk.say("我妈在达旗，危房改造找谁")
    assert talk.state.talk_place == "150621"
    assert not turn.changes


def test_every_first_message_fits_on_one_small_screen(know: Knowledge) -> None:
    long = [
        (programme.id, place, aspects)
        for programme in know.library.programmes.values()
        for place in (None, "1506", "1503")
        for aspects in ((), ("amount",), ("where",), ("papers", "when"))
        if len(said_blocks(first_message(Card(programme, know.library, place, NOW.date()), aspects))) > FIRST_MESSAGE
    ]
    assert not long, "shorten the first claim, or its name: the first message is longer than 200 characters"
