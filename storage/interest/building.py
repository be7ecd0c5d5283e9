"""True counts into a release: what may be shown, rounded; sums; and coarser until the audit finds nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from storage.interest.counting import Counts
from storage.interest.rule import (
    ENOUGH,
    LEAGUE_DIGITS,
    REGION,
    SUMS,
    Cell,
    Frame,
    Note,
    Part,
    Release,
    Unit,
    written,
)

Audit = Callable[[Release, Frame], Sequence[Cell]]
"""Returns the hidden cells that can be bounded more tightly than the rule does."""

_ENOUGH_OF = {Part.UNIT: Part.UNIT, Part.SENSITIVE: Part.BANNER, Part.PROGRAMME: Part.LEAGUE, Part.CHANNEL: Part.LEAGUE}
"""Whose number of active people decides whether a part is shown there at all."""


def build(month: date, units: Sequence[Unit], counts: Counts, frame: Frame, audit: Audit) -> Release:
    """Make the release of a month: coarsened until the audit can't break it. In the end nothing may be shown at all."""
    withheld: frozenset[Note] = frozenset()
    while True:
        made = draft(month, units, counts, frame, withheld)
        broken = audit(made, frame)
        if not (broken and made.figures):
            return made
        further = frozenset(_coarser(broken, made, frame)) - withheld
        withheld |= further or _shown_blocks(made, frame)


def draft(
    month: date, units: Sequence[Unit], counts: Counts, frame: Frame, withheld: frozenset[Note] = frozenset()
) -> Release:
    """Make a release by the rule alone, without the blocks in `withheld`."""
    enough = frozenset(note for note, people in counts.active.items() if people >= ENOUGH)
    shown = {
        cell: figure
        for cell, count in counts.cells.items()
        if (figure := written(cell.part, count)) is not None and _may_show(cell, frame, enough, withheld)
    }
    return Release(month, tuple(units), shown | sums(shown, units), enough - withheld, withheld)


def _may_show(cell: Cell, frame: Frame, enough: frozenset[Note], withheld: frozenset[Note]) -> bool:
    subjects: Mapping[Part, Iterable[str]] = {Part.SENSITIVE: frame.sensitive, Part.PROGRAMME: frame.topic_of}
    known = cell.part is Part.CHANNEL or cell.subject in subjects.get(cell.part, frame.topics)
    whole = Note(_ENOUGH_OF.get(cell.part, cell.part), cell.place) in enough
    return known and whole and not withheld & set(blocks(cell, frame))


def blocks(cell: Cell, frame: Frame) -> Iterator[Note]:
    """Return the block that a cell can be withheld with."""
    topic = frame.topic_of.get(cell.subject, "") if cell.part is Part.PROGRAMME else ""
    yield Note(cell.part, cell.place, topic)


def sums(shown: Mapping[Cell, int], units: Iterable[Unit]) -> dict[Cell, int]:
    """Add up what units show, for banners, leagues and the region. What they don't show is in no sum."""
    banner_of = {unit.id: unit.banner for unit in units}
    total: Counter[Cell] = Counter()
    for cell, figure in shown.items():
        if cell.part is Part.UNIT:
            for part, place in zip(SUMS, _above(banner_of[cell.place]), strict=True):
                total[cell._replace(part=part, place=place)] += figure
    return dict(total)


def _above(banner: str) -> tuple[str, str, str]:
    return banner, banner[:LEAGUE_DIGITS], REGION


def _coarser(broken: Sequence[Cell], made: Release, frame: Frame) -> Iterator[Note]:
    """Choose what to withhold next: what is dearest to an attacker and cheapest to a reader first.

    Programmes of the topic, then the league's channels, then the blocks of the broken cells themselves.
    """
    leagues = {(_league(cell, made), _topic(cell, frame)) for cell in broken}
    programmes = {Note(Part.PROGRAMME, league, topic) for league, topic in leagues} & _shown_blocks(made, frame)
    channels = {Note(Part.CHANNEL, league) for league, _ in leagues} & _shown_blocks(made, frame)
    yield from programmes or channels or {note for cell in broken for note in blocks(cell, frame)}


def _shown_blocks(made: Release, frame: Frame) -> set[Note]:
    return {note for cell in made.figures if cell.part not in SUMS for note in blocks(cell, frame)}


def _league(cell: Cell, made: Release) -> str:
    if cell.part is Part.UNIT:
        return next(unit.league for unit in made.units if unit.id == cell.place)
    return cell.place[:LEAGUE_DIGITS]


def _topic(cell: Cell, frame: Frame) -> str:
    return frame.topic_of.get(cell.subject, cell.subject)
