"""A floor under what search finds, on *tune*: below it something broke. docs/search.md has the figures."""

import pytest

from bot.dialogue.turn import Knowledge
from bot.questions import Question, Score, mark, score

FIRST = 0.92
THREE = 0.96
WRONG = 0.03
OUTSIDE_ANSWERED = 0.03
FOLLOW_UPS = 0.86


@pytest.fixture(scope="module")
def scores(know: Knowledge, tune: list[Question]) -> dict[str, Score]:
    return score(list(mark(know, tune)))


def test_the_first_card_is_right(scores: dict[str, Score]) -> None:
    counts = scores["all"]
    assert counts.first >= FIRST * counts.asked, missed(counts)
    assert counts.three >= THREE * counts.asked, missed(counts)


def test_a_wrong_card_is_seldom_the_answer(scores: dict[str, Score]) -> None:
    counts = scores["all"]
    assert counts.wrong <= WRONG * counts.asked, missed(counts)


def test_what_no_document_answers_is_seldom_answered(scores: dict[str, Score]) -> None:
    counts = scores["all"]
    assert counts.outside_answered <= OUTSIDE_ANSWERED * counts.outside


def test_follow_ups_find_the_programme_in_hand(scores: dict[str, Score]) -> None:
    counts = scores["dialogue"]
    assert counts.first >= FOLLOW_UPS * counts.asked, missed(counts)


def missed(counts: Score) -> str:
    return "\n".join(f"{' / '.join(one.question.turns)} → {one.kind} {one.programmes}" for one in counts.missed)
