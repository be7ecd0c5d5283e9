"""What is most like a plea though no pattern knows it: a linear model over characters and sounds.

Trained on the sentences of tests/dialogue/pleas and on the phrasings of all programmes (`python -m
tests.dialogue.pleas.train`). People cry for help in more ways than patterns can hold. Where the model is clear it is
heard before everything else; where it is not, only if search does not know the answer either.
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

from content.search.fold import fold
from content.search.sounds import syllables

MODEL = Path(__file__).parent / "pleas.npz"
KINDS = ("danger", "violence", "fire", "injury", "suicide", "money_going", "doubt")
"""The kinds in the order of the model's machines; behind them stands the one for what is harmless."""

HEARD = -0.1
"""A kind is heard if it is hardly behind the harmless machine: silence costs more than a needless number to call."""

CLEAR = 0.35
"""A lead that is believed before anything else is tried: 问一下草场补贴……哎呀房后头山水下来了."""

SHORTEST = 6
"""Characters. Of 把我忘了 or sos the model knows too little to come before all else, or to overrule a pattern."""

UNLIKELY = -1.2
"""So far behind, the words of a pattern mean something else: 家暴条例是咋规定的, 菜价高得活不起."""

LONGEST_UNLIKELY = 40
"""Characters. In a longer story the model can't tell; there a pattern is believed."""

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


def likely(text: str, *, least: float = HEARD) -> str | None:
    """Name the kind of plea that a text is most like; None where none leads what is harmless by `least`."""
    kind, lead = _most_like(text)
    return kind if lead > least else None


def clearly(text: str) -> str | None:
    """Name the kind of plea that a text is so much like that it comes before everything else."""
    return likely(text, least=CLEAR) if len(fold(text)) >= SHORTEST else None


def unlikely(text: str) -> bool:
    """Whether a short text is so much like a harmless one that a pattern met in it by chance."""
    return SHORTEST <= len(fold(text)) <= LONGEST_UNLIKELY and _most_like(text)[1] < UNLIKELY


def _most_like(text: str) -> tuple[str, float]:
    *kinds, harmless = _model().decide(text).tolist()
    lead, kind = max((value - harmless, kind) for value, kind in zip(kinds, KINDS, strict=True))
    return kind, lead
