"""The phone's calendar: read back by a strict reader, its days those of the windows."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from httpx import ASGITransport, AsyncClient
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.channels.web.app import web_app
from bot.channels.web.site import Site
from bot.dialogue.turn import Knowledge
from bot.pipeline import Pipeline
from bot.windows.ics import calendar_of
from content.local import Local, Window
from storage.database import Database
from tests.dialogue.test_windows import BANNER, VILLAGE, any_window, window

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)


def events(know: Knowledge, *windows: Window) -> dict[str, object]:
    """What the calendar says on which day, as another program reads it."""
    read = Calendar.from_ical(calendar_of(windows, know.library, know.places, NOW))
    return {str(one["SUMMARY"]): one.decoded("DTSTART") for one in read.walk("VEVENT")}


def test_first_and_last_day_are_in_it(know: Knowledge) -> None:
    found = events(know, window(opens_on=date(2026, 12, 1)))
    assert found == {
        "粮食大豆保险：村里12月1日开始收": date(2026, 12, 1),
        "粮食大豆保险：村里最晚12月15日去": date(2026, 12, 15),
    }


def test_batches_of_one_thing_are_told_apart(know: Knowledge) -> None:
    assert list(events(know, window(batch="第二批"))) == ["粮食大豆保险（第二批）：村里最晚12月15日去"]


def test_a_last_day_on_which_the_office_is_closed_gives_way_to_the_one_before(know: Knowledge) -> None:
    assert list(events(know, window(closes_on=date(2026, 12, 27))).values()) == [date(2026, 12, 25)]


def test_what_is_over_or_awaited_is_not_in_it(know: Knowledge) -> None:
    over, awaited = window(closes_on=date(2026, 11, 20)), window(timing="awaiting", closes_on=None, about="大概12月")
    assert events(know, over, awaited) == {}


def test_it_wakes_a_week_and_a_day_before_and_on_the_day(know: Knowledge) -> None:
    read = Calendar.from_ical(calendar_of([window()], know.library, know.places, NOW))
    triggers = [one.decoded("TRIGGER") for one in read.walk("VALARM")]
    assert triggers == [timedelta(days=-7, hours=9), timedelta(days=-1, hours=9), timedelta(hours=8)]


@given(any_window(), st.text(alphabet="，；,;\\\n村会「」a 1", min_size=1, max_size=40))
def test_any_window_and_any_words_can_be_read_back(know: Knowledge, one: Window, words: str) -> None:
    given_words = replace(one, where_to_go=words, source=words)
    written = calendar_of([given_words], know.library, know.places, NOW)
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    for event in Calendar.from_ical(written).walk("VEVENT"):
        first, after = event.decoded("DTSTART"), event.decoded("DTEND")
        assert isinstance(first, date)
        assert first >= TODAY
        assert after == first + timedelta(days=1)
        assert "".join(words.split()) in "".join(str(event["DESCRIPTION"]).split())


@pytest.fixture
async def client(know: Knowledge, database: Database) -> AsyncIterator[AsyncClient]:
    known = replace(know, local=Local((window(), window(BANNER, programme="farm-loan"))))
    pipeline = Pipeline(lambda: known, database, per_minute=50, now=lambda: NOW)
    app = web_app(Site(pipeline, lambda: known, lambda: NOW, "page", secure=False))
    async with AsyncClient(transport=ASGITransport(app), base_url="https://page.example") as one:
        yield one


async def test_the_page_gives_a_place_or_one_thing_there(client: AsyncClient) -> None:
    whole = await client.get(f"/calendar.ics?place={VILLAGE}")
    one = await client.get(f"/calendar.ics?place={VILLAGE}&programme=farm-loan")
    assert whole.headers["content-type"] == "text/calendar; charset=utf-8"
    assert (whole.text.count("BEGIN:VEVENT"), one.text.count("BEGIN:VEVENT")) == (2, 1)


@pytest.mark.parametrize("query", ["", "?place=150302", "?place=zz", f"?place={VILLAGE}&programme=nothing"])
async def test_where_no_day_lies_ahead_there_is_no_file(client: AsyncClient, query: str) -> None:
    assert (await client.get(f"/calendar.ics{query}")).status_code == 404


async def test_the_page_leads_there_from_the_talk_and_shows_what_the_place_says(client: AsyncClient) -> None:
    await client.post("/ask", data={"action": f"enough-place:{VILLAGE}", "message_id": "a"})
    told = await client.post("/ask", data={"action": "remind:programme,grain-soy-insurance", "message_id": "b"})
    assert f'href="/calendar.ics?place={VILLAGE}&amp;programme=grain-soy-insurance"' in told.text
    card = await client.get(f"/card/grain-soy-insurance?place={VILLAGE}")
    assert "村里收到12月15日" in card.text
    assert "村里收到" not in (await client.get("/card/grain-soy-insurance")).text
