"""Days of the farmers' calendar (农历), from borax's table of 1900–2100."""

from datetime import date

from borax.calendars.lunardate import LunarDate, TermUtils


def solar_day(year: int, month: int, day: int, *, leap: bool = False) -> date:
    """Return the day of the farmers' year, month and day; `leap`: of 闰月. ValueError for a day that there is not."""
    found: date = LunarDate(year, month, day, int(leap)).to_solar_date()
    return found


def last_of_month(year: int, month: int) -> date:
    """Return the last day of a month of the farmers' calendar: 二十九 or 三十; of 腊月 it is 除夕."""
    try:
        return solar_day(year, month, 30)
    except ValueError:
        return solar_day(year, month, 29)


def lunar_year(day: date) -> int:
    """Return the farmers' year that a day belongs to: 2026-02-16 still belongs to 2025."""
    year: int = LunarDate.from_solar(day).year
    return year


def qingming(year: int) -> date:
    """Return 清明 of a year, 4 or 5 April."""
    found: date = TermUtils.nth_term_day(year, term_name="清明")
    return found
