"""On which days offices are open: weekdays, less the holidays, plus the weekend days worked to make up for them.

The State Council says so each November for the year to come; `holidays.yaml` holds what was published. Days of a year
whose notice is not there yet are reckoned on the safe side, by the rule that the notice for 2025 states: 春节 8 days
from 除夕, 劳动节 5, 国庆节 7 (8 with 中秋), the others three days with a weekend, on a Wednesday that day alone.
Weekends are closed; none is worked. So someone may be told to go a day earlier than needed, not a day too late.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from scheduler.lunar import last_of_month, qingming, solar_day

TABLE = Path(__file__).parent / "holidays.yaml"
A_DAY = timedelta(days=1)
WEDNESDAY, SATURDAY = 2, 5


@dataclass(frozen=True)
class OfficeDays:
    """The published calendar: holidays, weekend days worked, the last day that a notice speaks of."""

    closed: frozenset[date]
    worked: frozenset[date]
    known_until: date

    def is_open(self, day: date) -> bool:
        """Whether offices are open on a day; after `known_until` on the safe side."""
        if day in self.worked:
            return True
        return day.weekday() < SATURDAY and day not in self.closed and not self._probably_closed(day)

    def last_open(self, day: date) -> date:
        """Return the last day, this one or before it, on which offices are open."""
        while not self.is_open(day):
            day -= A_DAY
        return day

    def next_open(self, day: date) -> date:
        """Return the first day, this one or after it, on which offices are open."""
        while not self.is_open(day):
            day += A_DAY
        return day

    def takes_papers(self, opens_on: date | None, closes_on: date | None, today: date) -> bool:
        """Whether something is open now, and an office that takes papers for it opens once more before it closes."""
        if opens_on is not None and opens_on > today:
            return False
        return closes_on is None or self.last_open(closes_on) >= today

    def _probably_closed(self, day: date) -> bool:
        return day > self.known_until and day in usual_holidays(day.year)


@cache
def office_days() -> OfficeDays:
    """Read the published calendar."""
    years: list[dict[str, Any]] = yaml.load(TABLE.read_text("utf-8"), yaml.CSafeLoader)
    closed = frozenset(day for year in years for one in year["closed"] for day in _days(one["from"], one["to"]))
    worked = frozenset(day for year in years for day in year["working"])
    return OfficeDays(closed, worked, known_until=date(max(year["year"] for year in years), 12, 31))


@cache
def usual_holidays(year: int) -> frozenset[date]:
    """Return the days that are holidays in any year by the rule above, weekends in between included."""
    autumn, national = solar_day(year, 8, 15), date(year, 10, 1)
    together = national <= autumn < national + 8 * A_DAY
    single = [date(year, 1, 1), qingming(year), solar_day(year, 5, 5), *([] if together else [autumn])]
    spans = [(last_of_month(year - 1, 12), 8), (date(year, 5, 1), 5), (national, 8 if together else 7)]
    spans += [(_first_of(day), 1 if day.weekday() == WEDNESDAY else 3) for day in single]
    return frozenset(day for start, days in spans for day in _days(start, start + (days - 1) * A_DAY))


def _first_of(day: date) -> date:
    """Where the three days around a holiday begin: they reach to the nearest weekend."""
    return day - A_DAY * {0: 2, 1: 2, 6: 1}.get(day.weekday(), 0)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + A_DAY * number for number in range((last - first).days + 1))
