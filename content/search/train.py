"""Train the linear model. Loaded only for that: scikit-learn takes longer to load than a question to answer."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from content.search.index import Row
from content.search.linear import DROPPED, PENALTY, STEPS, Linear, cut
from content.search.postings import Floats, Numbers


def train(rows: Sequence[Row], names: Sequence[str], digest: str) -> Linear:
    """Train on rows; every card needs one. Deterministic: the same rows give the same model."""
    held = [Counter(cut(row.topic)) for row in rows]
    vocabulary = {gram: number for number, gram in enumerate(sorted({gram for one in held for gram in one}))}
    frequency = Counter(gram for one in held for gram in one)
    rarity = np.array([np.log((1 + len(rows)) / (1 + frequency[gram])) + 1 for gram in vocabulary], np.float32)
    matrix = _normalised(held, vocabulary, rarity)
    machine = LinearSVC(C=PENALTY, random_state=0).fit(matrix, [row.card for row in rows])
    bias = np.full(len(names), -1.0, np.float32)
    bias[machine.classes_] = machine.intercept_
    starts, cards, weights, scale = _small(machine.coef_.T.astype(np.float32), machine.classes_)
    return Linear(digest, tuple(names), vocabulary, rarity, starts, cards, weights, scale, bias)


def _small(weights: Floats, classes: Numbers) -> tuple[Numbers, Numbers, NDArray[np.int8], float]:
    """Drop small weights and keep the others in 8 bits: where each gram's begin, of which card, how much, the scale."""
    scale = float(np.abs(weights).max()) / STEPS
    kept = np.abs(weights) >= DROPPED
    where = np.nonzero(kept)
    starts = np.concatenate(([0], np.cumsum(kept.sum(axis=1)))).astype(np.int64)
    return starts, classes[where[1]].astype(np.int64), np.round(weights[where] / scale).astype(np.int8), scale


def _normalised(held: list[Counter[str]], vocabulary: dict[str, int], rarity: Floats) -> csr_matrix:
    """Make the tf-idf matrix: sublinear counts, rows of length 1."""
    data, where, starts = [], [], [0]
    for one in held:
        numbers = [vocabulary[gram] for gram in one]
        values = np.array([1 + np.log(count) for count in one.values()]) * rarity[numbers]
        data.append(values / (np.linalg.norm(values) or 1.0))
        where.extend(numbers)
        starts.append(len(where))
    return csr_matrix((np.concatenate(data), where, starts), shape=(len(held), len(vocabulary)))
