"""Bounds of hidden numbers by linear programming (HiGHS): what an attacker who can solve equations works out."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import Any, Generic, TypeVar

import numpy as np

_Name = TypeVar("_Name", bound=Hashable)
_SLACK = 1e-6
UNKNOWN = inf
"""The most that a number may be of which nothing is known."""


class Inconsistent(ValueError):
    """No numbers at all fit what is known."""


@dataclass(frozen=True)
class Bounds:
    """What an attacker knows of a hidden number in the end."""

    low: float
    high: float


@dataclass
class Model(Generic[_Name]):
    """Unknown numbers with what is known of each, and of their sums."""

    names: dict[_Name, int] = field(default_factory=dict)
    ranges: list[tuple[float, float]] = field(default_factory=list)
    hidden: dict[_Name, tuple[float, float]] = field(default_factory=dict)
    likes: dict[Hashable, list[_Name]] = field(default_factory=dict)
    _rows: list[dict[int, float]] = field(default_factory=list)
    _limits: list[float] = field(default_factory=list)

    def number(
        self,
        name: _Name,
        low: float,
        high: float,
        *,
        hidden: tuple[float, float] | None = None,
        like: Hashable = None,
    ) -> None:
        """Add a number that lies in [low, high].

        `hidden`: nobody may find out that it is above the first or below the second of these, both finite.
        `like`: hidden numbers that could change places without changing anything share it; one stands for all.
        """
        self.names[name] = len(self.ranges)
        self.ranges.append((low, high))
        if hidden is not None:
            self.hidden[name] = hidden
            self.likes.setdefault(like or name, []).append(name)

    def at_most(self, sum_: Mapping[_Name, float], limit: float) -> None:
        """Add that a weighted sum is at most `limit`. Numbers that the model does not have are 0."""
        self._rows.append({self.names[name]: weight for name, weight in sum_.items() if name in self.names})
        self._limits.append(limit)

    def solved(self, costs: Mapping[_Name, float]) -> Any:
        """Return numbers that fit everything with the least cost; the array is in the order of `ranges`.

        Inconsistent if there are none.
        """
        from scipy.optimize import linprog  # noqa: PLC0415 - a second of loading that a clock's start must not wait for

        target = np.zeros(len(self.ranges))
        for name, cost in costs.items():
            target[self.names[name]] = cost
        matrix, limits = (self._matrix, self._limits) if self._rows else (None, None)
        found = linprog(target, A_ub=matrix, b_ub=limits, bounds=self.ranges, method="highs")
        if found.status != 0:
            raise Inconsistent(found.message)
        return found.x

    @cached_property
    def _matrix(self) -> Any:
        """Made when it is first solved; nothing may be added afterwards."""
        from scipy.sparse import csr_array  # noqa: PLC0415 - as above

        places = [(row, column, weight) for row, sum_ in enumerate(self._rows) for column, weight in sum_.items()]
        rows, columns, weights = zip(*places, strict=True)
        return csr_array((weights, (rows, columns)), shape=(len(self._rows), len(self.ranges)))


def exposed(model: Model[_Name]) -> dict[_Name, Bounds]:
    """Return the hidden numbers that can be bounded more tightly than they may be. Inconsistent.

    One solution in which many hidden numbers are as low (or high) as they may seem clears all of these at once; what
    is left is looked at one by one.
    """
    low, high = dict(_pushed(model, 1.0)), dict(_pushed(model, -1.0))
    found: dict[_Name, Bounds] = {}
    for alike in model.likes.values():
        first, (least, most) = alike[0], model.hidden[alike[0]]
        if first in low or first in high:
            found |= dict.fromkeys(alike, Bounds(low.get(first, least), high.get(first, most)))
    return found


def _pushed(model: Model[_Name], direction: float) -> Iterator[tuple[_Name, float]]:
    """Yield hidden numbers that can't get to where they may seem to be, with where they stop."""
    left = [alike[0] for alike in model.likes.values()]
    while left:
        numbers = model.solved(dict.fromkeys(left, direction))
        still = [name for name in left if not _there(model, name, numbers, direction)]
        if len(still) == len(left):
            break
        left = still
    for name in left:
        numbers = model.solved({name: direction})
        if not _there(model, name, numbers, direction):
            yield name, float(numbers[model.names[name]])


def _there(model: Model[_Name], name: _Name, numbers: Any, direction: float) -> bool:
    value, (low, high) = numbers[model.names[name]], model.hidden[name]
    return bool(value <= low + _SLACK if direction > 0 else value >= high - _SLACK)
