"""How many could be written to, in words for a place: by the units of the year, never for a village alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.interest.names import Names
from content.library import Library
from content.places import Places
from storage.interest import subscribers, units
from storage.interest.rule import BANNER_DIGITS, TOWNSHIP_DIGITS, Part, Unit


@dataclass(frozen=True)
class Taken:
    """Who could be written to as of the newest close; `month` is None where none was yet. `people` are by unit's id."""

    month: date | None
    units: tuple[Unit, ...]
    people: Mapping[str, int]
    names: Names

    def units_of(self, place: str) -> list[Unit]:
        """The units that a place (a stem) counts in: of a village or township the one it lies in."""
        if len(place) > BANNER_DIGITS:
            return list(units.placed(self.units, [place[:TOWNSHIP_DIGITS]]).values())
        return [unit for unit in self.units if unit.banner.startswith(place)]

    def called(self, unit: Unit) -> str:
        """A unit's name."""
        return self.names.place(Part.UNIT, unit.id)

    def together(self, found: Iterable[Unit]) -> int:
        """The sum of what is shown of some units; what is not shown is not in it."""
        return sum(self.people.get(unit.id, 0) for unit in found)


async def taken(conn: AsyncConnection, library: Library, places: Places) -> Taken:
    """Read the newest figures."""
    month, people = await subscribers.reached(conn)
    fixed = await units.fixed(conn, month.year) if month else ()
    return Taken(month, fixed, people, Names(library, places, {unit.id: unit for unit in fixed}))
