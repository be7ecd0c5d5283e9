"""How many follow, in words for a place: by the units of the year, never for a village alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.interest.names import Names
from content.library import Library
from content.places import Places
from storage.interest import subscribers, units
from storage.interest.rule import BANNER_DIGITS, TOWNSHIP_DIGITS, Part, Unit
from storage.interest.subscribers import EVERYBODY, Figures


@dataclass(frozen=True)
class Taken:
    """The subscribers as of the newest close; `month` is None where none was yet."""

    month: date | None
    units: tuple[Unit, ...]
    figures: Figures
    names: Names

    def units_of(self, place: str) -> list[Unit]:
        """The units that a place (a stem) counts in: of a village or township the one it lies in."""
        if len(place) > BANNER_DIGITS:
            found = units.placed(self.units, [place[:TOWNSHIP_DIGITS]])
            return list(found.values())
        return [unit for unit in self.units if unit.banner.startswith(place)]

    def people(self, unit: Unit, topic: str = EVERYBODY) -> int | None:
        """Those of a unit who could be written to, or who follow a topic; None where that is not shown."""
        return self.figures.get((unit.id, topic))

    def called(self, unit: Unit) -> str:
        """A unit's name."""
        return self.names.place(Part.UNIT, unit.id)

    def together(self, found: Iterable[Unit], topic: str = EVERYBODY) -> int:
        """The sum of what is shown of some units; what is not shown is not in it."""
        return sum(self.people(unit, topic) or 0 for unit in found)

    def topics(self, found: Sequence[Unit]) -> list[str]:
        """Topics that something is shown of, in the order of content."""
        ids = {unit.id for unit in found}
        there = {topic for unit, topic in self.figures if unit in ids and topic != EVERYBODY}
        return [topic for topic in self.names.library.topics if topic in there]


async def taken(conn: AsyncConnection, library: Library, places: Places) -> Taken:
    """Read the newest subscribers."""
    month, figures = await subscribers.figures(conn)
    fixed = await units.fixed(conn, month.year) if month else ()
    return Taken(month, fixed, figures, Names(library, places, {unit.id: unit for unit in fixed}))
