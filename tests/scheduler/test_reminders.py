"""Reminders: in time, once, in words that fit the day; never after closing; nothing to who wants nothing."""

import re
from datetime import date, timedelta

import pytest

from bot.dialogue.turn import Knowledge
from scheduler.sending import NotNow, Sent, TryLater
from storage import deliveries, following, residents
from storage.database import Database
from storage.following import Follow
from storage.windows import Timing
from tests.scheduler.village import BANNER, PROGRAMME, TOWN, VILLAGE, Village, at

# December 2026: the 1st is a Tuesday; the 7th a Monday; the 25th a Friday.
OPENS, CLOSES = date(2026, 12, 7), date(2026, 12, 25)
BEFORE, AFTER = date(2026, 12, 1), date(2026, 12, 31)


@pytest.fixture
async def village(database: Database, know: Knowledge) -> Village:
    return await Village.founded(database, know)


def december(*days: int) -> list[date]:
    return [date(2026, 12, day) for day in days]


async def test_a_follower_is_told_at_opening_a_week_and_a_day_before_the_end_and_on_the_last_day(
    village: Village,
) -> None:
    await village.resident("aunt")
    await village.window(OPENS, CLOSES, BEFORE, where_to_go="苏木镇便民服务大厅")
    await village.live(BEFORE, AFTER, hours=(8, 9, 15))
    assert village.days("aunt") == december(7, 18, 24, 25)
    said = [text for _, text in village.got["aunt"]]
    assert "今天开始收了" in said[0]
    assert "最后一天是12月25日星期五。还有7天。" in said[1]
    assert "明天最后一天" in said[2]
    assert "今天最后一天" in said[3]
    assert all("苏木镇便民服务大厅" in text and "粮食大豆保险" in text for text in said)


async def test_the_same_look_twice_plans_nothing_twice(village: Village) -> None:
    await village.resident("aunt")
    await village.window(OPENS, CLOSES, BEFORE)
    first = await village.look(at(OPENS))
    assert (first.lines, first.deliveries) == (1, 1)
    for hour in (9, 10, 20):
        again = await village.look(at(OPENS, hour))
        assert (again.lines, again.deliveries) == (0, 0)


async def test_a_look_missed_for_days_catches_up_with_words_of_the_day(village: Village) -> None:
    await village.resident("aunt")
    await village.window(OPENS, CLOSES, BEFORE)
    await village.live(date(2026, 12, 20), date(2026, 12, 20))
    assert village.days("aunt") == december(20)
    assert "已经开了" in village.last("aunt")
    assert "还有5天" in village.last("aunt")


async def test_nothing_is_sent_after_closing(village: Village) -> None:
    await village.resident("aunt")
    await village.window(OPENS, CLOSES, BEFORE)
    await village.live(date(2026, 12, 26), AFTER)
    assert village.days("aunt") == []


async def test_what_was_planned_and_could_not_leave_in_time_never_leaves(village: Village) -> None:
    await village.resident("aunt")
    await village.window(OPENS, CLOSES, BEFORE)
    village.platform.answer = lambda _: TryLater(timedelta(hours=1))
    await village.live(CLOSES, CLOSES)
    village.platform.answer = lambda _: Sent()
    await village.send(at(CLOSES, 19))
    assert village.days("aunt") == []


async def test_who_joins_late_is_told_that_it_is_open_and_then_what_lies_ahead(village: Village) -> None:
    await village.window(OPENS, CLOSES, BEFORE)
    await village.live(BEFORE, date(2026, 12, 9))
    await village.resident("late")
    await village.live(date(2026, 12, 10), AFTER)
    assert village.days("late") == december(10, 18, 24, 25)
    assert "已经开了" in village.got["late"][0][1]


async def test_several_due_on_one_day_are_one_message(village: Village) -> None:
    await village.resident("aunt", Follow("place", VILLAGE))
    for batch in ("春季", "秋季"):
        await village.window(OPENS, CLOSES, BEFORE, batch=batch)
    await village.window(OPENS, OPENS, BEFORE, programme=None, matter="地膜领取", topic=None)
    await village.live(OPENS, OPENS)
    assert village.days("aunt") == [OPENS]
    assert village.last("aunt").count("今天开始收了") == 3
    assert "地膜领取" in village.last("aunt")


async def test_at_night_nothing_comes_and_in_the_morning_it_does(village: Village) -> None:
    await village.resident("aunt")
    await village.window(OPENS, CLOSES, BEFORE)
    for hour in (0, 3, 7):
        await village.look(at(OPENS, hour))
        await village.send(at(OPENS, hour))
    assert village.days("aunt") == []
    await village.send(at(OPENS, 7, 30))
    assert village.days("aunt") == [OPENS]


async def test_a_last_day_when_the_office_is_closed_says_to_go_before(village: Village) -> None:
    sunday = date(2026, 12, 27)
    await village.resident("aunt")
    await village.window(OPENS, sunday, BEFORE)
    await village.live(BEFORE, AFTER)
    assert village.days("aunt") == december(7, 18, 24, 25)
    assert "12月27日星期日办公室不上班。最晚12月25日星期五去。" in village.got["aunt"][2][1]
    assert "今天就去" in village.last("aunt")


async def test_who_was_told_the_old_days_is_told_the_new_ones_once(village: Village) -> None:
    await village.resident("aunt")
    window = await village.window(OPENS, CLOSES, BEFORE)
    await village.live(BEFORE, date(2026, 12, 8))
    await village.move(window, at(date(2026, 12, 8), 12), closes_on=date(2026, 12, 15))
    await village.resident("new")
    await village.live(date(2026, 12, 9), AFTER)
    assert village.days("aunt") == december(7, 9, 14, 15)
    assert "日子改了" in village.got["aunt"][1][1]
    assert "12月15日" in village.got["aunt"][1][1]
    assert not any("日子改了" in text for _, text in village.got["new"])


async def test_a_window_moved_there_and_back_is_told_both_times(village: Village) -> None:
    await village.resident("aunt")
    window = await village.window(OPENS, CLOSES, BEFORE)
    await village.live(OPENS, OPENS)
    for day, closes in ((date(2026, 12, 9), date(2026, 12, 30)), (date(2026, 12, 10), CLOSES)):
        await village.move(window, at(day, 8), closes_on=closes)
        await village.live(day, day)
    assert village.days("aunt") == december(7, 9, 10)


async def test_a_move_before_anybody_was_told_is_no_news(village: Village) -> None:
    await village.resident("aunt")
    window = await village.window(OPENS, CLOSES, BEFORE)
    await village.look(at(OPENS, 6))
    await village.move(window, at(OPENS, 7), closes_on=date(2026, 12, 30))
    await village.live(OPENS, OPENS)
    assert village.days("aunt") == [OPENS]
    assert "日子改了" not in village.last("aunt")
    assert "12月30日" in village.last("aunt")


async def test_who_was_told_hears_that_it_was_cancelled_and_others_hear_nothing(village: Village) -> None:
    await village.resident("aunt")
    window = await village.window(OPENS, CLOSES, BEFORE)
    await village.live(OPENS, OPENS)
    await village.resident("new")
    await village.cancel(window, at(date(2026, 12, 8), 7))
    await village.live(date(2026, 12, 8), AFTER)
    assert village.days("aunt") == december(7, 8)
    assert "这回不收了" in village.last("aunt")
    assert village.days("new") == []


async def test_the_earlier_window_comes_first_and_after_it_the_one_above(village: Village) -> None:
    await village.resident("aunt")
    await village.resident("elsewhere", places=(BANNER,))
    await village.window(OPENS, CLOSES, BEFORE)
    await village.window(OPENS, date(2026, 12, 15), BEFORE, place=VILLAGE)
    await village.live(BEFORE, AFTER)
    assert village.days("aunt") == december(7, 8, 14, 15, 16, 18, 24, 25)
    assert "村里收的日子过了，旗县还收，快去苏木镇问。" in village.got["aunt"][4][1]
    assert village.days("elsewhere") == december(7, 18, 24, 25)


AWAITED = {"timing": Timing.AWAITING, "opens_on": None, "closes_on": None, "about": "大概1月，等通知"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (AWAITED, "新日子还没定，等通知。"),
        ({"closes_on": date(2026, 12, 14)}, "12月14日星期一就收完了。"),
        ({"opens_on": date(2026, 12, 28)}, "12月28日星期一开始收。"),
    ],
    ids=["awaits a notice", "over", "opens later"],
)
async def test_after_the_villages_days_nobody_is_sent_to_a_banner_that_takes_nothing(
    village: Village, change: dict[str, object], said: str
) -> None:
    await village.resident("aunt")
    banner = await village.window(OPENS, date(2026, 12, 30), BEFORE)
    await village.window(OPENS, date(2026, 12, 15), BEFORE, place=VILLAGE)
    await village.live(BEFORE, date(2026, 12, 16))
    assert "旗县还收" in village.last("aunt")
    await village.move(banner, at(date(2026, 12, 17), 7), **change)
    await village.live(date(2026, 12, 17), date(2026, 12, 17))
    assert village.days("aunt")[-1] == date(2026, 12, 17)
    assert said in village.last("aunt")
    assert "还收" not in village.last("aunt")


async def test_moved_so_that_no_office_opens_before_the_end_nobody_is_told_to_go_on_a_day_that_is_over(
    village: Village,
) -> None:
    saturday, sunday = date(2026, 12, 26), date(2026, 12, 27)
    await village.resident("aunt")
    window = await village.window(OPENS, date(2026, 12, 31), BEFORE)
    await village.live(BEFORE, date(2026, 12, 25))
    await village.move(window, at(saturday, 8), closes_on=sunday)
    await village.live(saturday, saturday)
    assert village.days("aunt")[-1] == saturday
    assert "最后一天是12月27日星期日。那几天办公室都不上班，先打电话问。" in village.last("aunt")
    assert "最晚" not in village.last("aunt")


async def test_the_village_is_not_called_done_while_another_batch_of_it_lies_ahead(village: Village) -> None:
    await village.resident("aunt")
    await village.window(None, date(2026, 12, 4), BEFORE, place=VILLAGE, batch="第一批")
    await village.window(date(2026, 12, 14), date(2026, 12, 31), BEFORE, place=VILLAGE, batch="第二批")
    await village.window(OPENS, date(2026, 12, 18), BEFORE)
    await village.live(BEFORE, AFTER)
    said = [text for _, text in village.got["aunt"]]
    assert any("旗" in text and "收的日子过了" not in text for text in said)
    assert not any("村里收的日子过了" in text for text in said)
    assert "（第一批）" in said[0]
    assert "（第二批）" in said[-1]


async def test_who_stopped_left_or_was_erased_or_no_longer_follows_gets_nothing(village: Village) -> None:
    who = {name: await village.resident(name) for name in ("stopped", "gone", "erased", "unfollowed", "aunt")}
    await village.window(OPENS, CLOSES, BEFORE)
    await village.look(at(OPENS, 1))
    async with village.database.begin() as conn:
        await residents.stop(conn, who["stopped"], at(OPENS, 2))
        await residents.gone(conn, channel="telegram", account="bot", address="gone", now=at(OPENS, 2))
        await residents.erase(conn, who["erased"])
        await following.unfollow(conn, who["unfollowed"], "programme", PROGRAMME)
    await village.live(OPENS, AFTER)
    assert {name for name, got in village.got.items() if got} == {"aunt"}


@pytest.mark.parametrize(
    ("follow", "place", "told"),
    [
        (Follow("programme", PROGRAMME), VILLAGE, True),
        (Follow("programme", "straw"), VILLAGE, False),
        (Follow("topic", "insurance"), VILLAGE, True),
        (Follow("topic", "loan"), VILLAGE, False),
        (Follow("place", VILLAGE), VILLAGE, True),
        (Follow("place", TOWN), "1506", True),
        (Follow("programme", PROGRAMME), "150622", False),
        (Follow("programme", PROGRAMME), "1506", False),
    ],
)
async def test_a_window_is_for_who_follows_it_and_lives_below(
    village: Village, follow: Follow, place: str, *, told: bool
) -> None:
    await village.resident("aunt", follow, places=(place,))
    await village.window(OPENS, CLOSES, BEFORE)
    await village.live(OPENS, OPENS)
    assert bool(village.days("aunt")) is told


async def test_a_window_of_the_whole_region_reaches_who_named_no_place(village: Village) -> None:
    await village.resident("aunt", places=())
    await village.window(OPENS, CLOSES, BEFORE, place="15")
    await village.live(OPENS, OPENS)
    assert village.days("aunt") == [OPENS]


async def test_a_sensitive_thing_needs_its_own_consent_and_is_not_named(village: Village) -> None:
    await village.resident("no", Follow("place", VILLAGE))
    await village.resident("quiet", Follow("programme", "dibao", consented=True, discreet=True))
    await village.resident("open", Follow("programme", "dibao", consented=True))
    more = {"programme": "dibao", "topic": "low-income", "sensitive": True}
    await village.window(OPENS, CLOSES, BEFORE, where_to_go="民政所", **more)
    await village.live(OPENS, OPENS)
    assert village.days("no") == []
    assert "快到日子了" in village.last("quiet")
    assert "低保" not in village.last("quiet")
    assert "民政" not in village.last("quiet")
    assert "低保" in village.last("open")
    assert "回我“看这件事”" in village.last("quiet")


async def test_where_there_are_no_buttons_a_reminder_names_what_may_be_said_and_has_no_numbers(
    village: Village,
) -> None:
    await village.resident("aunt")
    await village.window(OPENS, CLOSES, BEFORE)
    await village.live(OPENS, OPENS)
    assert "就回我：“看粮食大豆保险”" in village.last("aunt")
    assert village.last("aunt").count("“别再给我发”") == 1
    assert not re.search(r"^\d ", village.last("aunt"), re.M)


async def test_what_a_channel_may_not_say_now_waits_as_one_message_and_fits_the_day_of_contact(
    village: Village,
) -> None:
    who = await village.resident("aunt")
    await village.window(OPENS, CLOSES, BEFORE)
    village.platform.answer = lambda _: NotNow()
    await village.live(OPENS, date(2026, 12, 20))
    village.platform.answer = lambda _: Sent()
    async with village.database.begin() as conn:
        assert await deliveries.release(conn, who, at(date(2026, 12, 21))) == 1
    await village.send(at(date(2026, 12, 21)))
    assert "还有4天" in village.last("aunt")
    await village.live(date(2026, 12, 22), AFTER)
    assert village.days("aunt") == december(21, 24, 25)


async def test_open_until_further_notice_is_told_once_and_its_end_when_it_is_set(village: Village) -> None:
    await village.resident("aunt")
    window = await village.window(OPENS, None, BEFORE)
    await village.live(BEFORE, date(2026, 12, 10))
    assert village.days("aunt") == december(7)
    assert "等通知" in village.last("aunt")
    await village.move(window, at(date(2026, 12, 11), 7), closes_on=CLOSES, timing=Timing.DATED)
    await village.live(date(2026, 12, 11), AFTER)
    assert village.days("aunt") == december(7, 11, 18, 24, 25)


async def test_a_yearly_window_that_rolls_on_is_no_move(village: Village) -> None:
    await village.resident("aunt")
    window = await village.window(OPENS, CLOSES, BEFORE, timing=Timing.YEARLY)
    await village.live(OPENS, AFTER)
    next_year = {"opens_on": date(2027, 12, 7), "closes_on": date(2027, 12, 24)}
    await village.move(window, at(date(2027, 1, 1), 7), **next_year)
    await village.live(date(2027, 1, 1), date(2027, 1, 10))
    await village.live(date(2027, 12, 1), date(2027, 12, 8))
    assert village.days("aunt") == [*december(7, 18, 24, 25), date(2027, 12, 7)]


async def test_a_window_of_one_day_is_told_before_it(village: Village) -> None:
    await village.resident("aunt")
    await village.window(CLOSES, CLOSES, BEFORE)
    await village.live(BEFORE, AFTER)
    assert village.days("aunt") == december(18, 24, 25)
    assert "只收12月25日星期五这一天。还有7天。" in village.got["aunt"][0][1]
