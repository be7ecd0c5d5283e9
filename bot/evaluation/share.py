"""A share with its 95 % interval (Wilson 1927), and the comparison of two ways on the same questions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z = 1.959964


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    count: int
    whole: int

    @property
    def value(self) -> float:
        """The share itself; of nothing it is 0."""
        return self.count / self.whole if self.whole else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval; of nothing it is everything."""
        if not self.whole:
            return 0.0, 1.0
        spread = Z * Z / self.whole
        middle = (self.value + spread / 2) / (1 + spread)
        half = Z * math.sqrt(self.value * (1 - self.value) / self.whole + spread / (4 * self.whole)) / (1 + spread)
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        if not self.whole:
            return "–"
        low, high = self.interval
        return f"{100 * self.value:.1f} % ({100 * low:.0f}–{100 * high:.0f})"


def won_and_lost(ours: Sequence[bool], theirs: Sequence[bool]) -> tuple[int, int]:
    """Count the questions that only theirs gets right, and those that only ours does: the same questions, in order."""
    pairs = list(zip(ours, theirs, strict=True))
    return sum(b and not a for a, b in pairs), sum(a and not b for a, b in pairs)
