"""An inverted index of everything that a card could be asked by, one row per phrasing.

A row's score is the weighted overlap with the question (Tversky: what the question has and the row lacks counts more
than the reverse, because people add stories to questions, and phrasings are short). A card's score is its best row
and, for questions that mix several of its phrasings, how much of the question any of its rows knows.
"""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from content.search.grams import Cut, Grams, shared
from content.search.postings import Entries, Floats, Numbers

NEAR = 3


@dataclass(frozen=True, slots=True)
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


class Index:
    """Rows and cards by the grams of one kind (characters or sounds)."""

    def __init__(self, rows: Sequence[Row], cards: int, cut: Cut, *, missing: float, extra: float) -> None:
        """Weigh each gram by how few cards have it; `missing` and `extra` are Tversky's weights. Rows go by card."""
        self._cut, self._cards, self._size = cut, cards, len(rows)
        self._numbers, entries = _read(rows, cut)
        by_card = entries.by(np.array([row.card for row in rows], np.int64))
        frequency = np.bincount(by_card.grams, minlength=len(self._numbers))
        self._weights = (np.log((cards + 1) / (frequency + 0.5)) + 0.1).astype(np.float32)
        self._rows, self._by_card = entries.postings(self._weights), by_card.postings(self._weights)
        self._unknown = float(np.log(2 * (cards + 1))) + 0.1
        masses = np.bincount(entries.where, self._rows.adds, len(rows)).astype(np.float32)
        self._missing, self._own, self._extra = missing, np.float32(1 - missing - extra), extra * masses

    def overlaps(self, copy: str, topic: str) -> Overlaps:
        """Compare a question with every row and card: Tversky's shared / (shared + missing … + extra …)."""
        found = shared(self._cut, copy, topic)
        asked = [
            (number, share * float(self._weights[number]))
            for gram, share in found.items()
            if (number := self._numbers.get(gram)) is not None
        ]
        mass = sum(most for _, most in asked) + self._strange(found)
        rows, cards = np.zeros(self._size, np.float32), np.zeros(self._cards, np.float32)
        if not mass:
            return Overlaps(rows, cards)
        whole = self._own * self._rows.gather(asked, rows)
        whole += self._extra
        whole += np.float32(self._missing * mass)
        rows /= np.maximum(whole, 1e-6, out=whole)
        return Overlaps(rows, self._by_card.gather(asked, cards) / np.float32(mass))

    def _strange(self, found: Grams) -> float:
        """Weigh what no card knows: it counts against every card."""
        return self._unknown * sum(share for gram, share in found.items() if gram not in self._numbers)


def _read(rows: Sequence[Row], cut: Cut) -> tuple[dict[str, int], Entries]:
    """Number every gram of the rows, and list where it stands."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    grams, shares, lengths = array("q"), array("f"), array("q")
    for row in rows:
        found = shared(cut, row.copy, row.topic)
        grams.extend(map(numbers.__getitem__, found))
        shares.extend(found.values())
        lengths.append(len(found))
    where = np.repeat(np.arange(len(rows)), np.frombuffer(lengths, np.int64))
    entries = Entries.sorted(np.frombuffer(grams, np.int64), where, np.frombuffer(shares, np.float32))
    return dict(numbers), entries


def best_of(scores: Floats, starts: Numbers) -> Floats:
    """Take each card's best row; `starts` is where each card's rows begin."""
    best: Floats = np.maximum.reduceat(scores, starts)
    return best


def near_best(scores: Floats, starts: Numbers, lengths: Numbers) -> Floats:
    """Take the mean of the three best rows of some cards; rows alike to the last digit count once."""
    own = np.cumsum(lengths) - lengths
    left = scores[np.repeat(starts - own, lengths) + np.arange(lengths.sum())]
    total = np.zeros(len(starts), np.float32)
    for _ in range(NEAR):
        best = best_of(left, own)
        total += np.maximum(best, 0)
        left[left == np.repeat(best, lengths)] = -1
    total /= NEAR
    return total
