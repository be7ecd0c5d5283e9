"""Put the question sets to the peers, with every benefit of the doubt.

A peer is given the same texts as our search, is not charged for a stub or an outside group that it ranks first among
its three best, and all that a card tells anywhere counts as its sources. It knows no conversation: turns are joined.
Whether it would answer is read from a threshold on its best score that keeps 19 of 20 of its right answers on *tune*.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.evaluation.fitting import sources
from bot.evaluation.measure import Measured, Sets
from bot.evaluation.peers import Build, Peer
from bot.evaluation.share import Share
from bot.questions import Question
from content.library import Library
from content.search.postings import Floats, Numbers
from content.search.rows import all_rows
from content.source_text import Clauses

KEPT = 0.95
MOST = 3
Key = tuple[str, str]


@dataclass(frozen=True)
class Shelf:
    """Texts, where each owner's texts start, and the clauses that each owner rests on; None: it answers nothing."""

    texts: Sequence[str]
    starts: Numbers
    rests_on: Sequence[frozenset[Key] | None]


@dataclass(frozen=True)
class _Ranked:
    """What a peer made of a question: its best score, whether that owner may answer, and which of three are right."""

    question: Question
    score: float
    may_answer: bool
    best_right: bool
    right: tuple[bool, ...]


def clause_shelf(texts: dict[str, Clauses]) -> Shelf:
    """Put up the clauses of the documents."""
    held = [((doc, key), text) for doc, clauses in texts.items() for key, text in clauses.items()]
    return Shelf([text for _, text in held], np.arange(len(held)), [frozenset([key]) for key, _ in held])


def phrasing_shelf(library: Library) -> Shelf:
    """Put up names, short names, phrasings and the outside questions: what our search has, claims aside."""
    rows, names = all_rows(library)
    kept = [row for row in rows if row.weight == 1]
    starts = np.flatnonzero(np.diff([row.card for row in kept], prepend=-1))
    cards = [library.programmes.get(name) for name in names]
    rests_on = [None if card is None or card.is_stub else sources(card, None) for card in cards]
    return Shelf([row.text for row in kept], starts, rests_on)


def beside(name: str, build: Build, shelf: Shelf, sets: Sets) -> Measured:
    """Measure a peer on *judge*, its threshold chosen on *tune*."""
    peer = build(shelf.texts)
    limit = _limit([_rank(peer, shelf, question) for question in sets.tune])
    ranked = [_rank(peer, shelf, question) for question in sets.judge]
    asked = [one for one in ranked if one.question.kind == "answer"]
    outside = [one for one in ranked if one.question.kind != "answer"]
    answered = [one for one in ranked if one.may_answer and one.score >= limit]
    right = [bool(one.right and one.right[0]) for one in asked]
    wrong = sum(one.question.kind == "answer" and not one.best_right for one in answered)
    return Measured(
        name,
        Share(sum(right), len(asked)),
        Share(sum(any(one.right) for one in asked), len(asked)),
        Share(wrong, len(asked)),
        Share(sum(one.question.kind != "answer" for one in answered), len(outside)),
        right,
    )


def _limit(tune: Sequence[_Ranked]) -> float:
    scores = [one.score for one in tune if one.may_answer and one.best_right]
    return float(np.quantile(scores, 1 - KEPT)) if scores else 0.0


def _rank(peer: Peer, shelf: Shelf, question: Question) -> _Ranked:
    best: Floats = np.maximum.reduceat(peer.scores(" ".join(question.turns)), shelf.starts)
    order = [number for number in np.argsort(-best, kind="stable").tolist() if best[number] > 0]
    told = [held for number in order if (held := shelf.rests_on[number]) is not None][:MOST]
    right = tuple(bool(held & question.clauses) for held in told)
    first = shelf.rests_on[order[0]] if order else None
    score = float(best[order[0]]) if order else 0.0
    return _Ranked(question, score, first is not None, bool((first or frozenset()) & question.clauses), right)
