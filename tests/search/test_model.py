"""The linear model: it fits the content, training is deterministic, and an editor's own words are learned."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from content.library import Library, read_library
from content.search.bands import Band
from content.search.engine import Search
from content.search.linear import digest, load
from content.search.model import SHIPPED, machine, trained
from content.search.rows import all_rows
from tests.content.own import write


def test_the_shipped_model_was_trained_on_the_content(library: Library) -> None:
    assert load(SHIPPED, digest(*all_rows(library))) is not None, "run `mingbai search train` and commit its file"


def test_the_same_rows_train_the_same_model(small: Library) -> None:
    one, other = trained(*all_rows(small)), trained(*all_rows(small))
    assert one.grams == other.grams
    for name in ("rarity", "starts", "cards", "weights", "bias"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


def test_a_saved_model_says_what_it_said_before(small: Library, tmp_path: Path) -> None:
    made = trained(*all_rows(small))
    made.save(tmp_path / "model.npz")
    held = load(tmp_path / "model.npz", made.digest)
    assert held is not None
    assert np.array_equal(held.decide("奶牛养殖"), made.decide("奶牛养殖"))


def test_a_model_of_other_content_is_not_used(small: Library, tmp_path: Path) -> None:
    trained(*all_rows(small)).save(tmp_path / "model.npz")
    assert load(tmp_path / "model.npz", "another") is None
    assert load(tmp_path / "missing.npz", "another") is None


@pytest.fixture
def own(small: Library, tmp_path: Path) -> Library:
    """The small library with a programme of a deployment's own folder."""
    write(tmp_path)
    mine = read_library(tmp_path).programmes["tongliao-cattle"]
    return replace(small, programmes={**small.programmes, mine.id: mine})


def test_an_own_programme_is_found_once_search_has_learned_it(own: Library, tmp_path: Path) -> None:
    cache = tmp_path / "learned" / "model.npz"
    search = Search(own, machine=lambda rows, cards: machine(rows, cards, cache=cache))
    mine = own.programmes["tongliao-cattle"]
    for phrasing in mine.phrasings[:3]:
        found = search.find(f"请问{phrasing}呀", place="1505")
        assert found.band is not Band.NONE
        assert found.candidates[0].programme.id == mine.id


def test_what_was_learned_is_kept_and_not_learned_again(
    own: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "learned" / "model.npz"
    machine(*all_rows(own), cache=cache)
    monkeypatch.setattr("content.search.model.trained", lambda *_: pytest.fail("it was learned already"))
    assert machine(*all_rows(own), cache=cache).digest == digest(*all_rows(own))
