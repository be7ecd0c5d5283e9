"""Days and sources in one line, as staff type them to the bot."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.windows.dated import dated_source
from bot.windows.times import Times, Wrong
from bot.windows.typed import read_typed
from storage.windows import Timing

TODAY = date(2026, 11, 22)
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 25)
SPAN, UNTIL = Times(Timing.DATED, FIRST, LAST), Times(Timing.DATED, None, LAST)

MEANT = [
    *((said, UNTIL) for said in (
        "12月25日", "12月25日前", "到12月25日", "12.25", "截止12月25日", "十二月二十五号以前",
    )),
    *((said, SPAN) for said in (
        "12月1日到25日", "从12月1日到12月25日", "12月1日开始，12月25日截止", "12月1日起到25日", "12月1-25日",
        "12.1-12.25", "2026-12-01到2026-12-25", "12月1日—12月25日", "１２月１日至２５日",
    )),
    *((said, Times(Timing.OPEN_ENDED, FIRST)) for said in ("12月1日起", "12月1日开始，等通知", "12月1日到另行通知")),
    *((said, Times(Timing.OPEN_ENDED, TODAY)) for said in ("长期", "即日起", "今天起，没说哪天停", "正在收")),
    *((said, Times(Timing.DATED, date(2026, 12, 5), date(2026, 12, 5))) for said in ("只12月5日", "12月5日一天")),
    ("现在起到12月25日", Times(Timing.DATED, TODAY, LAST)),
    ("明天", Times(Timing.DATED, None, date(2026, 11, 23))),
    ("每年4月1日到4月30日", Times(Timing.YEARLY, date(2027, 4, 1), date(2027, 4, 30))),
    ("腊月二十三前", Times(Timing.DATED, None, date(2027, 1, 30))),
    ("大概12月，等通知", Times(Timing.AWAITING, about="大概12月，等通知")),
]  # fmt: skip


@pytest.mark.parametrize(("said", "times"), MEANT, ids=str)
def test_a_line_is_read_as_it_is_meant(said: str, times: Times) -> None:
    assert read_typed(said, TODAY) == times


@pytest.mark.parametrize(
    "said", ["尽快", "", "另行通知", "12月32日", "12月25日到12月1日", "每年大概4月", "12月1号早上", "到" * 70]
)
def test_what_is_not_sure_is_asked_again(said: str) -> None:
    with pytest.raises(Wrong):
        read_typed(said, TODAY)


@given(st.integers(-30, 200), st.integers(0, 120))
def test_every_span_of_the_coming_months_is_read(first: int, length: int) -> None:
    opens = TODAY + timedelta(days=first)
    closes = opens + timedelta(days=length)
    assert read_typed(f"{opens}到{closes}", TODAY) == Times(Timing.DATED, opens, closes)


@given(st.text(alphabet="0123456789.-/年月日底腊初十廿二到至起每只前大概通知长期，明天", max_size=40))
def test_nothing_typed_breaks_the_reader(said: str) -> None:
    with contextlib.suppress(Wrong):
        times = read_typed(said, TODAY)
        assert not (times.opens_on and times.closes_on and times.opens_on > times.closes_on)


@pytest.mark.parametrize(
    ("said", "source", "on"),
    [
        ("旗农牧局通知，2026年11月20日", "旗农牧局通知", date(2026, 11, 20)),
        ("内农发〔2026〕3号 2026-11-20", "内农发〔2026〕3号", date(2026, 11, 20)),
        ("我嘎查村委会通知", "我嘎查村委会通知", None),
        ("内农发〔2026〕3号", "内农发〔2026〕3号", None),
        ("通知，2027年5月1日", "通知，2027年5月1日", None),
        ("通知，11月20日", "通知，11月20日", None),
    ],
)
def test_the_day_of_a_source_is_taken_off_its_end(said: str, source: str, on: date | None) -> None:
    assert dated_source(said, TODAY) == (source, on)
