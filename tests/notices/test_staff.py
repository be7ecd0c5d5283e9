"""The staff bot: from the first word of a notice to letting it go, by one person or two, and to stopping it."""

import re
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import select

from scheduler.calendar import local_date
from storage import broadcasts, receipts
from storage.broadcasts import Broadcast, BroadcastState, spreading
from storage.tables.staff import trail
from tests.fakes.telegram import Person, Said
from tests.notices.broadcasting import NEXT_VILLAGE, villagers
from tests.notices.people import Nobody
from tests.staff.conftest import BANNER, TOWNSHIP, VILLAGE, Desk, closed, desk, telegram

__all__ = ["closed", "desk", "telegram"]

TEXT = "明天上午9点在村委会打布病疫苗，免费。"


async def written(
    desk: Desk, person: Person, text: str = TEXT, kind: str = "普通通知（夜里不发）", to: str = "翻身村"
) -> list[Said]:
    """Write a notice up to its preview."""
    await desk.ask(person, "/notice")
    await desk.ask(person, text)
    await desk.ask(person, "打疫苗")
    await desk.tap(person, kind)
    await desk.ask(person, to)
    return await desk.tap(person, "批准以后就发")


async def newest(desk: Desk) -> Broadcast:
    async with desk.database.begin() as conn:
        return (await broadcasts.listed(conn, limit=1))[0]


async def none_yet(desk: Desk) -> bool:
    async with desk.database.begin() as conn:
        return not await broadcasts.listed(conn)


async def verbs(desk: Desk) -> list[str]:
    async with desk.database.begin() as conn:
        return list(await conn.scalars(select(trail.c.verb).order_by(trail.c.number)))


async def test_a_cadre_sends_a_notice_to_the_own_village_and_gets_what_the_others_need(desk: Desk) -> None:
    person = await desk.member()
    *_, whole = await written(desk, person)
    assert "现在一个也发不到" in whole.text
    out, heading, group, loudspeaker = await desk.tap(person, "发出去")
    sent = await newest(desk)
    assert (sent.state, sent.title, sent.text, sent.office) == (BroadcastState.APPROVED, "打疫苗", TEXT, "翻身村委会")
    assert f"编号{sent.number}，手机上一个人也发不到" in out.text
    assert "长按复制" in heading.text
    assert group.text.startswith(f"{sent.title}\n{TEXT}"), "a long press copies a whole message"
    assert sent.number in group.text
    assert "明天上午九点" in loudspeaker.text
    assert (await verbs(desk))[-2:] == ["submitted", "approved"]
    assert "没有正在写" in (await desk.tap_data(person, "notice-submit"))[0].text


async def test_values_are_put_in_and_what_has_none_is_told(desk: Desk) -> None:
    person = await desk.member()
    look, _ = await written(desk, person, "{嘎查}的人{日期}来，{{x}}。")
    assert "翻身村的人11月22日来，{{x}}。" in look.text
    await desk.tap(person, "改正文")
    (wrong,) = await desk.ask(person, "请{姓名}来")
    assert "没有“{姓名}”" in wrong.text
    assert "发出去" not in wrong.buttons
    await desk.tap_data(person, "notice-submit")
    assert await none_yet(desk)


async def test_what_exposes_people_can_t_be_submitted_by_any_way(desk: Desk) -> None:
    person = await desk.member()
    (stopped,) = await written(desk, person, Nobody(3).fill("请张建军（{id}）来领卡"))
    assert "名单请贴公示栏，不要群发" in stopped.text
    (again,) = await desk.tap_data(person, "notice-submit")
    assert "不能发" in again.text
    assert await none_yet(desk)


async def test_what_asks_for_money_needs_a_second_person_in_the_own_village_too(desk: Desk) -> None:
    await villagers(desk.database, 1)
    person = await desk.member()
    *_, whole = await written(desk, person, "医保钱今天微信转给李会计。")
    assert "另一个人" in whole.text
    (waiting,) = await desk.tap(person, "交上去等人批")
    assert "另一个" in waiting.text
    frozen = await newest(desk)
    assert frozen.state is BroadcastState.SUBMITTED
    (refused,) = await desk.tap_data(person, f"sent-approve:{frozen.id},{frozen.hash[:16]}")
    assert "另一个人" in refused.text
    other = await desk.member(78, VILLAGE, name="李书记")
    (shown,) = await desk.ask(other, "/sent")
    assert "医保钱今天微信转给李会计" in shown.text
    await desk.tap(other, "批准")
    assert (await newest(desk)).approved_by != frozen.staff_id


async def test_a_wider_one_is_approved_by_another_whose_places_hold_it_and_may_be_refused(desk: Desk) -> None:
    person = await desk.member(77, TOWNSHIP)
    await written(desk, person, to="中和西镇")
    await desk.tap(person, "交上去等人批")
    neighbour = await desk.member(78, VILLAGE, name="村里的")
    assert "没有等着批" in (await desk.ask(neighbour, "/sent"))[0].text
    frozen = await newest(desk)
    await desk.tap_data(neighbour, f"sent-approve:{frozen.id},{frozen.hash[:16]}")
    assert (await newest(desk)).state is BroadcastState.SUBMITTED
    above = await desk.member(79, BANNER, role="administrator", name="旗里的")
    await desk.ask(above, "/sent")
    assert "没有发" in (await desk.tap(above, "不批，退回"))[0].text
    assert (await newest(desk)).state is BroadcastState.WITHDRAWN


async def test_what_was_changed_after_it_was_shown_is_not_approved(desk: Desk) -> None:
    person = await desk.member(77, TOWNSHIP)
    await written(desk, person, to="中和西镇")
    await desk.tap(person, "交上去等人批")
    above = await desk.member(79, BANNER, role="administrator")
    frozen = await newest(desk)
    for hash_ in ("0" * 16, ""):
        (refused,) = await desk.tap_data(above, f"sent-approve:{frozen.id},{hash_}")
        assert "没有批" in refused.text
    assert (await newest(desk)).state is BroadcastState.SUBMITTED


async def test_an_urgent_one_leaves_when_the_village_s_name_is_typed(desk: Desk) -> None:
    await villagers(desk.database, 1)
    person = await desk.member()
    alarm, *_ = await written(desk, person, kind="急事（夜里也发）")
    assert alarm.text.startswith("这不是警报：现在只能发到")
    (ask,) = await desk.tap(person, "发急通知")
    assert "翻身村" in ask.text
    assert "村名不对" in (await desk.ask(person, "红海村"))[0].text
    assert (await newest(desk)).state is BroadcastState.SUBMITTED
    out, *_ = await desk.ask(person, "翻身村")
    assert "发出去了" in out.text
    assert (await newest(desk)).state is BroadcastState.APPROVED


async def test_an_urgent_one_to_more_than_a_village_is_for_the_desk(desk: Desk) -> None:
    await villagers(desk.database, 1)
    above = await desk.member(79, BANNER, role="administrator")
    await written(desk, above, kind="急事（夜里也发）", to="达拉特旗")
    (told,) = await desk.tap(above, "交上去等人批")
    assert "网页工作台" in told.text
    frozen = await newest(desk)
    (refused,) = await desk.tap_data(above, f"sent-approve:{frozen.id},{frozen.hash[:16]}")
    assert "重新登录" in refused.text
    assert (await newest(desk)).state is BroadcastState.SUBMITTED


async def test_a_cadre_sees_a_wider_notice_and_no_figures_of_other_villages(desk: Desk) -> None:
    neighbours = await villagers(desk.database, 12, place=NEXT_VILLAGE)
    person = await desk.member(77, TOWNSHIP)
    await written(desk, person, to="中和西镇")
    await desk.tap(person, "交上去等人批")
    above = await desk.member(79, BANNER, role="administrator", name="旗里的")
    await desk.ask(above, "/sent")
    await desk.tap(above, "批准")
    of = await newest(desk)
    async with desk.database.begin() as conn:
        await spreading.spread(conn, of.id, now=desk.now)
        for one in neighbours:
            await receipts.received(conn, one, of.number, places=[NEXT_VILLAGE], today=local_date(desk.now))
    desk.later(days=1)
    (seen,) = await desk.ask(above, "/sent")
    assert "合计：等着发12人" in seen.text
    assert "约10人说收到了" in seen.text
    cadre = await desk.member(78, VILLAGE, name="村里的")
    (shown,) = await desk.ask(cadre, "/sent")
    assert of.number in shown.text
    assert not re.search(r"\d人", shown.text)


async def test_it_is_stopped_resumed_and_corrected(desk: Desk) -> None:
    await villagers(desk.database, 1)
    person = await desk.member()
    await written(desk, person)
    out, *_ = await desk.tap(person, "发出去")
    (stopped,) = await desk.tap(person, "停发", out)
    assert (await newest(desk)).state is BroadcastState.STOPPED
    await desk.tap(person, "接着发", stopped)
    first = await newest(desk)
    assert first.state is BroadcastState.APPROVED
    await desk.ask(person, "/sent")
    await desk.tap(person, "发更正")
    await desk.ask(person, "改到后天上午9点。")
    await desk.tap(person, "发出去")
    assert (await newest(desk)).corrects == first.id


async def test_a_correction_stops_the_first_one_and_whoever_refuses_it_hears_that_it_is_still_stopped(
    desk: Desk,
) -> None:
    person, above = await desk.member(77, TOWNSHIP), await desk.member(79, BANNER, role="administrator")
    await written(desk, person, to="中和西镇")
    nobody, _ = await desk.tap(person, "交上去等人批")
    assert "一个人也发不到" in nobody.text
    await desk.ask(above, "/sent")
    await desk.tap(above, "批准")
    first = await newest(desk)
    await desk.ask(person, "/sent")
    (begun,) = await desk.tap(person, "发更正")
    assert f"一交上去，{first.number}就停发" in begun.text
    *_, whole = await desk.ask(person, "改到后天上午9点。")
    assert "改发给谁" not in whole.buttons, "it goes to who has the first one"
    _, stops, _ = await desk.tap(person, "交上去等人批")
    assert f"{first.number}现在停发了" in stops.text
    refused, still = await desk.tap_data(above, f"sent-refuse:{(await newest(desk)).id}")
    assert "没有发" in refused.text
    assert f"{first.number}还停着" in still.text
    await desk.tap(above, "接着发", still)
    async with desk.database.begin() as conn:
        again = await broadcasts.get(conn, first.id)
    assert again is not None
    assert again.state is BroadcastState.APPROVED


async def test_a_correction_does_not_take_the_place_of_a_notice_that_is_being_written(desk: Desk) -> None:
    person = await desk.member()
    await written(desk, person)
    await desk.tap(person, "发出去")
    await desk.ask(person, "/notice")
    await desk.ask(person, "明天停水。")
    await desk.ask(person, "/sent")
    (told,) = await desk.tap(person, "发更正")
    assert "没写完" in told.text
    await desk.ask(person, "/notice")
    await desk.ask(person, "停水")
    await desk.tap(person, "普通通知（夜里不发）")
    await desk.ask(person, "翻身村")
    look, _ = await desk.tap(person, "批准以后就发")
    assert "明天停水。" in look.text


@pytest.mark.parametrize("tap", ["sent-stop:1", "sent-paper:x", "sent-approve:", "sent-refuse:99999999999999999999"])
async def test_a_button_of_nothing_or_of_another_s_does_nothing(desk: Desk, tap: str) -> None:
    person = await desk.member()
    await desk.ask(person, "/who")
    (told,) = await desk.tap_data(person, tap)
    assert re.search("没有这条|没有批", told.text)


async def test_a_village_s_name_may_be_typed_after_a_restart(closed: Desk) -> None:
    async with AsyncExitStack() as stack:
        await closed.open(stack)
        await villagers(closed.database, 1)
        person = await closed.member()
        await written(closed, person, kind="急事（夜里也发）")
        await closed.tap(person, "发急通知")
    async with AsyncExitStack() as stack:
        await closed.open(stack)
        assert "发出去了" in (await closed.ask(person, "翻身村委会"))[0].text
