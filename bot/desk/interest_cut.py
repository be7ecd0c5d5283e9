"""A release cut to the places of one member of staff, to be taken away as a file. Nothing is counted anew."""

from collections.abc import Sequence
from dataclasses import replace

from bot.desk.interest_place import unit_of
from storage.interest.releases import Kept
from storage.interest.rule import BANNER_DIGITS, REGION, Part, Release


def cut(kept: Kept, stems: Sequence[str]) -> Kept:
    """Leave what is of these places and below them, and the units in which townships and villages of them count.

    The digest stays that of the whole release: it says which one this was cut from.
    """
    if REGION in stems:
        return kept
    release = kept.release
    mine = [stem for stem in stems if len(stem) > BANNER_DIGITS]
    pooled = {unit.id for stem in mine if (unit := unit_of(stem, release.units))}
    banners = {unit.id: unit.banner for unit in release.units}

    def theirs(part: Part, place: str) -> bool:
        if part is Part.UNIT:
            return place in pooled or _below(banners.get(place, place), stems)
        return _below(place, stems)

    figures = {cell: figure for cell, figure in release.figures.items() if theirs(cell.part, cell.place)}
    units = tuple(unit for unit in release.units if theirs(Part.UNIT, unit.id))
    enough = frozenset(note for note in release.enough if theirs(note.part, note.place))
    withheld = frozenset(note for note in release.withheld if theirs(note.part, note.place))
    return replace(kept, release=Release(release.month, units, figures, enough, withheld))


def _below(place: str, stems: Sequence[str]) -> bool:
    return any(place.startswith(stem) for stem in stems)
