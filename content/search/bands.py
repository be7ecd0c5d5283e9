"""When an answer is given, when a choice, when neither. All thresholds and ties stand here.

The scale is the engine's score, 0 to 1. A wrong card costs a resident a season, so the answer band is narrow: the best
card must be good in itself and clearly ahead. Chosen on the *tune* questions of tests/data, never on *judge*.
"""

from dataclasses import dataclass
from enum import StrEnum


class Band(StrEnum):
    """What a search may lead to."""

    ANSWER = "answer"  # one card
    CHOICES = "choices"  # up to three cards and 都不是
    NONE = "none"  # plainly no card


@dataclass(frozen=True)
class Thresholds:
    """The limits between the bands."""

    answer: float = 0.40  # an answer is at least this good
    sure: float = 0.62  # so good that a close second does not matter
    ahead: float = 0.05  # else the second card must be this far behind
    choices: float = 0.28  # below this, nothing is offered
    near: float = 0.12  # a choice is at most this far behind the best


MOST_CHOICES = 3
TIE = 1e-4
"""Scores closer than this are a tie; the card that is asked for more often stands first, then the id's order."""


def band(best: float, second: float, limits: Thresholds) -> Band:
    """Decide the band from the two best scores."""
    if best >= limits.answer and (best >= limits.sure or best - second >= limits.ahead):
        return Band.ANSWER
    return Band.CHOICES if best >= limits.choices else Band.NONE
