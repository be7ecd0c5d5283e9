"""What a clause says of the people it means, held against a household's answers.

Conditions that share a quote are alternatives, because the quote names several kinds of people (老年人、妇女儿童、残疾人);
different quotes are different statements, and each counts. Where a programme holds is one statement more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from content.library import Library
from content.places.place import to_stem
from content.programme import Programme
from content.tables import Fact

Answers = Mapping[str, str]
"""Fact → answer; UNKNOWN and UNSAID are answers that tell nothing."""

UNKNOWN, UNSAID = "unknown", "unsaid"
PLACE, SEVERAL = "place", "several"
_REGION = "150000"


class Reading(Enum):
    """What the answers so far say of a condition or a statement."""

    MET = "met"
    OPEN = "open"  # not asked, not known, not said, or answered with something that may or may not be meant
    UNMET = "unmet"


@dataclass(frozen=True)
class Term:
    """One fact that is meant: any answer of `any` meets it, one of `maybe` leaves it open."""

    fact: str
    any: tuple[str, ...]
    maybe: tuple[str, ...] = ()

    def read(self, answers: Answers, facts: Mapping[str, Fact]) -> Reading:
        """Hold the answers against it. What another answer rules out (land: none → no crop) is unmet."""
        said = answers.get(self.fact)
        if said in self.any:
            return Reading.MET
        if not told(said):
            return Reading.OPEN if may_apply(facts[self.fact], answers, facts) else Reading.UNMET
        return Reading.OPEN if said in self.maybe else Reading.UNMET


@dataclass(frozen=True)
class Statement:
    """What one quote states: one term met is enough. `excludes`: the clause itself shuts others out."""

    terms: tuple[Term, ...]
    excludes: bool = False

    def read(self, answers: Answers, facts: Mapping[str, Fact]) -> Reading:
        """Met by any term; open while any is open."""
        readings = [term.read(answers, facts) for term in self.terms]
        if Reading.MET in readings:
            return Reading.MET
        return Reading.OPEN if Reading.OPEN in readings else Reading.UNMET


def told(answer: str | None) -> bool:
    """Whether an answer tells something."""
    return answer not in (None, UNKNOWN, UNSAID)


def may_apply(fact: Fact, answers: Answers, facts: Mapping[str, Fact]) -> bool:
    """Whether what a fact needs holds, or may still hold."""
    for needed, wanted in fact.needs.items():
        said = answers.get(needed)
        if said not in wanted and (told(said) or not may_apply(facts[needed], answers, facts)):
            return False
    return True


def statements(programme: Programme) -> tuple[Statement, ...]:
    """Group a programme's conditions by quote."""
    groups: dict[tuple[str, str, str], list[tuple[Term, bool]]] = {}
    for one in programme.conditions:
        maybe = () if SEVERAL in one.any else (SEVERAL,)
        term = Term(one.fact, one.any, maybe)
        groups.setdefault((one.source.doc, one.source.clause, one.source.quote), []).append((term, one.excludes))
    return tuple(
        Statement(tuple(term for term, _ in group), all(excludes for _, excludes in group)) for group in groups.values()
    )


def where(programme: Programme, library: Library, place: str | None) -> tuple[Statement, ...] | None:
    """State where a programme holds: nothing to state where it holds anyway, None where it does not hold.

    `place` is the stem that is known. Without one, or where it is wider than the programme's, that is left open.
    """
    stems = [to_stem(code) for code in programme.places]
    if place is None:
        return _asked(stems, library)
    if any(place.startswith(stem) for stem in stems):
        return ()
    return (Statement((Term(PLACE, ()),)),) if any(stem.startswith(place) for stem in stems) else None


def _asked(stems: list[str], library: Library) -> tuple[Statement, ...]:
    """What the question for the place can settle: a city's programme, but not a banner's within the city."""
    asked = {code: to_stem(code) for code in library.facts[PLACE].answers}
    if to_stem(_REGION) in stems:
        return ()
    cities = {code: stem for code, stem in asked.items() if code != _REGION}
    inside = [code for code, city in cities.items() if any(city.startswith(stem) for stem in stems)]
    partly = [code for code, city in cities.items() if any(stem.startswith(city) for stem in stems)]
    maybe = [code for code in partly if code not in inside]
    return (Statement((Term(PLACE, tuple(inside), tuple(maybe) if inside or maybe else (_REGION,)),)),)
