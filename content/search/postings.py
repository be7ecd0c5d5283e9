"""Which gram stands where: flat sorted arrays, so that a question is added up in one pass."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Postings:
    """Where each gram stands and what it adds there: gram g has the entries from starts[g] to starts[g + 1]."""

    starts: Numbers
    where: Numbers
    adds: Floats

    def gather(self, asked: Sequence[tuple[int, float]], total: Floats) -> Floats:
        """Add each (gram, at most so much) to `total` wherever the gram stands."""
        spans = [slice(self.starts[gram], self.starts[gram + 1]) for gram, _ in asked]
        if spans:
            adds = [np.minimum(self.adds[at], np.float32(most)) for at, (_, most) in zip(spans, asked, strict=True)]
            np.add.at(total, np.concatenate([self.where[at] for at in spans]), np.concatenate(adds))
        return total


@dataclass(frozen=True)
class Entries:
    """Every (gram, place, share), sorted by gram and then by place."""

    grams: Numbers
    where: Numbers
    shares: Floats

    @classmethod
    def sorted(cls, grams: Numbers, where: Numbers, shares: Floats) -> "Entries":
        """Sort entries by gram; they come sorted by place."""
        order = np.argsort(grams, kind="stable")
        return cls(grams[order], where[order], shares[order])

    def by(self, owners: Numbers) -> "Entries":
        """Keep one entry of a gram for each owner of a place: its largest share. Owners must be ascending."""
        owned = owners[self.where]
        first = np.flatnonzero((np.diff(self.grams, prepend=-1) != 0) | (np.diff(owned, prepend=-1) != 0))
        return Entries(self.grams[first], owned[first], np.maximum.reduceat(self.shares, first))

    def postings(self, weights: Floats) -> Postings:
        """Weigh the entries; there are as many grams as weights."""
        starts = np.searchsorted(self.grams, np.arange(len(weights) + 1))
        return Postings(starts, self.where, weights[self.grams] * self.shares)
