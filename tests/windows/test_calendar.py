"""Office days and days of the farmers' calendar, against what was published."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.machine import of_office_days
from scheduler.holidays import office_days, usual_holidays
from scheduler.lunar import last_of_month, lunar_year, qingming, solar_day

FIRSTS = {
    2025: "01-29 02-28 03-29 04-28 05-27 06-25 08-23 09-22 10-21 11-20 12-20 +01-19",
    2026: "02-17 03-19 04-17 05-17 06-15 07-14 08-13 09-11 10-10 11-09 12-09 +01-08",
    2027: "02-06 03-08 04-07 05-06 06-05 07-04 08-02 09-01 09-30 10-29 11-28 12-28",
}
"""First days of the months, 正月 first; + is of the next year. Four calendars of different makers agree on each of them
(borax, lunar_python, sxtwl and lunardate, on every day of 2020–2035)."""

PUBLISHED = [
    # The notices of the State Council print these days of the farmers' calendar beside the dates.
    (2024, 12, 29, "2025-01-28"),  # 除夕
    (2025, 1, 7, "2025-02-04"),
    (2025, 12, 28, "2026-02-15"),
    (2026, 1, 7, "2026-02-23"),
]


def first_days() -> list[tuple[int, int, date]]:
    return [
        (year, month, date.fromisoformat(f"{year + said.startswith('+')}-{said.removeprefix('+')}"))
        for year, row in FIRSTS.items()
        for month, said in enumerate(row.split(), 1)
    ]


@pytest.mark.parametrize(("year", "month", "day"), first_days())
def test_every_month_of_2025_to_2027_begins_on_its_day(year: int, month: int, day: date) -> None:
    assert solar_day(year, month, 1) == day
    assert lunar_year(day) == year


@pytest.mark.parametrize(("year", "month", "day", "said"), PUBLISHED)
def test_days_that_the_notices_print_are_met(year: int, month: int, day: int, said: str) -> None:
    assert solar_day(year, month, day).isoformat() == said


def test_a_leap_month_and_a_short_month_are_known() -> None:
    assert solar_day(2025, 6, 1, leap=True) == date(2025, 7, 25)
    assert last_of_month(2025, 12) == date(2026, 2, 16)
    with pytest.raises(ValueError, match="2025"):
        solar_day(2025, 12, 30)
    with pytest.raises(ValueError, match="2026"):
        solar_day(2026, 6, 1, leap=True)


def test_qingming_is_where_the_notices_have_it() -> None:
    assert [qingming(year) for year in (2025, 2026, 2027)] == [date(2025, 4, 4), date(2026, 4, 5), date(2027, 4, 5)]


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        ("2025-01-26", True),  # a Sunday, worked for the Spring Festival
        ("2025-01-27", True),
        ("2025-01-28", False),  # 除夕, a Tuesday
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2026-01-01", False),
        ("2026-01-02", False),  # a Friday
        ("2026-01-04", True),  # a Sunday
        ("2026-02-14", True),
        ("2026-02-15", False),
        ("2026-02-28", True),
        ("2026-05-09", True),
        ("2026-09-20", True),
        ("2026-10-10", True),
        ("2026-10-17", False),
        ("2026-12-31", True),
    ],
)
def test_offices_are_open_as_the_notices_say(day: str, *, is_open: bool) -> None:
    assert office_days().is_open(date.fromisoformat(day)) is is_open


def test_every_published_year_has_as_many_office_days_as_its_notice_leaves() -> None:
    def count(year: int) -> int:
        days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
        return sum(office_days().is_open(day) for day in days)

    # Weekdays of the year, less holidays on weekdays, plus weekend days worked: counted by hand from the notices.
    assert count(2025) == 261 - (1 + 6 + 1 + 3 + 1 + 6) + 5
    assert count(2026) == 261 - (2 + 6 + 1 + 3 + 1 + 1 + 5) + 6


def test_where_no_notice_is_there_yet_the_calendar_says_so_and_stays_on_the_safe_side() -> None:
    calendar = office_days()
    assert calendar.known_until == date(2026, 12, 31)
    assert not calendar.is_open(date(2027, 2, 5))  # 除夕 2027, a Friday
    assert not calendar.is_open(date(2027, 2, 12))  # the eighth day from it
    assert calendar.is_open(date(2027, 2, 15))
    assert not calendar.is_open(date(2027, 4, 5))  # 清明, a Monday
    assert not calendar.is_open(date(2027, 1, 1))
    assert calendar.is_open(date(2027, 6, 8))
    assert not calendar.is_open(date(2027, 6, 9))  # 端午, a Wednesday: that day alone
    assert calendar.is_open(date(2027, 6, 10))
    assert not calendar.is_open(date(2027, 10, 6))
    assert not calendar.is_open(date(2027, 1, 10))  # a Sunday, whatever may be made up for


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_rule_would_have_sent_nobody_to_a_closed_door_in_a_published_year(year: int) -> None:
    closed = {day for day in office_days().closed if day.year == year and day.weekday() < 5}
    assert closed <= usual_holidays(year)


@given(st.dates(date(2025, 1, 1), date(2035, 12, 31)))
def test_the_last_open_day_is_open_and_within_a_fortnight(day: date) -> None:
    calendar = office_days()
    last, following = calendar.last_open(day), calendar.next_open(day)
    assert calendar.is_open(last)
    assert calendar.is_open(following)
    assert day - timedelta(days=14) < last <= day <= following < day + timedelta(days=14)


@pytest.mark.parametrize(("today", "level"), [("2026-11-01", "well"), ("2026-11-22", "note"), ("2027-03-01", "note")])
def test_the_operator_is_told_in_time_that_the_holidays_of_the_next_year_are_not_known(today: str, level: str) -> None:
    (found,) = of_office_days(date.fromisoformat(today))
    assert (found.level, "2026-12-31" in found.says) == (level, True)
