"""/reach and /windows: figures that point at nobody, and what staff look at."""

from contextlib import AsyncExitStack
from datetime import date

import pytest
from sqlalchemy import insert, update

from bot.staff.overview import rounded
from bot.staff.work import Connected
from storage import reach, residents, wechat, windows
from storage.tables import resident
from storage.windows import Entered, Timing
from tests.staff.conftest import BANNER, TOWNSHIP, VILLAGE, Desk


async def people(desk: Desk, count: int, *places: str, channel: str = "telegram") -> None:
    common: dict[str, object] = {"channel": channel, "account": "bot", "places": list(places)}
    common |= {"created_on": date(2026, 11, 1), "seen_on": date(2026, 11, 20)}
    rows = [common | {"address": f"{channel}-{places}-{number}"} for number in range(count)]
    async with desk.database.begin() as conn:
        await conn.execute(insert(resident), rows)


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (9, 0), (10, 10), (14, 10), (15, 15), (1234, 1230)])
def test_figures_are_rounded_down_and_small_ones_not_shown(count: int, shown: int) -> None:
    assert rounded(count) == shown


async def test_those_who_can_be_reached_now_are_counted_by_channel(desk: Desk) -> None:
    await people(desk, 12, VILLAGE)
    await people(desk, 5, "150622", VILLAGE)
    await people(desk, 40, "150622")
    await people(desk, 11, VILLAGE, channel="web")
    async with desk.database.begin() as conn:
        assert await reach.reachable(conn, VILLAGE, now=desk.now) == {"telegram": 17, "web": 11}
        assert await reach.reachable(conn, TOWNSHIP, now=desk.now) == {"telegram": 17, "web": 11}
        assert await reach.reachable(conn, "1506", now=desk.now) == {"telegram": 57, "web": 11}
        await conn.execute(update(resident).where(resident.c.address.endswith("-0")).values(stopped_at=desk.now))
        await conn.execute(update(resident).where(resident.c.address.endswith("-1")).values(gone_at=desk.now))
        assert await reach.reachable(conn, VILLAGE, now=desk.now) == {"telegram": 13, "web": 9}
        assert await reach.reachable(conn, VILLAGE, guests_only=True, now=desk.now) == {}


async def test_of_wechat_only_those_to_whom_it_lets_us_write_now(desk: Desk) -> None:
    await people(desk, 3, VILLAGE, channel="wechat")
    async with desk.database.begin() as conn:
        assert await reach.reachable(conn, VILLAGE, now=desk.now) == {}
        await wechat.acted(conn, "bot", f"wechat-{(VILLAGE,)}-1", "message", desk.now)
        assert await reach.reachable(conn, VILLAGE, now=desk.now) == {"wechat": 1}
        desk.later(days=3)
        assert await reach.reachable(conn, VILLAGE, now=desk.now) == {}


async def test_reach_tells_rounded_figures_for_each_of_my_places(closed: Desk) -> None:
    closed.connected = Connected(speaking=frozenset({"telegram"}))
    await people(closed, 23, VILLAGE)
    await people(closed, 30, VILLAGE, channel="web")
    async with AsyncExitStack() as stack:
        await closed.open(stack)
        person = await closed.member(77, VILLAGE, "150622")
        here, there, note = await closed.ask(person, "/reach")
    assert here.text == ("翻身村，现在能主动发到的：\n· Telegram：约20人\n· 网页：发不到，只能等他们自己来看")
    assert there.text == "准格尔旗，现在能主动发到的：\n· Telegram：不到10人，不显示"
    assert "看不出是谁" in note.text


async def test_in_trial_only_guests_count(closed: Desk) -> None:
    closed.connected = Connected(trial=True, speaking=frozenset({"telegram"}))
    await people(closed, 23, VILLAGE)
    async with AsyncExitStack() as stack:
        await closed.open(stack)
        person = await closed.member()
        here, trial, _ = await closed.ask(person, "/reach")
    assert "不到10人" in here.text
    assert "试用" in trial.text


async def test_windows_of_my_places_and_below_are_listed(desk: Desk) -> None:
    person = await desk.member(77, TOWNSHIP)
    assert "还没有登记" in (await desk.ask(person, "/windows"))[0].text
    async with desk.database.begin() as conn:
        for place in (VILLAGE, BANNER):
            entered = Entered(
                place=place, timing=Timing.DATED, matter="化肥登记", closes_on=date(2026, 12, 15), source="村委会通知"
            )
            await windows.enter(conn, entered, author="staff:1", reason="entered", now=desk.now)
    (said,) = await desk.ask(person, "/windows")
    assert "翻身村 化肥登记" in said.text
    assert len(said.text.splitlines()) == 1


async def test_a_resident_counts_once_however_many_of_their_places_lie_here(desk: Desk) -> None:
    async with desk.database.begin() as conn:
        who = await residents.meet(conn, channel="telegram", account="bot", address="x", now=desk.now)
        await residents.save_places(conn, who.id, [VILLAGE, TOWNSHIP, BANNER])
        assert await reach.reachable(conn, BANNER, now=desk.now) == {"telegram": 1}
