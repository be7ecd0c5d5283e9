"""An inverted index of everything that a card could be asked by, one row per phrasing.

A row's score is the weighted overlap with the question (Tversky: what the question has and the row lacks counts more
than the reverse, because people add stories to questions, and phrasings are short). A card's score is its best row
and, for questions that mix several of its phrasings, how much of the question any of its rows knows.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from content.search.grams import Cut, Grams, shared

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
NEAR = 3


@dataclass(frozen=True)
class Row:
    """One text by which a card is found. `text` is as written; `copy` is what is compared, `topic` its topic words."""

    card: int
    text: str
    copy: str
    topic: str
    weight: float


@dataclass(frozen=True)
class Overlaps:
    """How a question meets each row and each card, from 0 to 1."""

    rows: Floats
    cards: Floats


@dataclass(frozen=True)
class _Postings:
    """Where each gram stands and with what share: gram g has the entries from starts[g] to starts[g + 1]."""

    starts: Numbers
    where: Numbers
    shares: Floats

    def gather(self, asked: Sequence[tuple[int, float, float]], size: int) -> Floats:
        """Add up (gram, share, weight) over the places where each gram stands."""
        total = np.zeros(size, np.float32)
        for gram, share, weight in asked:
            at = slice(self.starts[gram], self.starts[gram + 1])
            total[self.where[at]] += weight * np.minimum(self.shares[at], np.float32(share))
        return total


class Index:
    """Rows and cards by the grams of one kind (characters or sounds)."""

    def __init__(self, rows: Sequence[Row], cards: int, cut: Cut, *, missing: float, extra: float) -> None:
        """Weigh each gram by how few cards have it; `missing` and `extra` are Tversky's weights."""
        self._cut, self._missing, self._extra, self._cards, self._size = cut, missing, extra, cards, len(rows)
        self._numbers: dict[str, int] = {}
        grams, where, shares = self._flat(rows)
        self._rows = _postings(grams, where, shares, len(self._numbers))
        owners = np.array([row.card for row in rows], np.int64)
        self._by_card = _strongest(grams, owners[where], shares, len(self._numbers), cards)
        frequency = np.diff(self._by_card.starts)
        self._weights = (np.log((cards + 1) / (frequency + 0.5)) + 0.1).astype(np.float32)
        self._unknown = float(np.log(2 * (cards + 1))) + 0.1
        self._mass = np.bincount(where, self._weights[grams] * shares, len(rows)).astype(np.float32)

    def overlaps(self, copy: str, topic: str) -> Overlaps:
        """Compare a question with every row and card."""
        found = shared(self._cut, copy, topic)
        asked = [
            (number, share, float(self._weights[number]))
            for gram, share in found.items()
            if (number := self._numbers.get(gram)) is not None
        ]
        mass = sum(share * weight for _, share, weight in asked) + self._strange(found)
        if not mass:
            return Overlaps(np.zeros(self._size, np.float32), np.zeros(self._cards, np.float32))
        rows = self._rows.gather(asked, self._size)
        whole = rows + self._missing * (mass - rows) + self._extra * (self._mass - rows)
        cards = self._by_card.gather(asked, self._cards)
        return Overlaps(rows / np.maximum(whole, 1e-6), cards / np.float32(mass))

    def _strange(self, found: Grams) -> float:
        """Weigh what no card knows: it counts against every card."""
        return self._unknown * sum(share for gram, share in found.items() if gram not in self._numbers)

    def _flat(self, rows: Sequence[Row]) -> tuple[Numbers, Numbers, Floats]:
        """List every (gram, row, share)."""
        grams, where, shares = array("q"), array("q"), array("f")
        numbers = self._numbers
        for at, row in enumerate(rows):
            for gram, share in shared(self._cut, row.copy, row.topic).items():
                grams.append(numbers.setdefault(gram, len(numbers)))
                where.append(at)
                shares.append(share)
        return np.frombuffer(grams, np.int64), np.frombuffer(where, np.int64), np.frombuffer(shares, np.float32)


def _postings(grams: Numbers, where: Numbers, shares: Floats, count: int) -> _Postings:
    order = np.argsort(grams, kind="stable")
    return _Postings(np.searchsorted(grams[order], np.arange(count + 1)), where[order], shares[order])


def _strongest(grams: Numbers, cards: Numbers, shares: Floats, count: int, most: int) -> _Postings:
    """Keep one entry of a gram for each card: its largest share."""
    key = grams * most + cards
    order = np.lexsort((-shares, key))
    first = order[np.concatenate(([True], np.diff(key[order]) > 0))]
    return _postings(grams[first], cards[first], shares[first], count)


def near_best(scores: Floats, starts: Numbers) -> Floats:
    """Take the mean of each card's three best rows; rows alike to the last digit count once."""
    lengths = np.diff(np.append(starts, len(scores)))
    left, total = scores.copy(), np.zeros(len(starts), np.float32)
    for _ in range(NEAR):
        best = np.maximum.reduceat(left, starts)
        total += np.maximum(best, 0)
        left[left == np.repeat(best, lengths)] = -1
    mean: Floats = (total / NEAR).astype(np.float32)
    return mean


def best_of(scores: Floats, starts: Numbers) -> Floats:
    """Take each card's best row; `starts` is where each card's rows begin."""
    best: Floats = np.maximum.reduceat(scores, starts)
    return best
