"""A linear model over grams, trained on the phrasings: it learns which grams tell neighbouring cards apart.

One linear support vector machine a card (scikit-learn's LinearSVC, one against the rest) over tf-idf of characters,
pairs, syllables and syllable pairs. Training takes some seconds and is done beforehand; weights under a threshold are
dropped and the rest kept as 8-bit numbers, which costs no accuracy (see docs/search.md).
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from content.search import grams
from content.search.index import Row
from content.search.postings import Floats

PENALTY = 0.3
"""LinearSVC's C; 0.1 to 1 measured alike."""

DROPPED = 0.02
"""Weights smaller than this are dropped: 1 in 9 stays, and nothing changes in what is found."""

STEPS = 127

UNKNOWN = -0.5
"""What is said of a card that the model was not trained on: neither yes nor a firm no."""


@dataclass(frozen=True)
class Linear:
    """The trained model. Weights of gram g: entries starts[g] to starts[g + 1] of `cards` and `weights`."""

    digest: str
    names: tuple[str, ...]  # of the cards, in the order of their numbers
    grams: dict[str, int]
    rarity: Floats
    starts: NDArray[np.int64]
    cards: NDArray[np.int64]
    weights: NDArray[np.int8]
    scale: float
    bias: Floats

    def decide(self, topic: str) -> Floats:
        """Score every card for the topic words of a question; above 0 the machine of a card says yes.

        One place more than there are cards takes what is said of cards that are gone.
        """
        total = np.append(self.bias, np.float32(0))
        spans = [(slice(self.starts[gram], self.starts[gram + 1]), share) for gram, share in self._vector(topic)]
        if spans:
            adds = [self.weights[at] * np.float32(share * self.scale) for at, share in spans]
            np.add.at(total, np.concatenate([self.cards[at] for at, _ in spans]), np.concatenate(adds))
        return total[:-1]

    def _vector(self, topic: str) -> list[tuple[int, float]]:
        counts = Counter(self.grams[gram] for gram in cut(topic) if gram in self.grams)
        raw = [(gram, (1 + math.log(count)) * float(self.rarity[gram])) for gram, count in counts.items()]
        length = math.sqrt(sum(value * value for _, value in raw)) or 1.0
        return [(gram, value / length) for gram, value in raw]

    def save(self, path: Path) -> None:
        """Write the model to a file."""
        vocabulary = np.frombuffer("\n".join(self.grams).encode(), np.uint8)
        values: dict[str, Any] = {"starts": self.starts.astype(np.uint32), "cards": self.cards.astype(np.uint16)}
        values |= {"weights": self.weights, "rarity": self.rarity, "bias": self.bias, "vocabulary": vocabulary}
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            values |= {"digest": np.array(self.digest), "names": np.array(self.names), "scale": np.array(self.scale)}
            np.savez_compressed(file, **values)


def renumbered(model: Linear, names: Sequence[str]) -> Linear:
    """Fit a model to another list of cards by their names: cards that are gone drop out, new ones are unknown to it."""
    numbers = {name: number for number, name in enumerate(names)}
    moved = np.array([numbers.get(name, len(names)) for name in model.names], np.int64)
    bias = np.full(len(names) + 1, UNKNOWN, np.float32)
    bias[moved] = model.bias
    return replace(model, names=tuple(names), cards=moved[model.cards], bias=bias[:-1])


def cut(topic: str) -> list[str]:
    """Cut topic words into the model's grams; `~` marks a sound."""
    return [*grams.characters(topic), *(f"~{sound}" for sound in grams.sounds(topic))]


def digest(rows: Iterable[Row], cards: Sequence[str]) -> str:
    """Identify what a model was trained on: another library, or other folding, needs another model."""
    told = "\n".join((*cards, *(f"{row.card} {row.topic}" for row in rows)))
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def load(path: Path, wanted: str | None) -> Linear | None:
    """Read a model; None where there is none, or it was trained on something else than `wanted` (None: whatever)."""
    if not path.exists():
        return None
    with np.load(path) as held:
        if wanted not in (None, str(held["digest"])):
            return None
        vocabulary = held["vocabulary"].tobytes().decode().split("\n")
        return Linear(
            str(held["digest"]),
            tuple(map(str, held["names"])),
            {gram: number for number, gram in enumerate(vocabulary)},
            held["rarity"],
            held["starts"].astype(np.int64),
            held["cards"].astype(np.int64),
            held["weights"],
            float(held["scale"]),
            held["bias"],
        )
