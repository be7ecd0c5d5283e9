"""What tomorrow would be too late comes as a second message of the day, once; everything else waits for tomorrow."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.dialogue.turn import Knowledge
from scheduler.sending import Refused, Sent
from storage import windows
from storage.database import Database
from storage.following import Follow
from tests.scheduler.village import VILLAGE, Village, at

OPENS, CLOSES, BEFORE = date(2026, 12, 7), date(2026, 12, 25), date(2026, 12, 1)
TOLD_ON = date(2026, 12, 18)  # a Friday, 7 days before the end
TOMORROW = TOLD_ON + timedelta(days=1)


@pytest.fixture
async def village(database: Database, know: Knowledge) -> Village:
    made = await Village.founded(database, know)
    await made.resident("aunt", Follow("place", VILLAGE))
    return made


async def lives(village: Village, day: date, *hours: int) -> None:
    for hour in hours:
        await village.live(day, day, hours=(hour,))


async def test_who_got_today_s_message_hears_of_a_window_moved_to_today_on_this_day(village: Village) -> None:
    window = await village.window(OPENS, CLOSES, BEFORE)
    await lives(village, TOLD_ON, 8)
    await village.move(window, at(TOLD_ON, 10), closes_on=TOLD_ON)
    await lives(village, TOLD_ON, 11, 12, 17)
    assert village.days("aunt") == [TOLD_ON, TOLD_ON]
    assert "日子改了" in village.last("aunt")
    assert "今天最后一天" in village.last("aunt")


async def test_and_of_one_that_was_to_end_tomorrow_and_is_cancelled(village: Village) -> None:
    window = await village.window(OPENS, CLOSES, BEFORE)
    thursday = CLOSES - timedelta(days=1)
    await lives(village, thursday, 8)
    await village.cancel(window, at(thursday, 15))
    await lives(village, thursday, 16, 17)
    assert village.days("aunt") == [thursday, thursday]
    assert "这回不收了" in village.last("aunt")


async def test_a_change_that_can_wait_comes_tomorrow(village: Village) -> None:
    window = await village.window(OPENS, CLOSES, BEFORE)
    await lives(village, TOLD_ON, 8)
    await village.move(window, at(TOLD_ON, 10), closes_on=date(2026, 12, 23))
    await lives(village, TOLD_ON, 11)
    assert village.days("aunt") == [TOLD_ON]
    await lives(village, TOMORROW, 9)
    assert village.days("aunt") == [TOLD_ON, TOMORROW]


async def test_there_is_no_third_message_and_what_still_helps_comes_tomorrow(village: Village) -> None:
    window = await village.window(OPENS, CLOSES, BEFORE)
    await lives(village, TOLD_ON, 8)
    await village.move(window, at(TOLD_ON, 10), closes_on=TOLD_ON)
    await lives(village, TOLD_ON, 11)
    await village.move(window, at(TOLD_ON, 12), closes_on=date(2026, 12, 21))
    await lives(village, TOLD_ON, 13, 16)
    assert village.days("aunt") == [TOLD_ON, TOLD_ON]
    await lives(village, TOMORROW, 9)
    assert village.days("aunt") == [TOLD_ON, TOLD_ON, TOMORROW]
    assert "12月21日" in village.last("aunt")


async def test_what_staff_enter_today_and_ends_today_is_told_today(village: Village) -> None:
    await village.window(OPENS, CLOSES, BEFORE)
    await lives(village, TOLD_ON, 8)
    await village.window(TOLD_ON, TOLD_ON, TOLD_ON, programme=None, matter="地膜领取", topic=None)
    await village.window(TOLD_ON, CLOSES, TOLD_ON, programme=None, matter="打井登记", topic=None)
    await lives(village, TOLD_ON, 11)
    assert "地膜领取" in village.last("aunt")
    assert "打井登记" not in village.last("aunt")
    await lives(village, TOMORROW, 9)
    assert "打井登记" in village.last("aunt")


async def test_what_presses_at_night_comes_in_the_morning_as_that_day_s_one_message(village: Village) -> None:
    window = await village.window(OPENS, CLOSES, BEFORE)
    thursday = CLOSES - timedelta(days=1)
    await lives(village, thursday, 8)
    await village.cancel(window, at(thursday, 21, 30))
    await lives(village, thursday, 22)
    await lives(village, CLOSES, 0, 8, 12)
    assert village.days("aunt") == [thursday, CLOSES]
    assert "这回不收了" in village.last("aunt")


async def test_a_second_message_that_the_platform_refused_is_not_tried_again_today(village: Village) -> None:
    window = await village.window(OPENS, CLOSES, BEFORE)
    await lives(village, TOLD_ON, 8)
    await village.move(window, at(TOLD_ON, 10), closes_on=TOLD_ON)
    village.platform.answer = lambda _: Refused("odd")
    await lives(village, TOLD_ON, 11)
    village.platform.answer = lambda _: Sent()
    await lives(village, TOLD_ON, 12, 13)
    assert village.days("aunt") == [TOLD_ON]


async def test_a_window_taken_back_and_given_again_in_one_day_is_told_as_it_stands(village: Village) -> None:
    window = await village.window(OPENS, CLOSES, BEFORE)
    thursday = CLOSES - timedelta(days=1)
    await lives(village, thursday, 8)
    await village.cancel(window, at(thursday, 10))
    async with village.database.begin() as conn:
        await windows.publish(conn, window.id, confirmer="staff:1", reason="还收", now=at(thursday, 10, 5))
    await lives(village, thursday, 11)
    assert village.days("aunt") == [thursday]


async def test_a_message_that_leaves_while_a_look_plans_is_the_only_one_of_its_day(village: Village) -> None:
    """At 7:30 the drains begin with what waited at night, and a look may be under way."""
    eve = OPENS - timedelta(days=1)
    await village.window(eve, None, BEFORE)
    await village.look(at(eve, 22))
    await village.window(OPENS, CLOSES, BEFORE, batch="of the next day")
    async with village.database.begin() as conn:
        claim = "UPDATE delivery SET state = 'sending', drain = 1, moved_at = %(now)s WHERE state = 'queued'"
        assert (await conn.exec_driver_sql(claim, {"now": at(OPENS, 7, 30)})).rowcount == 1
        looking = asyncio.create_task(village.look(at(OPENS, 7, 30)))
        await asyncio.sleep(1)
        assert not looking.done()
    assert (await looking).deliveries == 0
    assert (await village.look(at(OPENS, 7, 40))).deliveries == 0


@pytest.fixture
async def elsewhere(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """The same database, from a host and with a session that are in New York."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    url = database.url.update_query_dict({"options": "-c timezone=America/New_York"})
    opened = await Database.open(url.render_as_string(hide_password=False), Path())
    yield opened
    await opened.close()
    monkeypatch.undo()
    time.tzset()


async def test_wherever_host_and_database_are_the_days_are_those_of_inner_mongolia(
    elsewhere: Database, know: Knowledge
) -> None:
    async with elsewhere.begin() as conn:
        assert (await conn.exec_driver_sql("SHOW timezone")).scalar_one() == "America/New_York"
    village = await Village.founded(elsewhere, know)
    await village.resident("aunt")
    window = await village.window(OPENS, CLOSES, BEFORE)
    await village.live(BEFORE, date(2026, 12, 17), hours=(0, 8, 23))
    await lives(village, TOLD_ON, 8)
    await village.move(window, at(TOLD_ON, 10), closes_on=TOMORROW)
    await lives(village, TOLD_ON, 11)
    await lives(village, TOMORROW, 0, 8, 12)
    assert village.days("aunt") == [OPENS, TOLD_ON, TOLD_ON]
    assert "12月19日" in village.last("aunt")
