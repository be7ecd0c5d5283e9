"""Read what a row says of its days: one day, a span, from … until further notice, yearly, or about then."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from bot.windows.days import Unreadable, is_moving, plain, read_day
from storage.windows import Timing

LONGEST_ABOUT = 30
LONGEST_ACROSS = timedelta(days=183)
"""A span whose first day names no year reaches back over New Year only so far; else its days are turned round."""

_FURTHER_NOTICE = re.compile(r"(等|待|等待)?另行通知|长期(有效)?|不限|常年|没说|一直(办|收)?|至?另行通知(为止)?")
_VAGUE = re.compile(r"大概|大约|左右|前后|上旬|中旬|下旬|待定|未定|没定|还没定|等通知|等待通知|以通知为准|预计|暂定")
_AT_ONCE = re.compile(r"即日起?|现在(就)?(起|开始)?|已(经)?开始|正在(办|收)|马上")
_BETWEEN = re.compile(
    r"至|到|~|—+|--|(?<=[日号])-(?=\d)"
    r"|(?:(?<=月\d)|(?<=月\d\d))-(?=\d{1,2}[日号])"  # 12月1-25日
    r"|(?:(?<=\.\d)|(?<=\.\d\d))-(?=\d+\.\d)"  # 12.1-12.25, but not the 2026-12.25 of one day
)
_UNTIL = re.compile(r"^(截止到|截止|截至|到|至)(?=.)")
_DAY_ALONE = re.compile(r"\d{1,2}[日号]?")
_MONTH_OF = re.compile(r".*月|\d{1,2}\.")


@dataclass(frozen=True)
class Times:
    """What is known of a window's days, as `storage.windows` keeps it."""

    timing: Timing
    opens_on: date | None = None
    closes_on: date | None = None
    about: str | None = None


class Wrong(ValueError):
    """A cell of the row can't be taken. `column` is the cell's, `why` a sentence of windows.j2."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(column, why)
        self.column, self.why = column, why


def read_times(cells: Mapping[str, object], today: date, *, yearly: bool) -> Times | None:
    """Read 开始 and 截止; None where both are empty. Raises Wrong."""
    opens, closes = _both(_worded(cells.get("opens")), _until(_worded(cells.get("closes"))))
    if opens is None and closes is None:
        if yearly:
            raise Wrong("closes", "yearly_vague")
        return None
    about = _about(cells)
    if about is not None:
        if yearly:
            raise Wrong("closes", "yearly_vague")
        _both_vague(opens, closes, today)
        return Times(Timing.AWAITING, about=about)
    if yearly and (is_moving(opens) or is_moving(closes)):
        raise Wrong("closes" if is_moving(closes) else "opens", "yearly_moving")
    times = _open_ended(opens, today) if _further(closes) else _dated(opens, closes, today)
    if yearly and times.timing is not Timing.DATED:
        raise Wrong("closes", "yearly_vague")
    return Times(Timing.YEARLY, times.opens_on, times.closes_on) if yearly else times


def _worded(cell: object) -> object:
    """Return words in plain form, None for an empty cell, anything else as it is."""
    return (plain(cell) or None) if isinstance(cell, str) else cell


def _until(closes: object) -> object:
    """Return 截止 without the word that people begin it with: 至12月25日 is no span."""
    return _UNTIL.sub("", closes) if isinstance(closes, str) else closes


def _both(opens: object, closes: object) -> tuple[object, object]:
    """Take apart a span that stands in one cell: 12月1日至25日."""
    for cell, other in ((opens, closes), (closes, opens)):
        if isinstance(cell, str) and other is None and not _VAGUE.search(cell):
            parts = _BETWEEN.split(cell)
            if len(parts) == 2:  # noqa: PLR2004
                return parts[0], _whole(parts[0], parts[1])
    return opens, closes


def _whole(first: str, last: str) -> str:
    """Give a bare day the month of the first: 12月1日至25日."""
    month = _MONTH_OF.match(first)
    return f"{month[0]}{last}" if month and _DAY_ALONE.fullmatch(last) else last


def _about(cells: Mapping[str, object]) -> str | None:
    """The staff's own words for days that nobody knows yet, as residents are shown them."""
    said = next((cell for cell in map(cells.get, ("closes", "opens")) if isinstance(cell, str) and _vague(cell)), None)
    if said is not None and len(said) > LONGEST_ABOUT:
        raise Wrong("closes", "too_long")
    return said.strip() if said else None


def _both_vague(opens: object, closes: object, today: date) -> None:
    """A day that is sure is not lost beside one that is not: nobody would be reminded of it. Raises Wrong."""
    sides: tuple[tuple[object, str], ...] = ((opens, "closes"), (closes, "opens"))
    for sure, other in sides:
        with suppress(Unreadable):
            if sure is not None and read_day(sure, today):
                raise Wrong(other, "half_sure")


def _vague(said: str) -> bool:
    return _VAGUE.search(plain(said)) is not None


def _further(closes: object) -> bool:
    return isinstance(closes, str) and bool(_FURTHER_NOTICE.fullmatch(closes))


def _open_ended(opens: object, today: date) -> Times:
    if opens is None or (isinstance(opens, str) and _AT_ONCE.fullmatch(opens)):
        raise Wrong("opens", "no_opening")
    return Times(Timing.OPEN_ENDED, opens_on=_day("opens", opens, today))


def _dated(opens: object, closes: object, today: date) -> Times:
    if closes is None:
        raise Wrong("closes", "no_times")
    last = _day("closes", closes, today)
    if opens is None or (isinstance(opens, str) and _AT_ONCE.fullmatch(opens)):
        return Times(Timing.DATED, closes_on=last)
    first = _day("opens", opens, last)  # without a year it is the one before the last day, not the one after it
    if first > last and _no_year(opens):
        first = _day("opens", opens, last.replace(year=last.year - 1, day=1))
    if first > last or (last - first > LONGEST_ACROSS and first.year < last.year and _no_year(opens)):
        raise Wrong("closes", "backwards")
    return Times(Timing.DATED, opens_on=first, closes_on=last)


def _no_year(cell: object) -> bool:
    return isinstance(cell, float) or (isinstance(cell, str) and not re.search(r"\d{4}|年", cell))


def _day(column: str, cell: object, near: date) -> date:
    try:
        return read_day(cell, near)
    except Unreadable as unreadable:
        raise Wrong(column, unreadable.why) from unreadable
