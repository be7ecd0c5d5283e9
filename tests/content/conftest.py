"""The package's content, read once, with the documents' texts where they are at hand (../shared, in CI)."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from content.check.quotes import sealed
from content.library import Library, read_library
from content.readability import Plain
from content.source_text import Clauses, read_texts

SOURCES = Path(__file__).parents[2].parent / "shared" / "sources"


@pytest.fixture(scope="session")
def library() -> Library:
    return read_library()


@pytest.fixture(scope="session")
def texts(library: Library) -> Mapping[str, Clauses]:
    """The documents at hand; none in a clone of the project alone, where digests hold the quotes."""
    return read_texts(SOURCES, library.documents)


@pytest.fixture(scope="session")
def seal() -> frozenset[str]:
    return sealed()


@pytest.fixture(scope="session")
def plain() -> Plain:
    return Plain.load()
