"""What the clauses of a programme state about who is meant.

Conditions that share a quote are alternatives, because the quote names several kinds of people (老年人、残疾人);
different quotes are different statements, and each counts. Where a programme holds is one statement more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from content.places.place import to_stem
from content.programme import Condition, Programme
from content.tables import Fact

PLACE, SEVERAL = "place", "several"
REGION = "150000"


@dataclass(frozen=True, eq=False)
class Term:
    """One fact that is meant: an answer of `any` meets it, one of `maybe` leaves it open. Made by `term`, once each."""

    fact: str
    any: tuple[str, ...]
    maybe: tuple[str, ...]


@cache
def term(fact: str, any_: tuple[str, ...], maybe: tuple[str, ...] = ()) -> Term:
    """Make a term; equal ones are one object, so that they are quickly told apart."""
    return Term(fact, any_, maybe)


@dataclass(frozen=True)
class Statement:
    """What one quote states: one term met is enough. `excludes`: the clause itself shuts others out."""

    terms: tuple[Term, ...]
    excludes: bool = False


def statements(programme: Programme, facts: Mapping[str, Fact]) -> tuple[Statement, ...]:
    """Group a programme's conditions by quote."""
    groups: dict[tuple[str, str, str], list[Condition]] = {}
    for one in programme.conditions:
        groups.setdefault((one.source.doc, one.source.clause, one.source.quote), []).append(one)
    return tuple(_statement(group, facts) for group in groups.values())


def _statement(group: list[Condition], facts: Mapping[str, Fact]) -> Statement:
    """`several` leaves a condition open, unless it is among the answers or another fact of the group goes into it."""
    closed = {fact for one in group for fact, wanted in facts[one.fact].needs.items() if SEVERAL in wanted}
    maybe = [() if SEVERAL in one.any or one.fact in closed else (SEVERAL,) for one in group]
    terms = tuple(term(one.fact, one.any, open_) for one, open_ in zip(group, maybe, strict=True))
    return Statement(terms, all(one.excludes for one in group))


def where(programme: Programme, place: str | None, facts: Mapping[str, Fact]) -> tuple[Statement, ...] | None:
    """State where a programme holds: nothing to state where it holds anyway, None where it does not hold.

    `place` is the stem that is known. Without one, or where it is wider than the programme's, that is left open.
    """
    if REGION in programme.places:
        return ()
    stems = [to_stem(code) for code in programme.places]
    if place is None:
        return (Statement((_asked(stems, facts),)),)
    if any(place.startswith(stem) for stem in stems):
        return ()
    return (Statement((term(PLACE, ()),)),) if any(stem.startswith(place) for stem in stems) else None


def _asked(stems: list[str], facts: Mapping[str, Fact]) -> Term:
    """What the question for the place can settle: a city's programme, but not one of a banner within the city."""
    cities = {code: to_stem(code) for code in facts[PLACE].answers if code != REGION}
    inside = tuple(code for code, city in cities.items() if any(city.startswith(stem) for stem in stems))
    partly = tuple(code for code, city in cities.items() if any(stem.startswith(city) for stem in stems))
    maybe = tuple(code for code in partly if code not in inside)
    return term(PLACE, inside, maybe if inside or maybe else (REGION,))
