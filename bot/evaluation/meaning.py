"""Our search with an embedding score added to its linear model: is it worth 91 MB and 20 ms a question?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from bot.dialogue.turn import Knowledge
from bot.evaluation.measure import Measured, Sets, calibrate
from bot.evaluation.peers import Peer
from bot.evaluation.stages import learned
from bot.questions import mark, score
from content.search.engine import NOTHING, Found, Machine, Search
from content.search.index import Row
from content.search.postings import Floats

SHARES = (0.02, 0.05, 0.1, 0.2)
"""Weights of the embedding that are tried on *tune*."""


class _Added:
    """The linear model plus the embedding: each card's best row, in standard deviations over the cards."""

    def __init__(self, held: Machine, peer: Peer, rows: Sequence[Row]) -> None:
        self._held, self._peer = held, peer
        self._starts = np.flatnonzero(np.diff([row.card for row in rows], prepend=-1))
        self.question, self.share = "", 0.0

    def decide(self, topic: str) -> Floats:
        """Add the two; the embedding reads the question as it was asked."""
        best = np.maximum.reduceat(self._peer.scores(self.question), self._starts)
        deviations = (best - best.mean()) / max(float(best.std()), 1e-6)
        said: Floats = self._held.decide(topic) + np.float32(self.share) * deviations
        return said


class _Meaning(Search):
    """Search that lets the embedding see the question itself."""

    added: _Added

    def find(self, question: str, *, place: str | None = None, near: Mapping[str, float] = NOTHING) -> Found:
        self.added.question = question
        return super().find(question, place=place, near=near)


def with_meaning(name: str, peer: Peer, sets: Sets) -> Measured:
    """Measure on *judge* with the share that did best on *tune*; `peer` has every row of the library."""
    search = _search(sets.know, peer)
    know = replace(sets.know, search=search)
    tried = {share: _first(know, search, share, sets) for share in SHARES}
    best = max(tried, key=lambda share: tried[share])
    _first(know, search, best, sets)
    marked = list(mark(know, sets.judge))
    return Measured.of(f"{name} (share {best})", score(marked)["all"], marked)


def _search(know: Knowledge, peer: Peer) -> _Meaning:
    made: list[_Added] = []

    def added(rows: Sequence[Row], cards: Sequence[str]) -> _Added:
        made.append(_Added(learned(rows, cards), peer, rows))
        return made[0]

    search = _Meaning(know.library, machine=added)
    search.added = made[0]
    return search


def _first(know: Knowledge, search: _Meaning, share: float, sets: Sets) -> int:
    """Count right first cards on *tune* with a share, calibrated for it."""
    search.added.share = share
    calibrate(know, sets)
    return score(list(mark(know, sets.tune)))["all"].first
