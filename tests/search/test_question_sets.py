"""The two sets are kept apart, from each other and from what search learns from."""

from collections import Counter

from bot.questions import Question
from content.library import Library
from content.search.fold import fold

STYLES = {"colloquial", "homophone", "keywords", "pinyin", "official", "figures", "local", "dialogue", "outside"}
ENOUGH = 700
ENOUGH_OF_A_STYLE = 25


def bare(text: str) -> str:
    return fold(text).replace(" ", "")


def said(questions: list[Question]) -> dict[str, str]:
    """Every turn of a set, folded, with the id of its question."""
    return {bare(turn): question.id for question in questions for turn in question.turns}


def test_tune_and_judge_share_no_question(tune: list[Question], judge: list[Question]) -> None:
    shared = said(tune).keys() & said(judge).keys()
    assert not shared, "take it out of tune; judge stays as it was written"


def test_no_phrasing_equals_a_judge_question(library: Library, judge: list[Question]) -> None:
    asked = said(judge)
    equal = [
        f"{one.id}: {phrasing} ({asked[bare(phrasing)]})"
        for one in library.programmes.values()
        for phrasing in one.phrasings
        if bare(phrasing) in asked
    ]
    assert not equal, "take these phrasings out or say them otherwise; judge stays as it was written"


def test_no_outside_question_equals_a_judge_question(library: Library, judge: list[Question]) -> None:
    asked = said(judge)
    equal = [f"{group}: {text}" for group, texts in library.outside.items() for text in texts if bare(text) in asked]
    assert not equal, "take these out of content/outside.yaml; judge stays as it was written"


def test_every_clause_is_one_of_a_document(library: Library, tune: list[Question], judge: list[Question]) -> None:
    known = {(document.id, clause.key) for document in library.documents.values() for clause in document.clauses}
    unknown = {one.id: one.clauses - known for one in (*tune, *judge) if one.clauses - known}
    assert not unknown


def test_what_has_an_answer_names_its_clauses_and_what_has_none_names_none(
    tune: list[Question], judge: list[Question]
) -> None:
    assert [one.id for one in (*tune, *judge) if (one.kind == "answer") != bool(one.clauses)] == []
    assert {one.kind for one in (*tune, *judge)} == {"answer", "none", "chat"}


def test_there_are_enough_questions_of_every_style_in_both_sets(tune: list[Question], judge: list[Question]) -> None:
    assert len(tune) + len(judge) >= ENOUGH
    for questions in (tune, judge):
        styles = Counter(one.style for one in questions)
        assert set(styles) == STYLES
        assert min(styles.values()) >= ENOUGH_OF_A_STYLE


def test_every_question_has_an_id_of_its_own(tune: list[Question], judge: list[Question]) -> None:
    ids = Counter(one.id for one in (*tune, *judge))
    assert [id_ for id_, count in ids.items() if count > 1] == []
