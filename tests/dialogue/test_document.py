"""A text that only names a document or a clause: what rests on it, and plainly when there is none."""

import pytest

from bot.dialogue.turn import Knowledge
from bot.evaluation.fitting import sources
from bot.questions import read_questions
from content.cited import cited
from tests.dialogue.talking import Talk, offered, said


@pytest.mark.parametrize(
    "text", ["2026年文件第16条", "2026年自治区文件第十六条说的啥", "2026年的文件 第16条", "自治区2026年文件第16条"]
)
def test_a_clause_offers_the_cards_that_rest_on_it(talk: Talk, text: str) -> None:
    turn = talk.say(text)
    assert turn.kind == "choices"
    assert "2026年自治区文件第16条" in said(turn)
    assert "card:grain-soy-insurance" in offered(turn.message)


def test_every_card_offered_rests_on_the_clause(talk: Talk, know: Knowledge) -> None:
    for action in offered(talk.say("2023年鄂尔多斯文件第14条").message):
        card = know.library.programmes.get(action.removeprefix("card:"))
        if card:
            assert ("ordos-2023", "14") in sources(card, None)


def test_a_clause_of_one_card_shows_it(talk: Talk) -> None:
    turn = talk.say("乌海文件第9条")
    assert (turn.kind, len(turn.programmes)) == ("answer", 1)


def test_a_clause_without_a_document_asks_which(talk: Talk) -> None:
    options = offered(talk.say("第16条说的啥").message)
    assert "cited:nmg-2026,16" in options
    assert len(options) > 1
    assert talk.say("1").kind in ("choices", "answer")


def test_a_clause_of_the_card_in_hand_is_meant_before_others(talk: Talk) -> None:
    talk.say("玉米保险咋上")
    assert "2026年自治区文件第16条" in said(talk.say("第16条说的啥"))


@pytest.mark.parametrize("text", ["鄂党农牧组发〔2023〕7号", "鄂党农牧组发[2023]7号", "鄂尔多斯2023年的文件"])
def test_a_document_is_told_by_its_title_number_and_day(talk: Talk, text: str) -> None:
    reply = talk.hear(text)
    assert "《鄂尔多斯市学习运用“千万工程”经验实施方案》" in reply
    assert "鄂党农牧组发〔2023〕7号" in reply
    assert "2023年10月26日" in reply


@pytest.mark.parametrize("text", ["内党发〔2019〕1号", "2024年文件", "国办发〔2022〕33号文件"])
def test_a_document_that_is_not_held_is_no_card(talk: Talk, text: str) -> None:
    turn = talk.say(text)
    assert (turn.kind, turn.programmes) == ("none", ())
    assert "2026年自治区文件" in said(turn)


def test_a_clause_that_the_document_has_not_is_said(talk: Talk) -> None:
    turn = talk.say("2026年文件第99条")
    assert (turn.kind, turn.programmes) == ("none", ())
    assert "没有这一条" in said(turn)


def test_a_clause_on_which_no_card_rests_is_said(talk: Talk) -> None:
    turn = talk.say("2026年文件第29条")
    assert (turn.kind, turn.programmes) == ("none", ())
    assert "没写成卡片" in said(turn)


def test_what_the_older_document_said_of_the_card_in_hand_is_still_asked_of_it(talk: Talk) -> None:
    talk.say("玉米保险咋上")
    assert talk.say("2021年文件咋说").programmes == ("grain-soy-insurance",)


def test_a_question_with_a_subject_of_its_own_is_searched(know: Knowledge) -> None:
    documents = know.library.documents.values()
    asked = [turn for one in read_questions("tune") if one.kind == "answer" for turn in one.turns]
    assert [text for text in asked if cited(text, documents)] == []
