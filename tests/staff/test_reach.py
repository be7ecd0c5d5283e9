"""/reach and /windows: figures that point at nobody, and what staff look at."""

from contextlib import AsyncExitStack
from datetime import date

from sqlalchemy import insert

from bot.staff.work import Connected
from scheduler.interest import frame_of
from storage import windows
from storage.interest import closing
from storage.tables import resident
from storage.windows import Entered, Timing
from tests.staff.conftest import BANNER, TOWNSHIP, VILLAGE, Desk

TODAY = date(2026, 11, 22)


async def people(desk: Desk, count: int, *places: str, channel: str = "telegram") -> None:
    common: dict[str, object] = {"channel": channel, "account": "bot", "places": list(places)}
    common |= {"created_on": date(2026, 11, 1), "seen_on": date(2026, 11, 20)}
    rows = [common | {"address": f"{channel}-{places}-{number}"} for number in range(count)]
    async with desk.database.begin() as conn:
        await conn.execute(insert(resident), rows)


async def test_reach_is_told_for_the_fixed_unit_and_never_for_a_village(closed: Desk) -> None:
    closed.connected = Connected(speaking=frozenset({"telegram"}))
    await people(closed, 23, VILLAGE)
    await people(closed, 30, "150622100201", channel="wechat")
    await people(closed, 30, VILLAGE, channel="web")
    async with closed.database.begin() as conn:
        month = date(2026, 10, 1)
        await closing.close(conn, month, frame_of(closed.know.library, closed.know.places), today=TODAY, now=closed.now)
    async with AsyncExitStack() as stack:
        await closed.open(stack)
        person = await closed.member(77, VILLAGE, "150622", "1506")
        (said,) = await closed.ask(person, "/reach")
    here, there, all_, note = said.text.splitlines()
    assert here == "翻身村：跟达拉特旗一起数，10月底能主动发到的人数太少，不显示。"
    assert there == "准格尔旗：10月底能主动发到的约30人。"
    assert all_.startswith("鄂尔多斯：10月底能主动发到的约30人，另有")
    assert "看不出是谁" in note


async def test_before_the_first_close_reach_tells_nothing(closed: Desk) -> None:
    await people(closed, 90, VILLAGE)
    closed.connected = Connected(trial=True)
    async with AsyncExitStack() as stack:
        await closed.open(stack)
        person = await closed.member()
        (said,) = await closed.ask(person, "/reach")
    here, never, trial, _ = said.text.splitlines()
    assert "还没有数过" in here
    assert "没有接上" in never
    assert "试用" in trial


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
    assert "化肥登记，达拉特旗中和西镇翻身村" in said.text
    assert "登记了1条" in said.text
