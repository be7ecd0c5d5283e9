"""What was planned at night and is out of date in the morning: nobody misses the last day by it."""

from datetime import date

import pytest

from bot.dialogue.turn import Knowledge
from storage import residents
from storage.database import Database
from tests.scheduler.village import Village, at

OPENS, CLOSES, BEFORE = date(2026, 12, 7), date(2026, 12, 25), date(2026, 12, 1)


@pytest.fixture
async def village(database: Database, know: Knowledge) -> Village:
    return await Village.founded(database, know)


async def test_what_was_out_of_date_in_the_morning_is_told_anew_on_that_day(village: Village) -> None:
    await village.resident("aunt")
    window = await village.window(OPENS, CLOSES, BEFORE)
    await village.look(at(CLOSES, 0, 30))
    await village.move(window, at(CLOSES, 7), opens_on=date(2026, 12, 8))
    await village.send(at(CLOSES, 7, 31))  # planned at night for other days: there is nothing true to say
    assert village.days("aunt") == []
    for minute in (40, 50):
        await village.look(at(CLOSES, 7, minute))
        await village.send(at(CLOSES, 7, minute))
    assert village.days("aunt") == [CLOSES]


async def test_who_said_stop_and_comes_back_on_the_last_day_is_told_on_it(village: Village) -> None:
    who = await village.resident("aunt")
    await village.window(OPENS, CLOSES, BEFORE)
    await village.look(at(CLOSES, 0, 30))
    async with village.database.begin() as conn:
        await residents.stop(conn, who, at(CLOSES, 1))
    await village.send(at(CLOSES, 7, 31))
    async with village.database.begin() as conn:
        await residents.resume(conn, who)
    await village.look(at(CLOSES, 9))
    await village.send(at(CLOSES, 9))
    assert village.days("aunt") == [CLOSES]


async def test_who_moved_away_meanwhile_is_not_told_of_the_old_place(village: Village) -> None:
    who = await village.resident("aunt")
    await village.window(OPENS, CLOSES, BEFORE)
    await village.look(at(CLOSES, 0, 30))
    async with village.database.begin() as conn:
        await residents.save_places(conn, who, ["150202001"])
    await village.send(at(CLOSES, 9))
    assert village.days("aunt") == []
