"""Notices at the desk: written, looked at, approved by whoever may, stopped, corrected, taken to the wall."""

import html
import re

import pytest

from storage import broadcasts, following
from storage.broadcasts import Broadcast, BroadcastState, spreading
from storage.following import Follow
from storage.states import State
from tests.desk.conftest import BANNER, OTHER_BANNER, TOWNSHIP, VILLAGE, Clock, Seat, Sit
from tests.notices.broadcasting import claimed, villagers
from tests.printing import needs_pango

TITLE, TEXT = "打布病疫苗", "{嘎查}的牛羊明天打布病疫苗，上午八点到村委会。"
FORM = {"kind": "notice", "title": TITLE, "text": TEXT, "places": VILLAGE}


async def _frozen(seat: Seat, number: str) -> Broadcast:
    async with seat.desk.database.begin() as conn:
        found = await broadcasts.find(conn, number)
    assert found is not None
    return found


async def _submitted(seat: Seat, **changed: str) -> Broadcast:
    """Write a notice and submit it; its number stands in the address of the page after it."""
    sent = await seat.send("/notices/new", then="submit", **FORM | changed)
    assert sent.status_code == 303, sent.text
    found = re.search(r"/desk/notices/([A-Z]\d{5})\?", sent.headers["location"])
    assert found is not None
    return await _frozen(seat, found[1])


async def _approve(seat: Seat, of: Broadcast, **more: str) -> None:
    sent = await seat.send(f"/notices/{of.number}/approve", hash=of.hash, **more)
    assert sent.status_code == 303, sent.text


async def test_a_notice_is_looked_at_before_it_is_submitted(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE)
    shown = (await seat.send("/notices/new", then="look", **FORM)).text
    assert "{嘎查}" not in shown.partition("微信群稿")[2]
    assert "微信群稿" in shown
    assert "喇叭稿" in shown
    assert "交上去" in shown


async def test_a_script_is_given_the_look_alone(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE)
    part = (await seat.send("/notices/new", then="part", **FORM)).text
    assert "喇叭稿" in part
    assert "<form" not in part


async def test_an_urgent_notice_is_said_to_be_no_alarm_first(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE)
    shown = (await seat.send("/notices/new", then="look", **FORM | {"kind": "urgent"})).text
    assert "这不是警报" in shown


@needs_pango
async def test_the_page_for_the_wall_is_seen_before(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE)
    sent = await seat.send("/notices/new", then="page", **FORM)
    assert sent.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("field", "said", "told"),
    [
        ("text", "张三身份证150102199003071234，请来领。", "公示栏"),
        ("text", "{省}的人都来。", "没有“{省}”"),
        ("title", "", "还没写标题"),
        ("places", "北京", "没找到"),
        ("followers", "没有的话题", "没有“没有的话题”"),
        ("card", "没有的卡", "没有叫"),
        ("send", "昨天", "没看懂"),
    ],
)
async def test_what_is_wrong_is_told_and_nothing_is_kept(sit: Sit, field: str, said: str, told: str) -> None:
    seat = await sit("cadre", VILLAGE)
    sent = await seat.send("/notices/new", then="submit", **FORM | {field: said})
    assert sent.status_code == 422
    assert told in sent.text
    async with seat.desk.database.begin() as conn:
        assert await broadcasts.listed(conn) == []


async def test_a_draft_is_kept_changed_and_submitted(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE)
    kept = await seat.send("/notices/new", then="keep", **FORM)
    path = kept.headers["location"].removeprefix("/desk").partition("?")[0]
    assert TITLE in await seat.see(path)
    assert TITLE in await seat.see("/notices")
    sent = await seat.send(path, then="submit", **FORM | {"title": "打口蹄疫疫苗"})
    assert sent.headers["location"].startswith("/desk/notices/")
    assert "打口蹄疫疫苗" in await seat.see(sent.headers["location"].removeprefix("/desk"))


async def test_a_draft_is_thrown_away(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE)
    kept = await seat.send("/notices/new", then="keep", **FORM)
    path = kept.headers["location"].removeprefix("/desk").partition("?")[0]
    await seat.done(f"{path}/drop")
    assert (await seat.get(path)).status_code == 404


async def test_nobody_else_opens_a_draft(sit: Sit) -> None:
    seat, other = await sit("cadre", VILLAGE), await sit("administrator", BANNER)
    kept = await seat.send("/notices/new", then="keep", **FORM)
    path = kept.headers["location"].removeprefix("/desk").partition("?")[0]
    assert (await other.get(path)).status_code == 404
    assert (await other.send(path, then="submit", **FORM)).status_code == 404


async def test_a_cadre_lets_a_notice_to_their_own_village_go(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE)
    of = await _submitted(seat)
    await _approve(seat, of)
    assert (await _frozen(seat, of.number)).state is BroadcastState.APPROVED
    assert "停发" in await seat.see(f"/notices/{of.number}")


async def test_approving_asks_for_a_code_again(sit: Sit, clock: Clock) -> None:
    seat = await sit("cadre", VILLAGE)
    of = await _submitted(seat)
    clock.later(minutes=11)
    sent = await seat.send(f"/notices/{of.number}/approve", hash=of.hash)
    assert sent.headers["location"].startswith("/desk/again")
    assert (await _frozen(seat, of.number)).state is BroadcastState.SUBMITTED


async def test_an_urgent_one_to_ones_own_village_goes_by_the_villages_name_without_a_code(
    sit: Sit, clock: Clock
) -> None:
    seat = await sit("cadre", VILLAGE)
    of = await _submitted(seat, kind="urgent")
    clock.later(minutes=11)
    refused = await seat.send(f"/notices/{of.number}/approve", hash=of.hash, name="别的村")
    assert refused.status_code == 409
    assert "村名不对" in refused.text
    village = seat.desk.knowledge().places.get(VILLAGE).short
    await _approve(seat, of, name=village)
    assert (await _frozen(seat, of.number)).approved_by == seat.member.id


async def test_a_wider_notice_waits_for_another_one_whose_places_hold_it(sit: Sit) -> None:
    writer, other, far = (
        await sit("cadre", TOWNSHIP),
        await sit("administrator", BANNER),
        await sit("administrator", OTHER_BANNER),
    )
    of = await _submitted(writer, places=TOWNSHIP, text="明天打疫苗。")
    assert "等另一个管这些地方的人批" in await writer.see(f"/notices/{of.number}")
    assert (await writer.send(f"/notices/{of.number}/approve", hash=of.hash)).status_code == 409
    assert (await far.get(f"/notices/{of.number}")).status_code == 404
    assert (await far.send(f"/notices/{of.number}/approve", hash=of.hash)).status_code == 404
    assert of.number in await other.see("/notices")
    await _approve(other, of)
    assert (await _frozen(other, of.number)).approved_by == other.member.id


async def test_only_what_was_shown_is_approved(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE)
    of = await _submitted(seat)
    refused = await seat.send(f"/notices/{of.number}/approve", hash="0" * 64)
    assert refused.status_code == 409
    assert "不一样" in refused.text


async def test_a_payment_needs_a_second_person_in_ones_own_village_too(sit: Sit) -> None:
    seat, other = await sit("cadre", VILLAGE), await sit("administrator", BANNER)
    of = await _submitted(seat, text="水费请转到村里的账户6222021234567890128。明天截止。"[:8] + "请把水费转账给会计。")
    assert of.flags
    assert (await seat.send(f"/notices/{of.number}/approve", hash=of.hash)).status_code == 409
    await _approve(other, of)


async def test_a_notice_is_given_back_and_may_be_written_anew(sit: Sit) -> None:
    writer, other = await sit("cadre", TOWNSHIP), await sit("administrator", BANNER)
    of = await _submitted(writer, places=TOWNSHIP, text="明天打疫苗。")
    await other.done(f"/notices/{of.number}/withdraw")
    assert of.number in await writer.see("/notices")
    assert "草稿" in await writer.see(f"/notices/draft/{of.number}")


async def test_of_a_correction_that_was_given_back_the_desk_says_that_the_first_one_is_still_stopped(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE)
    of = await _submitted(seat)
    await _approve(seat, of)
    sent = await seat.send(
        f"/notices/{of.number}/correct", then="submit", kind="notice", title=TITLE, text="改到后天。"
    )
    number = re.search(r"/notices/([A-Z]\d{5})", sent.headers["location"])
    assert number is not None
    still = f"{of.number}还停着"
    assert still not in await seat.see(f"/notices/{number[1]}")
    assert still in await seat.done(f"/notices/{number[1]}/withdraw")
    await seat.done(f"/notices/{of.number}/resume")
    assert still not in await seat.see(f"/notices/{number[1]}")


async def test_a_notice_is_stopped_resumed_and_corrected(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE)
    of = await _submitted(seat)
    await _approve(seat, of)
    assert "接着发" in await seat.done(f"/notices/{of.number}/stop")
    assert "停发" in await seat.done(f"/notices/{of.number}/resume")
    assert TITLE in await seat.see(f"/notices/{of.number}/correct")
    ahead = await seat.send(f"/notices/{of.number}/correct", then="look", kind="notice", title=TITLE, text="改到后天。")
    assert f"编号{of.number}的那条有错" in ahead.text
    sent = await seat.send(
        f"/notices/{of.number}/correct", then="submit", kind="notice", title=TITLE, text="改到后天。"
    )
    number = re.search(r"/notices/([A-Z]\d{5})", sent.headers["location"])
    assert number is not None
    correction = await _frozen(seat, number[1])
    assert correction.corrects == of.id
    await _approve(seat, correction)
    assert f"后来由{correction.number}更正" in await seat.see(f"/notices/{of.number}")


@needs_pango
async def test_the_papers_are_ready_with_the_approval_and_not_before(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE)
    of = await _submitted(seat)
    assert (await seat.get(f"/notices/{of.number}/paper")).status_code == 404
    await _approve(seat, of)
    assert of.number in await seat.see(f"/notices/{of.number}/paper")
    assert (await seat.get(f"/notices/{of.number}/page.pdf")).content.startswith(b"%PDF")


async def test_where_no_page_can_be_printed_that_is_told_and_the_other_texts_are_there(
    sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.notices.page.find_library", lambda _: None)  # as on a machine without Pango
    seat = await sit("cadre", VILLAGE)
    of = await _submitted(seat)
    await _approve(seat, of)
    shown = await seat.see(f"/notices/{of.number}/paper")
    assert "喇叭稿" in shown
    assert "现在印不了一页纸" in shown
    assert "page.pdf" not in shown
    for told in (
        await seat.get(f"/notices/{of.number}/page.pdf"),
        await seat.send("/notices/new", then="page", **FORM),
    ):
        assert told.status_code == 503
        assert "mingbai check" in told.text


async def test_a_cadre_reads_a_wider_notice_and_sees_no_figures_of_it(sit: Sit) -> None:
    writer, boss, cadre = (
        await sit("administrator", BANNER),
        await sit("administrator", BANNER),
        await sit("cadre", VILLAGE),
    )
    of = await _submitted(writer, places=BANNER, text="明天打疫苗。")
    assert (await cadre.get(f"/notices/{of.number}")).status_code == 404
    await _approve(boss, of)
    shown = await cadre.see(f"/notices/{of.number}")
    assert "明天打疫苗" in shown
    assert "发得怎么样" not in shown
    assert (await cadre.send(f"/notices/{of.number}/stop")).status_code == 409


async def _told(seat: Seat, of: Broadcast) -> list[str]:
    """What the list and its own page tell of a notice."""
    row = next(line for line in (await seat.see("/notices")).splitlines() if of.number in line)
    return [_alike(text, of.number, of.hash) for text in (row, await seat.see(f"/notices/{of.number}"))]


def _alike(text: str, *own: str) -> str:
    """A page without what differs between any two: a notice's number and hash, and what proves a form ours."""
    for one in own:
        text = text.replace(one, "")
    return re.sub(r'name="csrf" value="[^"]*"', "", text)


async def _told_of_followers(seat: Seat, outcomes: list[State]) -> list[str]:
    """All that a cadre is told of a notice to who follows a topic in their village, from the look to its end."""
    database, now = seat.desk.database, seat.desk.now()
    to = {"followers": "土地宅基地", "text": "承包合同明天在村委会换。"}
    told = [_alike((await seat.send("/notices/new", then="look", **FORM | to)).text)]
    of = await _submitted(seat, **to)
    told += await _told(seat, of)
    await _approve(seat, of)
    told += await _told(seat, of)
    async with database.begin() as conn:
        await spreading.spread(conn, of.id, now=now)
    told += await _told(seat, of)
    await claimed(database, *outcomes, now=now)
    return told + await _told(seat, of)


async def test_nothing_at_the_desk_tells_whether_anybody_follows_a_topic_in_a_village(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE)
    ids = await villagers(seat.desk.database, 12)
    nobody = await _told_of_followers(seat, [])
    for followers in (1, 12):
        async with seat.desk.database.begin() as conn:
            for one in ids[:followers]:
                await following.follow(conn, one, Follow("topic", "land"), seat.desk.now())
        assert await _told_of_followers(seat, [State.SENT] * followers) == nobody
    assert not any(re.search(r"\d人", text) for text in nobody)


async def test_of_a_notice_to_followers_it_is_told_that_the_platform_refused_some_and_not_how_many(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE)
    (one,) = await villagers(seat.desk.database, 1)
    async with seat.desk.database.begin() as conn:
        await following.follow(conn, one, Follow("topic", "land"), seat.desk.now())
    shown = (await _told_of_followers(seat, [State.REFUSED]))[-1]
    assert "有平台没收的" in shown
    assert not re.search(r"\d人", shown)


async def test_whoever_approves_reads_when_it_goes_when_it_ends_for_whose_followers_and_why_they_are_asked(
    sit: Sit,
) -> None:
    writer, other = await sit("cadre", VILLAGE), await sit("administrator", BANNER)
    written = {"followers": "粮食大豆保险", "send": "12月1日8:00", "expires": "12月3日", "text": "保费请转账给会计。"}
    ahead = (await writer.send("/notices/new", then="look", **FORM | written)).text
    of = await _submitted(writer, **written)
    for page in (ahead.partition("发到谁")[2], await other.see(f"/notices/{of.number}")):
        assert "什么时候发：2026-12-01 08:00" in page
        assert "过期：2026-12-03 18:00" in page
        assert "关注了“粮食大豆保险”或者“庄稼牲畜保险”的人" in html.unescape(page)
        assert "叫人转钱" in page
        assert "transfer" not in page


async def test_where_no_times_were_written_it_is_said_what_holds(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE)
    urgent = await _submitted(seat, kind="urgent")
    assert "批了就发　过期：开始发以后6小时" in await seat.see(f"/notices/{urgent.number}")
    plain = await _submitted(seat)
    assert "批了就发　过期：开始发以后7天" in await seat.see(f"/notices/{plain.number}")


async def test_an_editor_approves_and_writes_none(sit: Sit) -> None:
    writer, editor = await sit("cadre", TOWNSHIP), await sit("editor", BANNER)
    of = await _submitted(writer, places=TOWNSHIP, text="明天打疫苗。")
    assert (await editor.get("/notices/new")).status_code == 403
    await _approve(editor, of)


async def test_an_urgent_one_is_looked_at_afterwards_by_another(sit: Sit) -> None:
    first, second = await sit("administrator", BANNER), await sit("administrator", BANNER)
    of = await _submitted(first, places=TOWNSHIP, kind="urgent", text="洪水要来了，马上往高处走。")
    await _approve(first, of)
    assert "我看过了" in await second.see(f"/notices/{of.number}")
    await second.done(f"/notices/{of.number}/review")
    assert (await _frozen(second, of.number)).reviewed_by == second.member.id
