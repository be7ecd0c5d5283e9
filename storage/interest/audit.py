"""The attack on a release: everything that its figures, and what is left out of them, say together.

An attacker knows the rule, the units, the topics and every figure. For each hidden cell the audit asks whether that
says more than the rule itself does: between 0 and 9, sensitive between 0 and 19. Leagues share no resident, so each
is a system of its own; so are the page's visitors.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storage.interest.building import sums
from storage.interest.rule import SUMS, Cell, Frame, Part, Release
from storage.interest.solve import Bounds, Inconsistent, exposed
from storage.interest.system import Left, Total, is_whole, system_of, systems


@dataclass(frozen=True)
class Attack:
    """What was found: hidden cells with their bounds, sums that are none, and leagues whose figures can't be true."""

    broken: dict[Cell, Bounds]
    leaking_sums: tuple[Cell, ...]
    impossible: tuple[str, ...]
    looked_at: int  # hidden cells

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not (self.broken or self.leaking_sums or self.impossible)


def hidden_cells(release: Release, frame: Frame) -> Sequence[Cell]:
    """Return what `building.build` asks: the cells to coarsen for."""
    found = attack(release, frame)
    impossible = [cell for cell in release.figures if cell.part not in SUMS and system_of(cell) in found.impossible]
    return [*found.broken, *found.leaking_sums, *impossible]


def attack(release: Release, frame: Frame) -> Attack:
    """Attack a release by subtraction and by linear constraints."""
    broken: dict[Cell, Bounds] = {}
    impossible, looked_at = [], 0
    for league, model in systems(release, frame):
        looked_at += len(model.hidden)
        try:
            found = exposed(model)
            broken |= {_cell(name, release): found[name] for name in found if not isinstance(name, Total)}
        except Inconsistent:
            impossible.append(league)
    return Attack(broken, tuple(_leaking(release)), tuple(impossible), looked_at)


def _leaking(release: Release) -> Iterator[Cell]:
    """Subtract what is shown from every sum: anything left would be what is hidden."""
    right = sums(release.figures, release.units)
    stored = {cell: figure for cell, figure in release.figures.items() if cell.part in SUMS}
    yield from (cell for cell in right.keys() | stored.keys() if right.get(cell) != stored.get(cell))


def _cell(name: Cell | Left, release: Release) -> Cell:
    """Return a cell to blame: of units that show nothing, the first."""
    if isinstance(name, Cell):
        return name
    unit = next(unit for unit in release.units if unit.banner == name.banner and not is_whole(release, unit))
    return Cell(Part.UNIT, unit.id, name.topic, name.measure)
