"""A second opinion on what no pattern knows as a plea: a linear model over characters and sounds.

Trained on the sentences of tests/dialogue/pleas and on the phrasings of all programmes (`python -m
tests.dialogue.pleas.train`). People cry for help in more ways than patterns can hold; but the model alone would take
some questions for pleas, so it is heard only where search does not know the answer either.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.dialogue.pleas import met
from content.search.fold import fold
from content.search.sounds import syllables

MODEL = Path(__file__).parent / "pleas.npz"
KINDS = ("danger", "violence", "fire", "injury", "suicide", "money_going", "doubt")
"""The kinds in the order of the model's machines; behind them stands the one for what is harmless."""

DOUBTED = 0.2
"""What is harmless is no plea from here on; a doubt is heard as a plea, because silence costs more."""

BEHIND = 0.4
"""The best kind may stay this far behind the harmless machine."""

STEPS = 127
"""Weights are kept as 8-bit numbers, `scale` to a step."""


@dataclass(frozen=True)
class Model:
    """One linear machine a kind, one for what is harmless: a row of weights for each gram, and how rare that is."""

    grams: Mapping[str, int]
    rarity: NDArray[np.float32]
    weights: NDArray[np.int8]
    scale: float
    bias: NDArray[np.float32]

    def decide(self, text: str) -> NDArray[np.float32]:
        """What each machine says; above 0 is yes."""
        found = Counter(self.grams[gram] for gram in cut(text) if gram in self.grams)
        numbers = np.fromiter(found, np.int64)
        shares = np.fromiter((1 + math.log(count) for count in found.values()), np.float32) * self.rarity[numbers]
        length = float(np.linalg.norm(shares)) or 1.0
        total = shares / length * np.float32(self.scale) @ self.weights[numbers] + self.bias
        said: NDArray[np.float32] = total.astype(np.float32)
        return said


def cut(text: str) -> Iterator[str]:
    """Cut a text into the model's grams: characters and their pairs, sounds (marked ~) and theirs."""
    folded = fold(text).replace("著", "着").replace(" ", "")
    yield from folded
    yield from map("".join, pairwise(folded))
    read = [f"~{one}" for one in syllables(fold(text))]
    yield from read
    yield from map("".join, pairwise(read))


@cache
def _model() -> Model:
    with np.load(MODEL) as held:
        grams = held["grams"].tobytes().decode().split("\n")
        numbers = {gram: number for number, gram in enumerate(grams)}
        return Model(numbers, held["rarity"], held["weights"], float(held["scale"]), held["bias"])


def likely(text: str) -> str | None:
    """Name the kind of plea that a text is most like; None where it is more like a question.

    Where patterns have met the text and let it pass (打我电话), the model must say yes, not only fail to say no.
    """
    said = _model().decide(text)
    kinds, harmless = said[:-1], float(said[-1])
    best = int(np.argmax(kinds))
    if harmless >= DOUBTED or kinds[best] <= harmless - BEHIND:
        return None
    return KINDS[best] if kinds[best] > max(0.0, harmless) or not met(text) else None
