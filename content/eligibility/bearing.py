"""Which programmes bear on a household: three groups, and what is left unlisted. This is no check of anybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from content.eligibility.terms import Answers, Reading, Statement, statements, where
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
    """A programme with what its clauses state about who is meant; `named` are those statements, without the place."""

    programme: Programme
    named: tuple[Statement, ...]
    place: tuple[Statement, ...]


@dataclass(frozen=True)
class Judged:
    """A programme with its bearing, and how many of the statements about people are met."""

    matter: Matter
    bearing: Bearing
    met: int


def matters(library: Library, place: str | None) -> tuple[Matter, ...]:
    """Take the programmes whose clauses state who is meant and that hold at the place (a stem, if known)."""
    found = []
    for programme in _live(library):
        here = where(programme, library, place) if programme.conditions else None
        if here is not None:
            found.append(Matter(programme, statements(programme), here))
    return tuple(found)


def for_everyone(library: Library, place: str | None) -> int:
    """Count the programmes whose clauses name nobody in particular."""
    return sum(not one.conditions and where(one, library, place) is not None for one in _live(library))


def _live(library: Library) -> Iterable[Programme]:
    """Everything that has a document and isn't over."""
    over = (Standing.STUB, Standing.ENDED)
    return (one for one in library.programmes.values() if one.standing not in over)


def judge(matter: Matter, answers: Answers, library: Library) -> Judged:
    """Hold the answers against a programme. Shut out only where an excluding clause is surely unmet."""
    named = [(one, one.read(answers, library.facts)) for one in matter.named]
    met = sum(reading is Reading.MET for _, reading in named)
    return Judged(matter, _bearing(named, [one.read(answers, library.facts) for one in matter.place]), met)


def _bearing(named: list[tuple[Statement, Reading]], place: list[Reading]) -> Bearing:
    if Reading.UNMET in place:
        return Bearing.OTHERS
    unmet = [one for one, reading in named if reading is Reading.UNMET]
    if unmet:
        return Bearing.NOT_MEANT if any(one.excludes for one in unmet) else Bearing.OTHERS
    readings = [*(reading for _, reading in named), *place]
    return Bearing.UNCLEAR if Reading.OPEN in readings else Bearing.CONCERNS


def grouped(judged: Iterable[Judged]) -> dict[Bearing, tuple[Judged, ...]]:
    """Sort into groups, those asked for most first, then what a document of now names."""
    ranked = sorted(judged, key=_order)
    return {bearing: tuple(one for one in ranked if one.bearing is bearing) for bearing in Bearing}


def _order(one: Judged) -> tuple[bool, bool, int, str]:
    programme = one.matter.programme
    return (not programme.most_asked, programme.standing is not Standing.IN_FORCE, -one.met, programme.id)
