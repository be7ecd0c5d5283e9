"""What a page about a place shows: a plain sentence above each table, and the table. From releases and nothing else.

Places and staff are never put in an order of figures; topics stand in the order of content.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.interest.names import Names, month_name
from content.render import say
from storage.interest.rule import LEAGUE_DIGITS, REGION, SMALLEST, Cell, Measure, Part

Months = Mapping[date, Mapping[Cell, int]]
"""Figures by month, the oldest first, as `releases.figures_of` reads them."""

LEAST_CHANGE = SMALLEST
"""A smaller difference may be only the rounding of two figures."""


@dataclass(frozen=True)
class Section:
    """One table with what it says and what it can't. A value is None where nothing is shown.

    `over_time`: the columns are months, so that it may be drawn as lines; else as bars.
    """

    name: str
    says: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    over_time: bool = False


def always() -> str:
    """The sentence that stands on every page."""
    return say("interest", "always")


def parts_of(place: str) -> tuple[Part, ...]:
    """The tables that hold figures of a place: a stem, or a unit's id."""
    if place == REGION:
        return Part.REGION, Part.WEB
    if len(place) == LEAGUE_DIGITS:
        return Part.LEAGUE, Part.PROGRAMME, Part.CHANNEL
    return (Part.BANNER, Part.SENSITIVE) if len(place) == len("150621") else (Part.UNIT,)


def sections(months: Months, names: Names) -> Iterator[Section]:
    """What is shown of one place whose figures are given; sections without any figure are left out."""
    topics = (Part.UNIT, Part.BANNER, Part.LEAGUE, Part.REGION)
    now = _latest(months)
    made = (
        _of_measures("topics", now, names, topics, Measure.ASKED),
        _over_months("months", months, names, topics),
        _changed(months, names, topics),
        _of_measures("unanswered", now, names, topics, Measure.UNANSWERED),
        _of_measures("helpful", now, names, topics, Measure.HELPFUL, Measure.UNHELPFUL),
        _of_measures("subscribed", now, names, topics, Measure.SUBSCRIBED),
        _of_measures("programmes", now, names, (Part.PROGRAMME,), Measure.ASKED),
        _of_measures("channel", now, names, (Part.CHANNEL,), Measure.ASKED),
        _of_measures("sensitive", now, names, (Part.SENSITIVE,), Measure.ASKED),
        _of_measures("web", now, names, (Part.WEB,), Measure.ASKED),
    )
    return (section for section in made if section.rows)


def _latest(months: Months) -> Mapping[Cell, int]:
    return months[max(months)] if months else {}


def _of_measures(
    name: str, now: Mapping[Cell, int], names: Names, parts: Sequence[Part], *measures: Measure
) -> Section:
    found = {(cell.subject, cell.measure): figure for cell, figure in now.items() if cell.part in parts}
    cells = {cell.subject: cell for cell in now if cell.part in parts and cell.measure in measures}
    columns = tuple(say("interest", f"measure_{measure}") for measure in measures)
    return _section(name, columns, cells, names, lambda id_: tuple(found.get((id_, one)) for one in measures))


def _over_months(name: str, months: Months, names: Names, parts: Sequence[Part]) -> Section:
    asked = {month: _asked(found, parts) for month, found in months.items()}
    cells = {cell.subject: cell for found in asked.values() for cell in found}
    by_month = [{cell.subject: figure for cell, figure in found.items()} for found in asked.values()]
    columns = tuple(month_name(month) for month in asked)
    return _section(name, columns, cells, names, lambda id_: tuple(one.get(id_) for one in by_month), over_time=True)


def _changed(months: Months, names: Names, parts: Sequence[Part]) -> Section:
    """What rose or fell since the month before, where both months show a figure."""
    last = sorted(months)[-2:]
    asked = [{cell.subject: figure for cell, figure in _asked(months[one], parts).items()} for one in last]
    before, now = asked if len(last) == 2 else ({}, {})  # noqa: PLR2004
    cells = {cell.subject: cell for cell in _asked(_latest(months), parts)}
    moved = {id_: cells[id_] for id_ in before.keys() & now.keys() if abs(now[id_] - before[id_]) >= LEAST_CHANGE}
    columns = tuple(month_name(month) for month in last)
    return _section("change", columns, moved, names, lambda id_: (before[id_], now[id_]))


def _asked(found: Mapping[Cell, int], parts: Sequence[Part]) -> dict[Cell, int]:
    return {cell: figure for cell, figure in found.items() if cell.part in parts and cell.measure is Measure.ASKED}


def _section(
    name: str,
    columns: tuple[str, ...],
    cells: Mapping[str, Cell],
    names: Names,
    values: Callable[[str], tuple[int | None, ...]],
    *,
    over_time: bool = False,
) -> Section:
    rows = tuple((names.subject(cells[id_]), values(id_)) for id_ in _in_order(cells, names))
    return Section(name, say("interest", f"about_{name}"), columns, rows, over_time)


def _in_order(subjects: Iterable[str], names: Names) -> list[str]:
    known = [*names.library.topics, *names.library.programmes]
    return sorted(subjects, key=lambda id_: (known.index(id_) if id_ in known else len(known), id_))
