"""How plain the cards are, and that the measure can tell plain from hard."""

import pytest

from content.check.plain import MAX_HARD, check_plain
from content.library import Library
from content.readability import Plain, everyday, readability, together

OVERALL = 0.13
"""Share of words outside the everyday list over all cards: 11 % when measured in November 2026."""


@pytest.mark.parametrize("word", ["房子", "苞米", "管好", "问问", "算不算", "万亩", "嘎查村", "严厉打击", "鄂尔多斯市"])
def test_a_word_of_every_day_is_easy(plain: Plain, word: str) -> None:
    assert plain.easy(word)


@pytest.mark.parametrize("word", ["推进", "落实", "统筹", "机制", "整治", "培育", "纳入", "赋能", "衔接", "监管"])
def test_a_word_of_documents_is_hard(plain: Plain, word: str) -> None:
    assert not plain.easy(word)


def test_names_brackets_and_fixed_terms_do_not_count(library: Library, plain: Plain) -> None:
    card = library.programmes["grain-soy-insurance"]
    claim = card.claims[0].model_copy(
        update={"says": f"{card.name}、“统筹衔接机制”、国家通用语言文字、看病（医疗卫生健康体系）。"}
    )
    one = card.model_copy(update={"claims": (claim,), "before": (), "local": {}, "one_line": ""})
    assert readability(one, plain).hard == ()


def test_no_card_is_above_the_limits_and_all_together_are_well_below(library: Library, plain: Plain) -> None:
    cards = [one for one in library.programmes.values() if not one.is_stub]
    above = [one.id for one in cards if list(check_plain(one, plain))]
    assert not above, "mingbai content readability --only ID shows the hard words"
    assert together(readability(one, plain) for one in cards).share <= OVERALL < MAX_HARD


def test_the_list_is_what_people_say_to_each_other() -> None:
    """The measure rests on it: a document's words must not slip in with the next cut."""
    words = everyday()
    assert {"房子", "看病", "接着", "牲口", "嘎查"} <= words
    assert not {"推进", "落实", "机制", "统筹", "整治", "治理", "提升", "强化", "加强", "完善措施"} & words
