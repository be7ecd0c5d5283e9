"""When an answer is given, when a choice, when neither. Thresholds, ties and their calibration stand here.

A small logistic model says how sure the best card is, from 0 to 1. A wrong card costs a resident a season, so an answer
must be surer than a choice. Fitted and chosen on the *tune* questions of tests/data, never on *judge*
(`mingbai search fit` prints the numbers; docs/search.md shows what they lead to).
"""

import math
from dataclasses import dataclass
from enum import StrEnum


class Band(StrEnum):
    """What a search may lead to."""

    ANSWER = "answer"  # one card
    CHOICES = "choices"  # up to three cards and 都不是
    NONE = "none"  # plainly no card


@dataclass(frozen=True)
class Signs:
    """What the sureness of the best card is read from; all but the lengths between about -1 and 1."""

    score: float  # of the best card, all parts together
    ahead: float  # by how much it leads the second
    row: float  # overlap with its best row
    known: float  # how much of the question any of its rows knows
    machine: float  # what the linear model says of it
    machine_ahead: float  # by how much that leads the next three
    inside: float  # by how much it leads the best group of outside questions
    pairs: float  # share of the question's pairs of characters that its best row has
    run: float  # share of the question that stands in that row as it is
    talk: float  # how much the talk so far was about the best card
    topic: float  # characters of its topic words
    length: float  # characters of the question

    def values(self) -> tuple[float, ...]:
        """List them in the order of the calibration."""
        machine = (self.machine, self.machine_ahead)
        lengths = (min(self.topic, 20.0), min(self.length, 40.0))
        close = (self.pairs, self.run)
        return (self.score, self.ahead, self.row, self.known, *machine, self.inside, *close, self.talk, *lengths)


@dataclass(frozen=True)
class Calibration:
    """Weights of the signs and the bias."""

    weights: tuple[float, ...] = (2.764, -0.568, 2.8, 1.416, 0.599, 0.829, 3.229, -1.598, -1.714, -0.612, 0.189, -0.072)
    bias: float = -3.385

    def sureness(self, signs: Signs) -> float:
        """Say how sure the best card is, from 0 to 1."""
        total = self.bias + sum(weight * value for weight, value in zip(self.weights, signs.values(), strict=True))
        return 1 / (1 + math.exp(-total))


@dataclass(frozen=True)
class Thresholds:
    """The limits between the bands, on the scale of sureness."""

    answer: float = 0.91
    choices: float = 0.26


MOST_CHOICES = 3
TIE = 1e-4
"""Scores closer than this are a tie; the card that is asked for more often stands first, then the id's order."""


def band(sureness: float, limits: Thresholds) -> Band:
    """Decide the band."""
    if sureness >= limits.answer:
        return Band.ANSWER
    return Band.CHOICES if sureness >= limits.choices else Band.NONE
