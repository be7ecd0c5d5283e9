"""The index that is kept beside the compiled code: the same as one built anew, and never in the way."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from content.library import Library
from content.search import built
from content.search.built import Built, Shape, build, kept

SHAPE = Shape(0.85, 0.6, 0.25)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(built, "FOLDER", tmp_path / "__pycache__")
    return tmp_path / "__pycache__"


def same(one: Built, other: Built) -> bool:
    asked = ("玉米保险咋上", "玉米保险")
    return one.rows == other.rows and all(
        np.array_equal(getattr(one, name).overlaps(*asked).rows, getattr(other, name).overlaps(*asked).rows)
        for name in ("characters", "sounds")
    )


def test_what_was_kept_is_what_would_be_built(small: Library, folder: Path) -> None:
    first = kept(small, SHAPE)
    assert len(list(folder.glob("index-*.pickle"))) == 1
    assert same(kept(small, SHAPE), first)
    assert same(first, build(small, SHAPE))


def test_another_word_anywhere_is_another_index(small: Library, folder: Path) -> None:
    kept(small, SHAPE)
    id_, card = next(iter(small.programmes.items()))
    changed = replace(small, programmes={**small.programmes, id_: card.model_copy(update={"short": "另一个名"})})
    assert same(kept(changed, SHAPE), build(changed, SHAPE))
    assert len(list(folder.glob("index-*.pickle"))) == 2


@pytest.mark.parametrize("left", [b"", b"no pickle", b"\x80\x05K\x01."])
def test_a_file_cut_short_or_of_something_else_is_built_anew(small: Library, folder: Path, left: bytes) -> None:
    made = kept(small, SHAPE)
    (file,) = folder.glob("index-*.pickle")
    file.write_bytes(left)
    assert same(kept(small, SHAPE), made)
    assert same(kept(small, SHAPE), made)


def test_only_the_newest_files_stay(small: Library, folder: Path) -> None:
    for told in (0.5, 0.6, 0.7, 0.8, 0.9):
        kept(small, Shape(told, 0.6, 0.25))
    assert len(list(folder.glob("index-*.pickle"))) == built.NEWEST


def test_a_folder_that_cannot_be_written_is_no_hindrance(small: Library, folder: Path) -> None:
    folder.write_text("a file stands where the folder should be")
    assert same(kept(small, SHAPE), build(small, SHAPE))
