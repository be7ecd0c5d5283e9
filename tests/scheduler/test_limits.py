"""Limits: chunks, rates and quiet hours; stages of a window; the timetable's clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendar import LOCAL
from scheduler.holidays import office_days
from scheduler.limits import MOST, after_quiet, awake, chunk, gap, is_quiet
from scheduler.stages import last_day
from storage.accounts import Account
from storage.states import Kind


def account(per_second: float | None) -> Account:
    return Account(1, "telegram", "bot", per_second, None, None)


@pytest.mark.parametrize(
    ("per_second", "kind", "rows", "apart"),
    [
        (30, Kind.NOTICE, 24, 1 / 24),
        (30, Kind.URGENT, 30, 1 / 30),
        (1000, Kind.REMINDER, MOST, 1 / 800),
        (20 / 60, Kind.NOTICE, 1, 3.75),
        (None, Kind.NOTICE, MOST, 0),
    ],
)
def test_a_chunk_is_at_most_a_second_of_the_rate_and_a_hundred_rows(
    per_second: float | None, kind: Kind, rows: int, apart: float
) -> None:
    assert chunk(account(per_second), kind) == rows
    assert gap(account(per_second), kind).total_seconds() == pytest.approx(apart, abs=1e-6)


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"), [(21, 0, True), (20, 59, False), (0, 0, True), (7, 29, True), (7, 30, False)]
)
def test_quiet_hours_are_those_of_inner_mongolia(hour: int, minute: int, *, quiet: bool) -> None:
    local = datetime(2026, 11, 23, hour, minute, tzinfo=LOCAL)
    assert is_quiet(local.astimezone(UTC)) is quiet
    assert awake(local.astimezone(UTC)) == ((Kind.URGENT,) if quiet else tuple(Kind))


@given(st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_waits_for_the_morning_waits_less_than_a_night(now: datetime) -> None:
    then = after_quiet(now)
    assert not is_quiet(then)
    assert timedelta(0) <= then - now <= timedelta(hours=10, minutes=30)
    assert then == now or is_quiet(now)


@pytest.mark.parametrize(
    ("opens", "closes", "last"),
    [
        (None, date(2026, 12, 27), date(2026, 12, 25)),  # a Sunday
        (date(2026, 12, 26), date(2026, 12, 27), date(2026, 12, 27)),  # nothing but a weekend
        (None, date(2026, 10, 7), date(2026, 9, 30)),  # the end of the October holidays
        (None, date(2026, 12, 25), date(2026, 12, 25)),
    ],
)
def test_the_last_day_is_one_on_which_the_office_is_open(opens: date | None, closes: date, last: date) -> None:
    assert last_day(opens, closes, office_days()) == last
