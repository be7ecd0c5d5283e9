"""Which programmes bear on a household: three groups, and what is left unlisted. This is no check of anybody."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from content.eligibility.chance import Chances, rarity
from content.eligibility.household import Facts, Household, Reading
from content.eligibility.terms import Statement, statements, where
from content.library import Library
from content.programme import Programme, Standing


class Bearing(Enum):
    """What the answers say of a programme."""

    CONCERNS = "concerns"  # every statement of its clauses is met: 跟您有关，可以去问
    UNCLEAR = "unclear"  # something is open: 还说不准
    NOT_MEANT = "not-meant"  # a clause itself shuts these people out: 文件说的不是这类人
    OTHERS = "others"  # its clauses name other people and shut nobody out: not listed, and they may ask


@dataclass(frozen=True)
class Matter:
    """A programme and what its clauses state: who is meant (`named`), and where it holds if that is not known yet."""

    programme: Programme
    named: tuple[Statement, ...]
    place: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Judged:
    """A programme with its bearing, and how many of the statements about people are met."""

    matter: Matter
    bearing: Bearing
    met: int


class _Same:
    """A library known by its identity: what is reckoned from it is kept until another takes its place."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.library is self.library

    def __hash__(self) -> int:
        return id(self.library)


@lru_cache(maxsize=2)
def _named(same: _Same) -> tuple[Matter, ...]:
    library = same.library
    return tuple(Matter(one, statements(one, library.facts)) for one in _live(library) if one.conditions)


def matters(library: Library, place: str | None) -> tuple[Matter, ...]:
    """Take the programmes whose clauses state who is meant and that hold, or may hold, at the place (a stem)."""
    here = ((one, where(one.programme, place, library.facts)) for one in _named(_Same(library)))
    return tuple(Matter(one.programme, one.named, at) if at else one for one, at in here if at is not None)


def for_everyone(library: Library, place: str | None) -> int:
    """Count the programmes whose clauses name nobody in particular."""
    return sum(not one.conditions and where(one, place, library.facts) is not None for one in _live(library))


def _live(library: Library) -> Iterator[Programme]:
    """Everything that has a document and isn't over."""
    over = (Standing.STUB, Standing.ENDED)
    return (one for one in library.programmes.values() if one.standing not in over)


def judge(matter: Matter, household: Household) -> Judged:
    """Hold the answers against a programme. Shut out only where an excluding statement is surely unmet."""
    named = [(one, household.reads(one)) for one in matter.named]
    met = sum(reading is Reading.MET for _, reading in named)
    return Judged(matter, _bearing(named, [household.reads(one) for one in matter.place]), met)


def _bearing(named: list[tuple[Statement, Reading]], place: list[Reading]) -> Bearing:
    if Reading.UNMET in place:
        return Bearing.OTHERS
    unmet = [one for one, reading in named if reading is Reading.UNMET]
    if unmet:
        return Bearing.NOT_MEANT if any(one.excludes for one in unmet) else Bearing.OTHERS
    readings = [*(reading for _, reading in named), *place]
    return Bearing.UNCLEAR if Reading.OPEN in readings else Bearing.CONCERNS


def grouped(judged: Iterable[Judged], facts: Facts) -> dict[Bearing, tuple[Judged, ...]]:
    """Sort into groups, the most telling first."""
    nobody = Chances(Household({}, facts))
    ranked = sorted(judged, key=lambda one: _order(one, nobody))
    return {bearing: tuple(one for one in ranked if one.bearing is bearing) for bearing in Bearing}


def _order(one: Judged, nobody: Chances) -> tuple[float, bool, str]:
    """Those asked for most first; of what concerns a household, also what concerns few others.

    To be asked for most counts as much as to leave out half of all households: else a village doctor would have to leaf
    through everything that concerns anybody with a field.
    """
    programme = one.matter.programme
    telling = float(programme.most_asked)
    if one.bearing is Bearing.CONCERNS:
        telling += rarity(one.matter.named, nobody)
    return (-telling, programme.standing is not Standing.IN_FORCE, programme.id)
