"""A place of the statistics at the desk: what it is called, what it shows, and who may look at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.desk.at import At
from bot.desk.refusals import Absent
from bot.interest.names import Names
from bot.interest.pages import Section, parts_of, sections
from content.places import PlaceError
from content.render import say
from storage.interest import releases, subscribers, units
from storage.interest.rule import BANNER_DIGITS, TOWNSHIP_DIGITS, Cell, Part, Unit
from storage.interest.subscribers import EVERYBODY

YEAR = 12
"""Months that a page shows side by side."""


@dataclass(frozen=True)
class Looked:
    """A place that somebody looks at in a month. `key` stands in the address; `place` is a stem or a unit's id."""

    key: str
    place: str
    name: str
    unit: Unit | None
    month: date
    months: Sequence[date]  # those that were released, the oldest first
    names: Names

    @property
    def parts(self) -> tuple[Part, ...]:
        """The tables of a release that hold its figures."""
        return (Part.UNIT,) if self.unit else parts_of(self.place)


async def look(at: At, key: str, month: str = "") -> Looked:
    """Find the place of an address, in its newest month or that which is asked for. Raises Absent."""
    released = await releases.months(at.conn)
    chosen = next((one for one in released if f"{one:%Y-%m}" == month), released[-1] if released else None)
    if chosen is None:
        raise Absent
    fixed = await units.fixed(at.conn, chosen.year)
    names = Names(at.know.library, at.places, {unit.id: unit for unit in fixed})
    place, unit = _found(at, key, fixed)
    at.allow(_right(at, unit, fixed) if unit else place)
    name = names.unit(unit) if unit else at.places.get(place).short
    return Looked(key, place, name, unit, chosen, released, names)


def _found(at: At, key: str, fixed: Sequence[Unit]) -> tuple[str, Unit | None]:
    """The unit with this id, the place with this code, or of a township or village the unit in which it counts."""
    unit = next((one for one in fixed if one.id == key and len(key) > BANNER_DIGITS), None)
    if unit is None:
        try:
            stem = at.places.stem_of(key)
        except PlaceError:
            raise Absent from None
        if len(stem) <= BANNER_DIGITS:
            return stem, None
        unit = unit_of(stem, fixed)
    if unit is None:
        raise Absent
    return unit.id, unit


def unit_of(stem: str, fixed: Sequence[Unit]) -> Unit | None:
    """The unit in which a township or village counts."""
    return units.placed(fixed, [stem[:TOWNSHIP_DIGITS]]).get(stem[:TOWNSHIP_DIGITS])


def _right(at: At, unit: Unit, fixed: Sequence[Unit]) -> str:
    """The place by whose right a unit may be looked at: one of theirs that counts in it, else its whole banner."""
    inside = (own for own in at.stems() if len(own) > BANNER_DIGITS and unit_of(own, fixed) == unit)
    return next(inside, unit.banner)


def over(looked: Looked) -> list[date]:
    """The months that stand side by side: a year at most; of a unit those of its year, for then it may be another."""
    until = [one for one in looked.months if one <= looked.month][-YEAR:]
    return [one for one in until if looked.unit is None or one.year == looked.month.year]


async def shown(at: At, looked: Looked) -> list[Section]:
    """What is told of a place: the tables of the releases, then who follows what."""
    months = over(looked)
    found = await releases.figures_of(at.conn, looked.parts, [looked.place], months[0])
    figures: Mapping[date, Mapping[Cell, int]] = {one: found.get(one, {}) for one in months}
    followers = await _followers(at, looked)
    return [*sections(figures, looked.names), *([followers] if followers else [])]


async def too_few(at: At, looked: Looked) -> bool:
    """Whether so few people asked in this month that a unit shows nothing at all."""
    return looked.unit is not None and not await releases.is_enough(at.conn, looked.month, Part.UNIT, looked.unit.id)


def below(at: At, looked: Looked) -> list[tuple[str, str]]:
    """Where one may look next, as (key, name), in the order of codes."""
    if looked.unit is not None:
        return []
    if len(looked.place) < BANNER_DIGITS:
        return [(one.code, one.short) for one in at.places.children(looked.place)]
    mine = [unit for unit in looked.names.units.values() if unit.banner == looked.place]
    return [(unit.id, looked.names.unit(unit)) for unit in mine if len(unit.id) > BANNER_DIGITS]


async def _followers(at: At, looked: Looked) -> Section | None:
    """Who follows what, as of the close of this month: the sums of what is shown for the units here."""
    units_here = [unit.id for unit in looked.names.units.values() if unit.banner.startswith(looked.place)]
    people = await subscribers.sums(at.conn, looked.month, [looked.unit.id] if looked.unit else units_here)
    topics = [topic for topic in at.know.library.topics if topic in people]
    rows = tuple((looked.names.topic(topic), (people[topic],)) for topic in topics)
    says = say("interest", "about_followers", count=people.get(EVERYBODY, 0))
    return Section("followers", says, (say("interest", "measure_followers"),), rows) if rows else None
