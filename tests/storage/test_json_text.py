"""JSON text that jsonb takes, with nothing else changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.json_text import as_json, from_json

PIECES = ["\0", "\\", "u0000", "\\u0000", "\ud800", "\udfff", '"', "字", "\u202f", "\n"]


@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text(st.characters()))
def test_only_nul_and_lone_surrogates_are_replaced(said: str) -> None:
    expected = "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in said)
    assert from_json(as_json({"say": said, said: [said]})) == {"say": expected, expected: [expected]}


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_does_not_know_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        as_json({"value": value})
