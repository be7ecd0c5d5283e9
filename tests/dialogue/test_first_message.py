"""An answer's first message: short, the thing asked first, the clause last, in words that can be read aloud."""

import re
from collections.abc import Iterator

import pytest

from bot.dialogue.cards import card_of, show
from bot.dialogue.state import Person, State
from bot.dialogue.turn import Asked, Knowledge
from content import behind
from content.answer import FIRST_MESSAGE
from content.message import Basis, Message, Text
from content.programme import Programme
from content.render import said_blocks, spoken
from tests.dialogue.talking import NOW, Talk, said

ASKED = ("amount", "where", "when", "who", "papers", "")
PLACES = (None, "1506", "1503")
BRACKETS = re.compile(r"[（）()\[\]【】〔〕{}]")


def asked(know: Knowledge, place: str | None) -> Asked:
    return Asked(know, Person(places=(place,) if place else ()), State(), NOW)


def messages(know: Knowledge, *, stubs: bool) -> Iterator[tuple[Programme, str | None, str, Message]]:
    """The first message of every programme, for every place and every thing asked."""
    for place in PLACES:
        one = asked(know, place)
        for programme in know.library.programmes.values():
            for aspect in ASKED if programme.is_stub == stubs else ():
                yield programme, place, aspect, show(one, programme.id, (aspect,) if aspect else ()).message


def test_every_first_message_has_at_most_200_characters(know: Knowledge) -> None:
    long = [(p.id, place, a) for p, place, a, message in messages(know, stubs=False) if len(said_blocks(message)) > 200]
    assert FIRST_MESSAGE == 200
    assert not long, "a first message fits on one small screen: shorten the first claim or the office's name"


def test_every_stub_fits_too(know: Knowledge) -> None:
    assert not [p.id for p, _, _, message in messages(know, stubs=True) if len(said_blocks(message)) > FIRST_MESSAGE]


def test_the_clause_stands_last_in_every_first_message(know: Knowledge) -> None:
    without = [p.id for p, _, _, message in messages(know, stubs=False) if not isinstance(message.blocks[-1], Basis)]
    assert not without
    assert all(
        re.search(r"^依据：.*(第.+条|摘要|问答|附)", message.blocks[-1].text)
        for _, _, _, message in messages(know, stubs=False)
        if isinstance(message.blocks[-1], Basis)
    )


def test_what_was_asked_and_is_unsaid_is_said_to_be_unsaid_in_the_first_line(know: Knowledge) -> None:
    wrong = []
    for programme, place, aspect, message in messages(know, stubs=False):
        first = message.blocks[1]
        if aspect in programme.unstated and not (
            isinstance(first, Text)
            and first.strong
            and first.text.startswith(know.library.aspects[aspect].unsaid)
            and "文件没写" in first.text
            and "12345" in first.text
        ):
            wrong.append((programme.id, place, aspect))
    assert not wrong


def test_no_card_says_that_something_is_unsaid_that_it_says(know: Knowledge) -> None:
    wrong = [
        (programme.id, aspect)
        for programme, _, aspect, message in messages(know, stubs=False)
        if any(aspect in claim.about for claim in programme.claims)
        and any(isinstance(block, Text) and block.strong for block in message.blocks)
    ]
    assert not wrong


def test_nothing_that_is_read_aloud_has_a_bracket(know: Knowledge) -> None:
    bracketed = {
        programme.id
        for programme, _, _, message in messages(know, stubs=False)
        if BRACKETS.search(spoken(said_blocks(message)))
    }
    assert not bracketed


@pytest.mark.parametrize("part", ["quotes", "before", "unstated", "ask"])
def test_no_sentence_behind_a_card_has_a_bracket_when_read_aloud(know: Knowledge, part: str) -> None:
    bracketed = {
        id_
        for id_, programme in know.library.programmes.items()
        if not programme.is_stub and (card := card_of(asked(know, "1506"), id_))
        if BRACKETS.search(spoken(said_blocks(getattr(behind, part)(card))))
    }
    assert not bracketed


def test_every_answer_says_who_to_ask(know: Knowledge) -> None:
    silent = {p.id for p, _, _, message in messages(know, stubs=False) if "嘎查村委会" not in said_blocks(message)}
    assert not silent


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("玉米保险自己交多少钱", "自己交多少保费"),
        ("旱厕改造给多少钱", "补多少钱"),
        ("危房改造给多少钱", "补多少钱"),
        ("农机补贴要啥材料", "要带什么材料"),
        ("临时救助啥时候能申请", "什么时候办"),
        ("低保去哪办", "去哪办"),
    ],
)
def test_a_question_that_no_document_answers_is_told_so_first(talk: Talk, question: str, first: str) -> None:
    turn = talk.say(question)
    assert turn.kind == "answer"
    lines = said(turn).split("\n")
    assert lines[1].startswith(first)
    assert "文件没写" in lines[1]
    assert lines[-1].startswith("依据：")
