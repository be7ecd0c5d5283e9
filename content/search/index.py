"""An inverted index of everything that a card could be asked by, one row per phrasing.

A row's score is the weighted overlap with the question (Tversky: what the question has and the row lacks counts more
than the reverse, because people add stories to questions, and phrasings are short). A card's score is its best row
and, for questions that mix several of its phrasings, how much of the question any of its rows knows.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from content.search.grams import Grams

Floats = NDArray[np.float32]
Cut = Callable[[str], Grams]


@dataclass(frozen=True)
class _Posting:
    """Where a gram stands, and with what share."""

    where: NDArray[np.int32]
    shares: Floats


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

    def __init__(self, rows: Sequence[Row], cards: int, grams: Cut, *, missing: float, extra: float) -> None:
        """Weigh each gram by how few cards have it; `missing` and `extra` are Tversky's weights."""
        self._grams, self._missing, self._extra, self._cards = grams, missing, extra, cards
        held = [grams(row.copy) for row in rows]
        by_card: list[dict[str, float]] = [{} for _ in range(cards)]
        for row, found in zip(rows, held, strict=True):
            for gram, share in found.items():
                by_card[row.card][gram] = max(share, by_card[row.card].get(gram, 0.0))
        frequency = Counter(gram for found in by_card for gram in found)
        self._weight = {gram: float(np.log((cards + 1) / (count + 0.5))) + 0.1 for gram, count in frequency.items()}
        self._unknown = float(np.log(2 * (cards + 1))) + 0.1
        self._rows = _postings(held)
        self._by_card = _postings(by_card)
        self._mass = np.array([self._mass_of(found) for found in held], np.float32)

    def overlaps(self, copy: str) -> Overlaps:
        """Compare a search copy with every row and card."""
        asked = self._grams(copy)
        mass = self._mass_of(asked)
        if not mass:
            return Overlaps(np.zeros(len(self._mass), np.float32), np.zeros(self._cards, np.float32))
        rows = self._gather(asked, self._rows, len(self._mass))
        cards = self._gather(asked, self._by_card, self._cards)
        whole = rows + self._missing * (mass - rows) + self._extra * (self._mass - rows)
        return Overlaps(rows / np.maximum(whole, 1e-6), cards / np.float32(mass))

    def _mass_of(self, grams: Grams) -> float:
        return sum(self._weight.get(gram, self._unknown) * share for gram, share in grams.items())

    def _gather(self, asked: Grams, postings: Mapping[str, _Posting], size: int) -> Floats:
        total = np.zeros(size, np.float32)
        for gram, share in asked.items():
            posting = postings.get(gram)
            if posting is not None:
                total[posting.where] += self._weight[gram] * np.minimum(posting.shares, np.float32(share))
        return total


def _postings(held: Sequence[Grams]) -> dict[str, _Posting]:
    found: dict[str, tuple[list[int], list[float]]] = {}
    for number, grams in enumerate(held):
        for gram, share in grams.items():
            where, shares = found.setdefault(gram, ([], []))
            where.append(number)
            shares.append(share)
    return {
        gram: _Posting(np.array(where, np.int32), np.array(shares, np.float32))
        for gram, (where, shares) in found.items()
    }


def best_of(scores: Floats, starts: NDArray[Any]) -> Floats:
    """Take each card's best row; `starts` is where each card's rows begin."""
    best: Floats = np.maximum.reduceat(scores, starts)
    return best
