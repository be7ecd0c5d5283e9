"""Long texts are cut at the ends of sentences, and nothing of them is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.split import split, utf8, utf16

SENTENCE = "玉米保险的事，请问嘎查村委会；也可以打12345。"


def test_what_fits_stays_whole() -> None:
    assert split(SENTENCE, 4096, utf16) == [SENTENCE]
    assert split("  ", 10, len) == []


def test_a_paragraph_ends_a_piece_sooner_than_a_sentence_and_a_sentence_sooner_than_a_clause() -> None:
    text = f"{SENTENCE}\n{SENTENCE}{SENTENCE}"
    assert split(text, 50, utf16) == [SENTENCE, SENTENCE * 2]
    assert split(SENTENCE * 3, 55, utf16) == [SENTENCE * 2, SENTENCE]
    assert split(SENTENCE, 20, utf16) == ["玉米保险的事，请问嘎查村委会；", "也可以打12345。"]


def test_a_figure_is_not_cut_at_its_point() -> None:
    assert split("一亩补12.5元，三亩补37.5元", 10, len)[0] == "一亩补12.5元，"


@pytest.mark.parametrize(
    "run", ["0477-5212345", "139 4771 2345", "15847723456", "1,200.50", "08:30-17:30", "https://a.cn/b-c", "2026-12-01"]
)
@pytest.mark.parametrize("limit", range(13, 24))
def test_a_phone_a_sum_an_hour_an_address_is_not_torn(run: str, limit: int) -> None:
    pieces = split(f"有事请打电话问清楚{run}再到村里来办理", limit, len)
    if len(run) <= limit:
        assert [one for one in pieces if run in one], pieces
    assert "".join("".join(pieces).split()) == f"有事请打电话问清楚{run}再到村里来办理".replace(" ", "")


def test_a_run_that_is_too_long_by_itself_is_cut_all_the_same() -> None:
    assert split("1" * 25, 10, len) == ["1" * 10, "1" * 10, "1" * 5]


def test_a_closing_quotation_mark_stays_with_its_sentence() -> None:
    assert split("他说：“这事要问村里。”然后就走了。", 12, len)[0] == "他说：“这事要问村里。”"


def test_wechats_bytes_and_telegrams_units_are_counted_as_they_count() -> None:
    assert (utf8("明白"), utf16("明白"), utf16("😀"), utf8("😀")) == (6, 2, 2, 4)
    assert all(utf8(piece) <= 2048 for piece in split(SENTENCE * 300, 2048, utf8))


def test_an_emoji_family_and_a_mongolian_word_part_are_not_torn() -> None:
    family = "👨\u200d👩\u200d👧"
    assert split(family * 3, utf16(family) + 3, utf16) == [family] * 3
    assert split("ᠮᠣᠩ\u180bᠭᠣᠯ", 3, len) == ["ᠮᠣ", "ᠩ\u180bᠭ", "ᠣᠯ"]


def test_a_limit_that_holds_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="do not hold"):
        split("明白", 2, utf8)


@given(st.text(), st.integers(4, 60), st.sampled_from([utf8, utf16, len]))
def test_no_piece_is_too_long_and_nothing_but_white_space_is_lost(text: str, limit: int, size: object) -> None:
    measure = size if callable(size) else len
    pieces = split(text, limit, measure)
    assert all(piece and measure(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
