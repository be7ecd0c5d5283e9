"""What people call the units, topics and measures of a release."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from content.library import Library
from content.places import PlaceError, Places
from content.render import say
from scheduler.interest import CARE
from storage.interest.rule import BANNER_DIGITS, LEAGUE_DIGITS, Cell, Part, Release, Unit

SHOWN_NAMES = 3
"""Townships of a pooled unit that its name tells; the export lists them all."""


@dataclass(frozen=True)
class Names:
    """The names of one release."""

    library: Library
    places: Places
    units: Mapping[str, Unit]

    @classmethod
    def of(cls, release: Release, library: Library, places: Places) -> "Names":
        """Take the units of a release."""
        return cls(library, places, {unit.id: unit for unit in release.units})

    def place(self, part: Part, place: str) -> str:
        """The name of where a figure stands."""
        return self.unit(self.units[place]) if part is Part.UNIT else self._short(place)

    def unit(self, unit: Unit) -> str:
        """The name of a unit: its townships, the first few of them."""
        if len(unit.banner) < BANNER_DIGITS:
            return say("interest", "no_banner", place=self._short(unit.banner))
        if unit.id == unit.banner and unit.rest:
            return self._short(unit.banner)
        if unit.members == (unit.banner,):
            return say("interest", "no_township", place=self._short(unit.banner))
        names = [self._short(member) for member in unit.members if member != unit.banner]
        many = unit.rest or len(names) > SHOWN_NAMES
        return say("interest", "pooled", names=names[:SHOWN_NAMES], last=many)

    def subject(self, cell: Cell) -> str:
        """The name of what is counted; of what content does not hold any more, its id."""
        if cell.part is Part.CHANNEL:
            return say("interest", f"channel_{cell.subject}")
        if cell.part is Part.PROGRAMME:
            programme = self.library.programmes.get(cell.subject)
            return programme.short if programme else cell.subject
        return self.topic(cell.subject)

    def topic(self, id_: str) -> str:
        """The name of a topic."""
        return topic_name(id_, self.library)

    def _short(self, stem: str) -> str:
        try:
            return self.places.get(stem).short
        except PlaceError:
            return stem


def topic_name(id_: str, library: Library) -> str:
    """The name of a topic; of one that content does not hold any more, its id."""
    if id_ == CARE:
        return say("interest", "care")
    topic = library.topics.get(id_)
    return topic.name if topic else id_


def month_name(month: date) -> str:
    """A month as people write it."""
    return say("interest", "month_name", year=month.year, month=month.month)


def full_code(stem: str) -> str:
    """The code of a place in full, as statistics write it: 1506 is 150600. A unit's id stays as it is."""
    return stem.ljust(BANNER_DIGITS, "0") if len(stem) <= LEAGUE_DIGITS else stem
