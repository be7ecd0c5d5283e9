"""Read days as people type them: 2026-12-25, 2026年12月25日, 12.25, 12月底前, 腊月二十三, or a spreadsheet's own."""

import calendar
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta

from scheduler.lunar import last_of_month, lunar_year, solar_day

LONG_PAST = timedelta(days=60)
"""A day without a year is of this year, unless it is past by more than this: then it is next year's."""

YEARS = range(2020, 2100)
SERIALS = range(40_000, 60_000)
"""How a spreadsheet counts the days of 2009–2064 where a cell was not marked as a date."""

_SERIAL_ZERO = date(1899, 12, 30)
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMBER = "[零〇一二两三四五六七八九十廿卅]+"
_YEAR = r"(?P<year>\d{4}|今|明|后)"
_DAY = r"(?P<day>\d{1,2})"
_MONTH = r"(?P<month>\d{1,2})"
_SOLAR = re.compile(rf"({_YEAR}[年./-])?{_MONTH}[月./-]{_DAY}[日号]?")
_COMPACT = re.compile(r"(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_MONTH_END = re.compile(rf"({_YEAR}年)?{_MONTH}月(份)?(底|末)")
_YEAR_END = re.compile(rf"({_YEAR}?年)(底|末)")
_LUNAR = re.compile(
    r"((?P<year>\d{4}|今|明|后)年)?(农历|阴历|旧历)?(?P<leap>闰)?"
    r"(?P<month>正|冬|腊|\d{1,2})月(?P<first>初)?((?P<day>\d{1,2})|(?P<end>底|末))[日号]?"
)
_EITHER = re.compile(rf"({_YEAR}年)?[一二三四五六七八九十]+月[一二三四五六七八九十廿卅]+")
"""八月十五: mostly the farmers' 15th, and perhaps not: only with 日 or 号, or in digits, is it sure."""
_IS_LUNAR = re.compile(r"农历|阴历|旧历|闰|正月|冬月|腊月|月初\d")
LAST_MONTH = 12
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": LAST_MONTH}
_NAMED: dict[str, Callable[[int], date]] = {
    "元旦": lambda year: date(year, 1, 1),
    "五一": lambda year: date(year, 5, 1),
    "国庆": lambda year: date(year, 10, 1),
    "除夕": lambda year: last_of_month(year - 1, 12),
    "春节": lambda year: solar_day(year, 1, 1),
    "元宵": lambda year: solar_day(year, 1, 15),
    "端午": lambda year: solar_day(year, 5, 5),
    "中秋": lambda year: solar_day(year, 8, 15),
    "重阳": lambda year: solar_day(year, 9, 9),
}
_NAMED_DAY = re.compile(rf"({_YEAR}年)?(?P<name>{'|'.join(_NAMED)})(节)?")
_MOVING = re.compile("除夕|春节|元宵|端午|中秋|重阳")
_BY = re.compile(r"(之|以)?前$|截止$|为止$|止$")
_FROM = re.compile(r"(开始|起)$")


class Unreadable(ValueError):
    """A cell holds no day that can be told for sure. `why` names a sentence of content/templates/text/windows.j2."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read_day(cell: object, today: date) -> date:
    """Read one day; without a year the one near `today`. Raises Unreadable where it is not sure which is meant."""
    match cell:
        case datetime():
            return _sane(cell.date())
        case date():
            return _sane(cell)
        case bool():
            raise Unreadable("no_day")
        case int():
            return _from_number(cell)
        case float():
            return _from_float(cell, today)
        case str():
            return _sane(_worded(cell, today))
    raise Unreadable("no_day")


def _from_number(number: int) -> date:
    if number in SERIALS:
        return _sane(_SERIAL_ZERO + timedelta(days=number))
    compact = _COMPACT.fullmatch(str(number))
    if compact is None:
        raise Unreadable("no_day")
    return _sane(_day(int(compact["year"]), int(compact["month"]), int(compact["day"])))


def _from_float(number: float, today: date) -> date:
    """12.25 typed into a cell is a number; of 12.1 nobody knows whether it was 12.1 or 12.10."""
    if number.is_integer():
        return _from_number(int(number))
    month, _, day = f"{number:.10g}".partition(".")
    if len(day) == 1 and day in "123":
        raise Unreadable("cut_number")
    return _sane(_from_words(f"{month}.{day}", today))


def _worded(said: str, today: date) -> date:
    try:
        return _from_words(said, today)
    except Unreadable:
        raise
    except (ValueError, OverflowError) as error:  # 2300年春节: beyond the farmers' calendar, or any calendar
        raise Unreadable("no_such_day") from error


def _from_words(said: str, today: date) -> date:
    text = plain(said)
    before = bool(_BY.search(text))
    text = _FROM.sub("", _BY.sub("", text))
    if named := _NAMED_DAY.fullmatch(text):
        day = _near(_NAMED[named["name"]], named["year"], today)
        return day - timedelta(days=1) if before else day
    if _EITHER.fullmatch(text):
        raise Unreadable("which_calendar")
    text = numerals(text)
    if _IS_LUNAR.search(text):
        return _lunar(text, today)
    if end := _YEAR_END.fullmatch(text):
        year = _year(end["year"], today)
        return date(today.year if year is None else year, 12, 31)
    if end := _MONTH_END.fullmatch(text):
        month = int(end["month"])
        return _near(lambda year: _day(year, month, None), end["year"], today)
    found = _SOLAR.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is None:
        raise Unreadable("no_day")
    return _near(lambda year: _day(year, int(found["month"]), int(found["day"])), found["year"], today)


def is_moving(cell: object) -> bool:
    """Whether a cell names a day of the farmers' calendar, which is another one each year."""
    text = plain(cell) if isinstance(cell, str) else ""
    return bool(_MOVING.search(text) or _IS_LUNAR.search(numerals(text)))


def plain(said: str) -> str:
    """Return text in plain forms: digits of every width, no white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", said))


def numerals(text: str) -> str:
    """Write Chinese numerals in digits: 二十三 → 23, 廿三 → 23, 二〇二六 → 2026."""
    return re.sub(_NUMBER, lambda found: str(_value(found[0])), text)


def _value(numeral: str) -> str:
    if not set(numeral) & set("十廿卅"):
        return "".join(str(_DIGITS[sign]) for sign in numeral)
    tens, sign, ones = re.split("([十廿卅])", numeral, maxsplit=1)
    ten = {"廿": 2, "卅": 3}.get(sign) or (_DIGITS[tens[-1]] if tens else 1)
    one = _DIGITS.get(ones[:1], 0)
    return str(ten * 10 + one)


def _lunar(text: str, today: date) -> date:
    found = _LUNAR.fullmatch(text)
    if found is None:
        raise Unreadable("no_day")
    month = _LUNAR_MONTHS.get(found["month"]) or int(found["month"])

    def of(year: int) -> date:
        if found["end"] or (month, found["day"]) == (LAST_MONTH, "30"):  # 腊月三十 is 除夕, in a short month too
            return last_of_month(year, month)
        return solar_day(year, month, int(found["day"]), leap=bool(found["leap"]))

    return _near(of, found["year"], today, this=lunar_year(today))


def _near(of: Callable[[int], date], said: str | None, today: date, *, this: int | None = None) -> date:
    """The day in the year that was said; else this year's, or next year's where that is long past."""
    this = today.year if this is None else this
    year = _year(said, today)
    if year is not None:
        return of(year)
    day = of(this)
    return day if day >= today - LONG_PAST else of(this + 1)


def _year(said: str | None, today: date) -> int | None:
    if not said:
        return None
    away = {"今": 0, "明": 1, "后": 2}.get(said)
    return int(said) if away is None else today.year + away


def _day(year: int, month: int, day: int | None) -> date:
    """The day, or where none is said the last one of the month."""
    try:
        return date(year, month, calendar.monthrange(year, month)[1] if day is None else day)
    except ValueError as error:
        raise Unreadable("no_such_day") from error


def _sane(day: date) -> date:
    if day.year not in YEARS:
        raise Unreadable("far_year")
    return day
