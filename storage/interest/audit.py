"""The attack on a release: everything that its figures, and what is left out of them, say together.

An attacker knows the rule, the units, the topics and every figure. For each hidden cell the audit asks whether that
says more than the rule itself does: between 0 and 9, sensitive between 0 and 19. Leagues share no resident, so each
is a system of its own; so are the page's visitors.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from storage.interest.building import sums
from storage.interest.rule import (
    BANNER_DIGITS,
    ENOUGH,
    LEAGUE_DIGITS,
    MOST_TOPICS,
    REGION,
    SUMS,
    VERIFYING,
    Cell,
    Frame,
    Measure,
    Note,
    Part,
    Release,
    Unit,
    behind,
)
from storage.interest.solve import UNKNOWN, Bounds, Inconsistent, Model, exposed

FEW = ENOUGH - 1  # the most people who can be in a unit that says it has too few
_VISITORS = "web"
_WITH_PROGRAMME = (Measure.ASKED, Measure.HELPFUL, Measure.UNHELPFUL)
"""Marks of these always name a programme; a topic may be followed as a whole, and what found no card has none."""


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


class _Left(NamedTuple):
    """All units of a banner of which nothing is shown, as one number for each topic and measure."""

    banner: str
    withheld: bool
    topic: str
    measure: Measure


class _Total(NamedTuple):
    """All people of a topic in the league."""

    topic: str
    measure: Measure


_Number = Cell | _Left | _Total


def hidden_cells(release: Release, frame: Frame) -> Sequence[Cell]:
    """Return what `building.build` asks: the cells to coarsen for."""
    found = attack(release, frame)
    impossible = [cell for cell in release.figures if cell.part not in SUMS and _system(cell) in found.impossible]
    return [*found.broken, *found.leaking_sums, *impossible]


def _system(cell: Cell) -> str:
    """Return the name of the system that a cell stands in; a unit's id begins with its league's stem."""
    return _VISITORS if cell.part is Part.WEB else cell.place[:LEAGUE_DIGITS]


def attack(release: Release, frame: Frame) -> Attack:
    """Attack a release by subtraction and by linear constraints."""
    broken: dict[Cell, Bounds] = {}
    impossible, looked_at = [], 0
    for league, model in _systems(release, frame):
        looked_at += len(model.hidden)
        try:
            found = exposed(model)
            broken |= {_cell(name, release): found[name] for name in found if not isinstance(name, _Total)}
        except Inconsistent:
            impossible.append(league)
    return Attack(broken, tuple(_leaking(release)), tuple(impossible), looked_at)


def _leaking(release: Release) -> Iterator[Cell]:
    """Subtract what is shown from every sum: anything left would be what is hidden."""
    right = sums(release.figures, release.units)
    stored = {cell: figure for cell, figure in release.figures.items() if cell.part in SUMS}
    yield from (cell for cell in right.keys() | stored.keys() if right.get(cell) != stored.get(cell))


def _cell(name: Cell | _Left, release: Release) -> Cell:
    """Return a cell to blame: of units that show nothing, the first."""
    if isinstance(name, Cell):
        return name
    unit = next(unit for unit in release.units if unit.banner == name.banner and not _whole(release, unit))
    return Cell(Part.UNIT, unit.id, name.topic, name.measure)


def _systems(release: Release, frame: Frame) -> Iterator[tuple[str, Model[_Number]]]:
    leagues = sorted({unit.league for unit in release.units})
    for league in leagues:
        yield league, _League(release, frame, league).model
    if Note(Part.WEB, REGION) not in release.withheld:
        yield _VISITORS, _visitors(release, frame)


def _visitors(release: Release, frame: Frame) -> Model[_Number]:
    visitors: Model[_Number] = Model()
    cells = [Cell(Part.WEB, REGION, topic, measure) for topic, measure in product(sorted(frame.topics), Measure)]
    whole = Note(Part.WEB, REGION) in release.enough
    for cell in cells:
        _add(visitors, release, cell, most=UNKNOWN if whole else FEW)
    if whole:
        visitors.at_most(dict.fromkeys(cells, -1), -ENOUGH)
    return visitors


def _whole(release: Release, unit: Unit) -> bool:
    return Note(Part.UNIT, unit.id) in release.enough


def _add(
    model: Model[_Number], release: Release, cell: Cell, *, most: float = UNKNOWN, block: Note | None = None
) -> None:
    """Add what is known of a cell by itself. `most`: of a place with too few people; FEW then."""
    figure = release.figures.get(cell)
    low, high = behind(cell.part, figure)
    if block is not None and block in release.withheld:
        model.number(cell, 0, UNKNOWN)
    elif figure is not None:
        model.number(cell, low, high)
    else:
        model.number(cell, 0, most if most == FEW else high, hidden=(0, high))


class _League:
    """The system of one league: what each cell may be, and what binds them."""

    def __init__(self, release: Release, frame: Frame, league: str) -> None:
        self.model: Model[_Number] = Model()
        self._release, self._frame, self._league = release, frame, league
        self._units = [unit for unit in release.units if unit.league == league]
        self._banners = sorted({unit.banner for unit in self._units})
        self._whole = Note(Part.LEAGUE, league) in release.enough
        self._real = len(league) == LEAGUE_DIGITS
        self._cells()
        self._people()
        self._topics()
        if self._real:
            self._programmes()
            self._channels()

    def _cells(self) -> None:
        for unit in self._units:
            if _whole(self._release, unit):
                for topic, measure in self._each(self._frame.topics):
                    _add(self.model, self._release, Cell(Part.UNIT, unit.id, topic, measure))
        for banner in self._banners:
            self._left(banner)
            self._sensitive(banner)
        if self._real:
            most = UNKNOWN if self._whole else FEW
            for programme, measure in self._each(self._frame.topic_of):
                block = Note(Part.PROGRAMME, self._league, self._frame.topic_of[programme])
                _add(self.model, self._release, self._programme(programme, measure), most=most, block=block)
            for cell in self._channel_cells():
                _add(self.model, self._release, cell, most=most, block=Note(Part.CHANNEL, self._league))

    def _each(self, subjects: Iterable[str]) -> Iterator[tuple[str, Measure]]:
        return product(sorted(subjects), Measure)

    def _programme(self, programme: str, measure: Measure) -> Cell:
        return Cell(Part.PROGRAMME, self._league, programme, measure)

    def _channel_cells(self) -> list[Cell]:
        return [Cell(Part.CHANNEL, self._league, channel, Measure.ASKED) for channel in VERIFYING]

    def _left(self, banner: str) -> None:
        """Add the units of a banner that show nothing: too few people, or withheld."""
        release = self._release
        blank = [unit for unit in self._units if unit.banner == banner and not _whole(release, unit)]
        few = sum(Note(Part.UNIT, unit.id) not in release.withheld for unit in blank)
        for topic, measure in self._each(self._frame.topics):
            if few:
                hidden = (FEW * (few - 1), behind(Part.UNIT, None)[1])
                most = FEW * (few if self._enough(banner) else 1)
                self.model.number(_Left(banner, False, topic, measure), 0, most, hidden=hidden)
            if few < len(blank):
                self.model.number(_Left(banner, True, topic, measure), 0, UNKNOWN)
        for measure in Measure:
            names: list[_Number] = [_Left(banner, False, topic, measure) for topic in self._frame.topics]
            if few:
                self.model.at_most(dict.fromkeys(names, 1), MOST_TOPICS * FEW * few)

    def _enough(self, banner: str) -> bool:
        return Note(Part.BANNER, banner) in self._release.enough

    def _sensitive(self, banner: str) -> None:
        for topic, measure in self._each(self._frame.sensitive):
            cell = Cell(Part.SENSITIVE, banner, topic, measure)
            if len(banner) < BANNER_DIGITS:
                self.model.number(cell, 0, UNKNOWN)
            else:
                most = UNKNOWN if self._enough(banner) else FEW
                _add(self.model, self._release, cell, most=most, block=Note(Part.SENSITIVE, banner))

    def _people(self) -> None:
        """Where enough people were active, each of them stands in some cell."""
        for unit in self._units:
            if _whole(self._release, unit):
                mine = [Cell(Part.UNIT, unit.id, *each) for each in self._each(self._frame.topics)]
                self._at_least([*mine, *self._sensitive_of([unit.banner])], ENOUGH)
        for banner in self._banners:
            if self._enough(banner):
                self._at_least(self._all([banner]), ENOUGH)
        if self._whole:
            self._at_least(self._all(self._banners), ENOUGH)

    def _at_least(self, names: Iterable[_Number], limit: float) -> None:
        self.model.at_most(dict.fromkeys(names, -1.0), -limit)

    def _all(self, banners: Sequence[str]) -> list[_Number]:
        each = self._each(self._frame.topics)
        return [*(name for one in each for name in self._of(*one, banners)), *self._sensitive_of(banners)]

    def _of(self, topic: str, measure: Measure, banners: Sequence[str] | None = None) -> list[_Number]:
        """All numbers that add up to the people of a topic, in some banners or the whole league."""
        inside = self._banners if banners is None else banners
        units = [Cell(Part.UNIT, unit.id, topic, measure) for unit in self._units if unit.banner in inside]
        return [*units, *(_Left(banner, held, topic, measure) for banner in inside for held in (False, True))]

    def _sensitive_of(self, banners: Iterable[str], measures: Iterable[Measure] = Measure) -> list[_Number]:
        each = product(banners, sorted(self._frame.sensitive), tuple(measures))
        return [Cell(Part.SENSITIVE, banner, topic, measure) for banner, topic, measure in each]

    def _topics(self) -> None:
        for topic, measure in self._each(self._frame.topics):
            people, total = self._of(topic, measure), _Total(topic, measure)
            self.model.number(total, 0, UNKNOWN if self._whole else FEW)
            self.model.at_most({**dict.fromkeys(people, 1), total: -1}, 0)
            self.model.at_most({**dict.fromkeys(people, -1), total: 1}, 0)

    def _programmes(self) -> None:
        """Who asked for a programme asked for its topic; who asked for a topic asked for one of its programmes."""
        for topic, measure in self._each(self._frame.topics):
            total = _Total(topic, measure)
            mine = [self._programme(one, measure) for one, its in self._frame.topic_of.items() if its == topic]
            for one in mine:
                self.model.at_most({one: 1, total: -1}, 0)
            if mine and measure in _WITH_PROGRAMME:
                self.model.at_most({total: 1, **dict.fromkeys(mine, -1)}, 0)

    def _channels(self) -> None:
        """Who asked on a channel stands in one to three topics, and nobody stands in a topic twice."""
        channels: list[_Number] = list(self._channel_cells())
        totals = [_Total(topic, Measure.ASKED) for topic in sorted(self._frame.topics)]
        asked = [*totals, *self._sensitive_of(self._banners, [Measure.ASKED])]
        self.model.at_most({**dict.fromkeys(channels, 1), **dict.fromkeys(asked, -1)}, 0)
        self.model.at_most({**dict.fromkeys(asked, 1), **dict.fromkeys(channels, -MOST_TOPICS)}, 0)
        for total in totals:
            self.model.at_most({total: 1, **dict.fromkeys(channels, -1)}, 0)
