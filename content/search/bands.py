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

    weights: tuple[float, ...] = (2.31, -0.323, 2.529, 1.433, 0.474, 0.61, 3.391, -1.596, -1.823, -0.155, 0.164, -0.057)
    bias: float = -3.074

    def sureness(self, signs: Signs) -> float:
        """Say how sure the best card is, from 0 to 1."""
        total = self.bias + sum(weight * value for weight, value in zip(self.weights, signs.values(), strict=True))
        return 1 / (1 + math.exp(-total))


@dataclass(frozen=True)
class Thresholds:
    """The limits between the bands, on the scale of sureness.

    Fitting says 0.91 and 0.37. A little more of caution before an answer cost nothing on *tune*; a little less before a
    choice let fewer go without the right card, and answered no outside question more.
    """

    answer: float = 0.92
    choices: float = 0.32


MOST_CHOICES = 3
TIE = 1e-4
"""Scores closer than this are a tie; the card that is asked for more often stands first, then the id's order."""


def band(sureness: float, limits: Thresholds) -> Band:
    """Decide the band."""
    if sureness >= limits.answer:
        return Band.ANSWER
    return Band.CHOICES if sureness >= limits.choices else Band.NONE
