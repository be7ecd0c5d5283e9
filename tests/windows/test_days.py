"""Days as people type them, read the way they are meant or not at all."""

import contextlib
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.windows.days import Unreadable, read_day

TODAY = date(2026, 11, 22)

MEANT: list[tuple[object, str]] = [
    ("2026-12-25", "2026-12-25"),
    ("2026/12/25", "2026-12-25"),
    ("2026.12.25", "2026-12-25"),
    ("20261225", "2026-12-25"),
    (20261225, "2026-12-25"),
    ("2026年12月25日", "2026-12-25"),
    ("２０２６年１２月２５号", "2026-12-25"),
    (" 2026 年 12 月 25 日 ", "2026-12-25"),
    ("二〇二六年十二月二十五日", "2026-12-25"),
    ("12.25", "2026-12-25"),
    (12.25, "2026-12-25"),
    ("12.1", "2026-12-01"),
    ("12.10", "2026-12-10"),
    (12.4, "2026-12-04"),
    ("12-25", "2026-12-25"),
    ("12/25", "2026-12-25"),
    ("12月25日", "2026-12-25"),
    ("12月25日前", "2026-12-25"),
    ("12月25日截止", "2026-12-25"),
    ("12月1日起", "2026-12-01"),
    ("十二月二十五号", "2026-12-25"),
    ("12月底前", "2026-12-31"),
    ("12月底", "2026-12-31"),
    ("2月末", "2027-02-28"),
    ("年底前", "2026-12-31"),
    ("明年底", "2027-12-31"),
    ("明年3月1日", "2027-03-01"),
    ("3月1日", "2027-03-01"),  # this year's is long past
    ("10月31日", "2026-10-31"),  # this year's is not
    ("腊月二十三", "2027-01-30"),
    ("腊月廿三", "2027-01-30"),
    ("腊月23", "2027-01-30"),
    ("正月十五", "2027-02-20"),
    ("正月初七前", "2027-02-12"),
    ("农历十一月初一", "2026-12-09"),
    ("冬月初一", "2026-12-09"),
    ("腊月底", "2027-02-05"),
    ("2026年腊月二十三", "2027-01-30"),
    ("除夕", "2027-02-05"),
    ("春节前", "2027-02-05"),
    ("元旦前", "2026-12-31"),
    ("端午节", "2027-06-09"),
    ("腊月三十", "2027-02-05"),
    (datetime(2026, 12, 25), "2026-12-25"),  # noqa: DTZ001 - a spreadsheet's own days have no zone
    (date(2026, 12, 25), "2026-12-25"),
    (46381, "2026-12-25"),
    (46381.0, "2026-12-25"),
]

NOT_SURE: list[tuple[object, str]] = [
    (12.1, "cut_number"),  # 12.1 or 12.10: the spreadsheet has cut it
    (12.3, "cut_number"),
    ("2月30日", "no_such_day"),
    ("2026-13-01", "no_such_day"),
    ("腊月三十五", "no_such_day"),
    ("2026年闰六月初一", "no_such_day"),
    ("1926-12-25", "far_year"),
    ("12月中旬", "no_day"),
    ("下个月", "no_day"),
    ("尽快", "no_day"),
    ("12", "no_day"),
    (12, "no_day"),
    (True, "no_day"),
    (None, "no_day"),
    ("", "no_day"),
    ("十月", "no_day"),
    ("八月十五", "which_calendar"),  # 中秋, or 15 August
    ("二月二前", "which_calendar"),
    ("明年三月三", "which_calendar"),
]


@pytest.mark.parametrize(("typed", "meant"), MEANT, ids=str)
def test_a_day_is_read_as_it_is_meant(typed: object, meant: str) -> None:
    assert read_day(typed, TODAY).isoformat() == meant


@pytest.mark.parametrize(("typed", "why"), NOT_SURE, ids=str)
def test_what_is_not_sure_is_not_guessed(typed: object, why: str) -> None:
    with pytest.raises(Unreadable) as told:
        read_day(typed, TODAY)
    assert told.value.why == why


WRITINGS = ("{0.year}-{0.month}-{0.day}", "{0.year}年{0.month}月{0.day}日", "{0.month}月{0.day}日", "{0.month}.{0.day}")


@given(st.integers(-60, 300).map(lambda days: TODAY + timedelta(days=days)), st.sampled_from(WRITINGS))
def test_every_day_of_the_coming_months_is_read_in_every_writing(day: date, writing: str) -> None:
    assert read_day(writing.format(day), TODAY) == day


@given(st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.text(alphabet="0123456789.-/年月日底腊初十廿二")))
def test_nothing_typed_breaks_the_reader(typed: object) -> None:
    with contextlib.suppress(Unreadable):
        assert 2020 <= read_day(typed, TODAY).year < 2100
