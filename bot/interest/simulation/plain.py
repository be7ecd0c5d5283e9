"""What is usually done instead: cells below ten are left out, the others and all totals are exact (k-suppression)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bot.interest.simulation.villages import Integers
from storage.interest.rule import SMALLEST
from storage.interest.solve import Bounds, Model, exposed

Place = tuple[int, int]
"""Town and topic."""


@dataclass(frozen=True)
class Broken:
    """What an attacker gets out of a month of plain k-suppression."""

    hidden: int
    narrowed: int  # bounded more tightly than 0–9
    recovered: int  # known exactly


def shown(table: Integers) -> Integers:
    """The figures that plain k-suppression publishes; 0 where there is none."""
    return np.where(table >= SMALLEST, table, 0)


def attack(table: Integers, banner_of: list[str]) -> Broken:
    """Attack the towns of each banner by the totals that are published with them: of towns, and of topics."""
    hidden, found = 0, list[Bounds]()
    for banner in sorted(set(banner_of)):
        rows = [row for row, name in enumerate(banner_of) if name == banner]
        model = _system(table[rows])
        hidden += len(model.hidden)
        found += exposed(model).values()
    recovered = sum(round(bounds.low) == round(bounds.high) for bounds in found)
    return Broken(hidden, len(found), recovered)


def _system(table: Integers) -> Model[Place]:
    """All cells of a banner with what is known of each, of its towns' totals and of its topics' totals."""
    model: Model[Place] = Model()
    for (town, topic), count in np.ndenumerate(table):
        if count >= SMALLEST:
            model.number((town, topic), int(count), int(count))
        else:
            model.number((town, topic), 0, SMALLEST - 1, hidden=(0, SMALLEST - 1))
    for names in _totals(table):
        total = sum(int(table[name]) for name in names)
        low, high = (total, total) if total >= SMALLEST else (0, SMALLEST - 1)
        model.at_most(dict.fromkeys(names, 1), high)
        model.at_most(dict.fromkeys(names, -1), -low)
    return model


def _totals(table: Integers) -> Iterator[list[Place]]:
    towns, topics = table.shape
    yield from ([(town, topic) for topic in range(topics)] for town in range(towns))
    yield from ([(town, topic) for town in range(towns)] for topic in range(topics))


def unmasked(table: Integers, with_sybils: Integers) -> int:
    """Cells that the attacker's own visitors lift over the limit: they subtract themselves and know the rest."""
    return int(((table < SMALLEST) & (with_sybils >= SMALLEST) & (with_sybils > table)).sum())
