"""An inverted index of everything that a card could be asked by, one row per phrasing.

A row's score is the weighted overlap with the question (Tversky: what the question has and the row lacks counts more
than the reverse, because people add stories to questions, and phrasings are short). A card's score is its best row
and, for questions that mix several of its phrasings, how much of the question any of its rows knows.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Grams = Callable[[str], list[str]]


@dataclass(frozen=True)
class Row:
    """One text by which a card is found. `text` is as written; `copy` is what is compared."""

    card: int
    text: str
    copy: str
    weight: float


@dataclass(frozen=True)
class Overlaps:
    """How a question meets each row and each card, from 0 to 1."""

    rows: Floats
    cards: Floats


class Index:
    """Rows and cards by the grams of one kind (characters or sounds)."""

    def __init__(self, rows: Sequence[Row], cards: int, grams: Grams, *, missing: float, extra: float) -> None:
        """Weigh each gram by how few cards have it; `missing` and `extra` are Tversky's weights."""
        self._grams, self._missing, self._extra, self._cards = grams, missing, extra, cards
        held = [frozenset(grams(row.copy)) for row in rows]
        by_card: list[set[str]] = [set() for _ in range(cards)]
        for row, found in zip(rows, held, strict=True):
            by_card[row.card] |= found
        frequency = Counter(gram for found in by_card for gram in found)
        self._weight = {gram: float(np.log((cards + 1) / (count + 0.5))) + 0.1 for gram, count in frequency.items()}
        self._unknown = float(np.log(2 * (cards + 1))) + 0.1
        self._rows = _postings(held)
        self._by_card = _postings(by_card)
        self._mass = np.array([sum(self._weight[gram] for gram in found) for found in held], np.float32)

    def overlaps(self, copy: str) -> Overlaps:
        """Compare a search copy with every row and card."""
        asked = set(self._grams(copy))
        mass = sum(self._weight.get(gram, self._unknown) for gram in asked)
        if not mass:
            return Overlaps(np.zeros(len(self._mass), np.float32), np.zeros(self._cards, np.float32))
        rows = self._gather(asked, self._rows, len(self._mass))
        cards = self._gather(asked, self._by_card, self._cards)
        whole = rows + self._missing * (mass - rows) + self._extra * (self._mass - rows)
        return Overlaps(rows / np.maximum(whole, 1e-6), cards / np.float32(mass))

    def _gather(self, asked: Iterable[str], postings: dict[str, NDArray[np.int32]], size: int) -> Floats:
        total = np.zeros(size, np.float32)
        for gram in asked:
            where = postings.get(gram)
            if where is not None:
                total[where] += self._weight[gram]
        return total


def _postings(held: Sequence[Iterable[str]]) -> dict[str, NDArray[np.int32]]:
    found: dict[str, list[int]] = {}
    for number, grams in enumerate(held):
        for gram in grams:
            found.setdefault(gram, []).append(number)
    return {gram: np.array(numbers, np.int32) for gram, numbers in found.items()}


def best_of(scores: Floats, starts: NDArray[Any]) -> Floats:
    """Take each card's best row; `starts` is where each card's rows begin."""
    best: Floats = np.maximum.reduceat(scores, starts)
    return best
