"""Fit the calibration: how sure the best card is, from the signs of a search, on the *tune* questions."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from bot.questions import Marked
from content.library import Library
from content.places.place import to_stem
from content.programme import Local, Programme
from content.search.bands import Band, Calibration, Thresholds
from content.search.engine import Found

Example = tuple[tuple[float, ...], bool]
EVERY = (True,) * len(Calibration().weights)
ONLY_SCORE = (True, *(False,) * (len(EVERY) - 1))
"""Which signs are read; the score alone is a plain threshold."""

OUTSIDE_ANSWERED = 0.01
WRONG_ANSWERED = 0.03
"""What the limit of an answer keeps on *tune*: shares of the outside questions and of the others. Strangers' questions
are harder than those that search was built with, so each is well under what is promised (3 and 4 %)."""

LEFT_OUT = 0.003
"""Share of the questions whose best card is right that may be told that there is none; less than it looks, because
phrasings followed *tune*."""

FOLDS = 10


def fit(marked: Iterable[Marked], library: Library, *, read: Sequence[bool] = EVERY) -> Calibration:
    """Fit a logistic model that tells right best cards from wrong ones; deterministic."""
    signs, right = _table(_examples(marked, library))
    model = _logistic().fit(signs * np.array(read), right)
    weights = np.where(read, model.coef_[0], 0.0)
    return Calibration(tuple(map(float, weights)), float(model.intercept_[0]))


def _logistic() -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=5000)


def _table(examples: Iterable[Example]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    signs, right = zip(*examples, strict=True)
    return np.array(signs), np.array(right)


def limits_of(marked: Sequence[Marked], library: Library) -> Thresholds:
    """Choose the limits by the sureness that each question gets from weights fitted on the others."""
    signs, right = _table(_examples(marked, library))
    kinds = [one.question.kind == "answer" for one, found in searched(marked) if found.signs and found.ranked]
    sure = cross_val_predict(_logistic(), signs, right, cv=FOLDS, method="predict_proba")[:, 1]
    inside = np.array(kinds)
    answer = max(
        _limit(sure[~inside & ~right], OUTSIDE_ANSWERED * sum(one.question.kind != "answer" for one in marked)),
        _limit(sure[inside & ~right], WRONG_ANSWERED * inside.sum()),
    )
    return Thresholds(answer, float(np.quantile(sure[inside & right], LEFT_OUT)))


def _limit(sure: NDArray[np.float64], most: float) -> float:
    """Find the least limit that at most so many reach."""
    return float(np.sort(sure)[::-1][int(most)]) + 1e-6 if int(most) < len(sure) else 0.0


def searched(marked: Iterable[Marked]) -> Iterator[tuple[Marked, Found]]:
    """Take the questions whose last turn came to a search."""
    for one in marked:
        if one.found and one.found.signs:
            yield one, one.found


def widths(marked: Iterable[Marked]) -> tuple[int, int]:
    """Count the searches that led to an answer, and those that led to an answer or a choice."""
    bands = [found.band for _, found in searched(marked)]
    return bands.count(Band.ANSWER), len(bands) - bands.count(Band.NONE)


def as_wide(marked: Iterable[Marked], calibration: Calibration, wide: tuple[int, int]) -> Thresholds:
    """Set the limits so that as many searches lead to an answer, and to an answer or a choice, as `wide` says."""
    found = [found for _, found in searched(marked)]
    sure = sorted((calibration.sureness(one.signs) for one in found if one.signs), reverse=True)
    answer, choices = (sure[min(count, len(sure)) - 1] for count in wide)
    return Thresholds(answer, choices)


def _examples(marked: Iterable[Marked], library: Library) -> Iterator[Example]:
    """Say of each search whether its best card was right; a stub is right where no document answers."""
    for one, found in searched(marked):
        if found.signs and found.ranked:
            best = library.programmes[found.ranked[0].programme.id]
            known_to_be_unknown = best.is_stub and one.question.kind != "answer"
            right = bool(sources(best, one.place or "") & one.question.clauses)
            yield found.signs.values(), right or known_to_be_unknown


def sources(programme: Programme, place: str | None) -> frozenset[tuple[str, str]]:
    """Which clauses a card rests on as residents of a place see it; everything that it holds where None is given."""
    local = [one for code, one in programme.local.items() if place is None or place.startswith(to_stem(code))]
    told: list[Programme | Local] = [programme, *local]
    claims = [claim.source for one in told for claim in one.claims]
    earlier = [before.source for one in told for before in one.before]
    return frozenset((source.doc, source.clause) for source in (*claims, *earlier))
