"""The index of a library: built, or taken from a file beside Python's own compiled files, where it was built before.

What the file holds can always be built again; it only spares a cold start the half second that building takes.
"""

import hashlib
import pickle
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from content.library import Library
from content.search import grams
from content.search.fold import WORDS
from content.search.index import Index, Row
from content.search.rows import all_rows, sentences

HERE = Path(__file__).parent
FOLDER = HERE / "__pycache__"
NEWEST = 2
"""Files that stay: one for each version of the content that was lately in use here."""


@dataclass(frozen=True)
class Shape:
    """How rows are weighed against questions: see `engine.Weights`."""

    told: float
    missing: float
    extra: float


@dataclass(frozen=True)
class Built:
    """The rows of a library, the names of what they belong to, and the two indexes over them."""

    rows: list[Row]
    names: list[str]
    characters: Index
    sounds: Index


def build(library: Library, shape: Shape) -> Built:
    """Build the index."""
    rows, names = all_rows(library, told=shape.told)
    index = partial(Index, rows, len(names), missing=shape.missing, extra=shape.extra)
    return Built(rows, names, index(grams.characters), index(grams.sounds))


def kept(library: Library, shape: Shape) -> Built:
    """Take the index from its file, or build it and keep it there; where nothing can be written, build it each time."""
    path = FOLDER / f"index-{_digest(library, shape)}.pickle"
    try:
        # As trusted as the compiled code beside it: who can write there can change the program itself.
        held = pickle.loads(path.read_bytes())  # noqa: S301
    except (OSError, EOFError, ValueError, AttributeError, ImportError, IndexError, pickle.UnpicklingError):
        held = None
    if isinstance(held, Built):
        return held
    made = build(library, shape)
    _keep(made, path)
    return made


def _keep(made: Built, path: Path) -> None:
    """Write whole or not at all, and let older ones go."""
    try:
        path.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            pickle.dump(made, file, protocol=pickle.HIGHEST_PROTOCOL)
        Path(file.name).replace(path)
        held = sorted(FOLDER.glob("index-*.pickle"), key=lambda one: one.stat().st_mtime, reverse=True)
        for older in held[NEWEST:]:
            older.unlink(missing_ok=True)
    except OSError:
        return  # a read-only installation: nothing is lost but the half second


def _digest(library: Library, shape: Shape) -> str:
    """Tell one index from another by all that it is built from: texts, tables of words, our own code, Python."""
    digest = hashlib.sha256(f"{sys.version} {shape}".encode())
    for text in _texts(library):
        digest.update(f"{text}\n".encode())
    for path in sorted([*HERE.glob("*.py"), *WORDS.glob("*")]):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def _texts(library: Library) -> Iterator[str]:
    for id_, card in library.programmes.items():
        yield from (id_, card.name, card.short, *card.phrasings)
        yield from sentences(card)
    for name, group in library.outside.items():
        yield from (name, *group)
