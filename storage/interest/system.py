"""What an attacker can set up as equations: every cell of a release, and what binds them together."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

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
from storage.interest.solve import UNKNOWN, Model

FEW = ENOUGH - 1  # the most people who can be in a unit that says it has too few
_VISITORS = "web"
_WITH_PROGRAMME = (Measure.ASKED, Measure.HELPFUL, Measure.UNHELPFUL)
"""Marks of these always name a programme; a topic may be followed as a whole, and what found no card has none."""


class Left(NamedTuple):
    """All units of a banner of which nothing is shown, as one number for each topic and measure."""

    banner: str
    withheld: bool
    topic: str
    measure: Measure


class Total(NamedTuple):
    """All people of a topic in the league."""

    topic: str
    measure: Measure


Number = Cell | Left | Total


def system_of(cell: Cell) -> str:
    """Return the name of the system that a cell stands in; a unit's id begins with its league's stem."""
    return _VISITORS if cell.part is Part.WEB else cell.place[:LEAGUE_DIGITS]


def systems(release: Release, frame: Frame) -> Iterator[tuple[str, Model[Number]]]:
    """Return the systems of a release, named: one for each league of which anything is said, one for the page."""
    shown = {system_of(cell) for cell in release.figures if cell.part not in SUMS}
    for league in sorted({unit.league for unit in release.units}):
        if league in shown or Note(Part.LEAGUE, league) in release.enough:  # else nothing at all is said of it
            yield league, _League(release, frame, league).model
    if Note(Part.WEB, REGION) not in release.withheld:
        yield _VISITORS, _visitors(release, frame)


def _visitors(release: Release, frame: Frame) -> Model[Number]:
    visitors: Model[Number] = Model()
    cells = [Cell(Part.WEB, REGION, topic, measure) for topic, measure in product(sorted(frame.topics), Measure)]
    whole = Note(Part.WEB, REGION) in release.enough
    for cell in cells:
        _add(visitors, release, cell, most=UNKNOWN if whole else FEW, like="web")
    if whole:
        visitors.at_most(dict.fromkeys(cells, -1), -ENOUGH)
    return visitors


def is_whole(release: Release, unit: Unit) -> bool:
    """Whether a unit shows what it may: enough people, and not withheld."""
    return Note(Part.UNIT, unit.id) in release.enough


def _add(
    model: Model[Number],
    release: Release,
    cell: Cell,
    *,
    most: float = UNKNOWN,
    block: Note | None = None,
    like: Hashable = None,
) -> None:
    """Add what is known of a cell by itself. `most`: of a place with too few people; FEW then. `like`: see Model."""
    figure = release.figures.get(cell)
    low, high = behind(cell.part, figure)
    if block is not None and block in release.withheld:
        model.number(cell, 0, UNKNOWN)
    elif figure is not None:
        model.number(cell, low, high)
    else:
        model.number(cell, 0, most if most == FEW else high, hidden=(0, high), like=like)


class _League:
    """The system of one league: what each cell may be, and what binds them."""

    def __init__(self, release: Release, frame: Frame, league: str) -> None:
        self.model: Model[Number] = Model()
        self._release, self._frame, self._league = release, frame, league
        self._units = [unit for unit in release.units if unit.league == league]
        self._banners = sorted({unit.banner for unit in self._units})
        self._whole = Note(Part.LEAGUE, league) in release.enough
        self._real = len(league) == LEAGUE_DIGITS
        self._tied = {*self._not_implied()}
        self._cells()
        self._people()
        self._topics()
        if self._real:
            self._programmes()
            self._channels()

    def _cells(self) -> None:
        for unit in self._units:
            if is_whole(self._release, unit):
                for topic, measure in self._each(self._frame.topics):
                    like = None if self._is_tied(unit.banner, unit.id) else (Part.UNIT, topic, measure)
                    _add(self.model, self._release, Cell(Part.UNIT, unit.id, topic, measure), like=like)
        for banner in self._banners:
            self._left(banner)
            self._sensitive(banner)
        if self._real:
            most = UNKNOWN if self._whole else FEW
            for programme, measure in self._each(self._frame.topic_of):
                topic = self._frame.topic_of[programme]
                block, like = Note(Part.PROGRAMME, self._league, topic), (Part.PROGRAMME, topic, measure)
                cell = self._programme(programme, measure)
                _add(self.model, self._release, cell, most=most, block=block, like=like)
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
        blank = [unit for unit in self._units if unit.banner == banner and not is_whole(release, unit)]
        few = sum(Note(Part.UNIT, unit.id) not in release.withheld for unit in blank)
        for topic, measure in self._each(self._frame.topics):
            if few:
                hidden = (FEW * (few - 1), behind(Part.UNIT, None)[1])
                most = FEW * (few if self._enough(banner) else 1)
                like = None if self._is_tied(banner) else ("few", topic, measure, few, most)
                self.model.number(Left(banner, False, topic, measure), 0, most, hidden=hidden, like=like)
            if few < len(blank):
                self.model.number(Left(banner, True, topic, measure), 0, UNKNOWN)
        for measure in Measure:
            names: list[Number] = [Left(banner, False, topic, measure) for topic in self._frame.topics]
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
                tied = self._is_tied(banner, *(unit.id for unit in self._units if unit.banner == banner))
                like = None if tied else (Part.SENSITIVE, measure, most)
                _add(self.model, self._release, cell, most=most, block=Note(Part.SENSITIVE, banner), like=like)

    def _people(self) -> None:
        """Where enough people were active, each of them stands in some cell."""
        for unit in self._units:
            if unit.id in self._tied:
                mine = [Cell(Part.UNIT, unit.id, *each) for each in self._each(self._frame.topics)]
                self._at_least([*mine, *self._sensitive_of([unit.banner])], ENOUGH)
        for banner in self._banners:
            if f"{Part.BANNER} {banner}" in self._tied:
                self._at_least(self._all([banner]), ENOUGH)
        if self._league in self._tied:
            self._at_least(self._all(self._banners), ENOUGH)

    def _not_implied(self) -> Iterator[str]:
        """Units, banners and the league whose people are not all seen in what is shown of topics.

        Of the others it says nothing that they have enough people; then their hidden cells are alike.
        """
        seen: Counter[str] = Counter()
        banner_of = {unit.id: unit.banner for unit in self._units}
        for cell, figure in self._release.figures.items():
            if cell.part is Part.UNIT and cell.place in banner_of:
                for place in (cell.place, f"{Part.BANNER} {banner_of[cell.place]}", self._league):
                    seen[place] += behind(cell.part, figure)[0]
        whole = [unit.id for unit in self._units if is_whole(self._release, unit)]
        whole += [f"{Part.BANNER} {banner}" for banner in self._banners if self._enough(banner)]
        whole += [self._league] if self._whole else []
        yield from (place for place in whole if seen[place] < ENOUGH)

    def _is_tied(self, banner: str, *units: str) -> bool:
        return bool(self._tied & {*units, f"{Part.BANNER} {banner}", self._league})

    def _at_least(self, names: Iterable[Number], limit: float) -> None:
        self.model.at_most(dict.fromkeys(names, -1.0), -limit)

    def _all(self, banners: Sequence[str]) -> list[Number]:
        each = self._each(self._frame.topics)
        return [*(name for one in each for name in self._of(*one, banners)), *self._sensitive_of(banners)]

    def _of(self, topic: str, measure: Measure, banners: Sequence[str] | None = None) -> list[Number]:
        """All numbers that add up to the people of a topic, in some banners or the whole league."""
        inside = self._banners if banners is None else banners
        units = [Cell(Part.UNIT, unit.id, topic, measure) for unit in self._units if unit.banner in inside]
        return [*units, *(Left(banner, held, topic, measure) for banner in inside for held in (False, True))]

    def _sensitive_of(self, banners: Iterable[str], measures: Iterable[Measure] = Measure) -> list[Number]:
        each = product(banners, sorted(self._frame.sensitive), tuple(measures))
        return [Cell(Part.SENSITIVE, banner, topic, measure) for banner, topic, measure in each]

    def _topics(self) -> None:
        for topic, measure in self._each(self._frame.topics):
            people, total = self._of(topic, measure), Total(topic, measure)
            self.model.number(total, 0, UNKNOWN if self._whole else FEW)
            self.model.at_most({**dict.fromkeys(people, 1), total: -1}, 0)
            self.model.at_most({**dict.fromkeys(people, -1), total: 1}, 0)

    def _programmes(self) -> None:
        """Who asked for a programme asked for its topic; who asked for a topic asked for one of its programmes."""
        for topic, measure in self._each(self._frame.topics):
            total = Total(topic, measure)
            mine = [self._programme(one, measure) for one, its in self._frame.topic_of.items() if its == topic]
            for one in mine:
                self.model.at_most({one: 1, total: -1}, 0)
            if mine and measure in _WITH_PROGRAMME:
                self.model.at_most({total: 1, **dict.fromkeys(mine, -1)}, 0)

    def _channels(self) -> None:
        """Who asked on a channel stands in one to three topics, and nobody stands in a topic twice."""
        channels: list[Number] = list(self._channel_cells())
        totals = [Total(topic, Measure.ASKED) for topic in sorted(self._frame.topics)]
        asked = [*totals, *self._sensitive_of(self._banners, [Measure.ASKED])]
        self.model.at_most({**dict.fromkeys(channels, 1), **dict.fromkeys(asked, -1)}, 0)
        self.model.at_most({**dict.fromkeys(asked, 1), **dict.fromkeys(channels, -MOST_TOPICS)}, 0)
        for total in totals:
            self.model.at_most({total: 1, **dict.fromkeys(channels, -1)}, 0)
