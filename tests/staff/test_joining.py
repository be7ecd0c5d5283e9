"""Joining by a link, strangers, and being let go."""

from contextlib import AsyncExitStack

import pytest

from bot.staff.work import Connected
from storage import alerts, staff
from tests.staff.conftest import VILLAGE, Desk

RARE = "鼪鼯夔魍"


async def test_an_invitation_lets_one_person_in(desk: Desk) -> None:
    token = await desk.invite()
    person, other = desk.fake.person(77), desk.fake.person(78)
    (joined,) = await desk.ask(person, f"/start {token}")
    assert "王主任" in joined.text
    assert "翻身村" in joined.text
    async with desk.database.begin() as conn:
        assert [one.kind for one in await alerts.untold(conn, 10)] == ["came"], "staff's group hears of it"
    (refused,) = await desk.ask(other, f"/start {token}")
    assert "用不了" in refused.text
    assert [one.places for one in await desk.everyone()] == [(VILLAGE,)]


async def test_an_invitation_that_is_over_lets_nobody_in(desk: Desk) -> None:
    token = await desk.invite()
    desk.later(minutes=10)
    (refused,) = await desk.ask(desk.fake.person(77), f"/start {token}")
    assert "过了时候" in refused.text
    assert not await desk.everyone()


async def test_who_is_in_does_not_spend_another_link(desk: Desk) -> None:
    person = await desk.member()
    token = await desk.invite()
    (said,) = await desk.ask(person, f"/start {token}")
    assert "没有用掉" in said.text
    assert "翻身村" in (await desk.ask(desk.fake.person(78), f"/start {token}"))[0].text


@pytest.mark.parametrize("words", ["你好", "/inbox", "/help", "/start", f"{RARE} 低保咋申请", "/notice", "问题1号 "])
async def test_a_stranger_gets_one_polite_sentence(desk: Desk, words: str) -> None:
    (said,) = await desk.ask(desk.fake.person(99), words)
    assert said.text == "您好，这里只给工作人员用；要加入，请找旗县管理员要一个邀请链接。"
    assert said.buttons == []


async def test_a_stranger_is_logged_without_the_text_or_the_address(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    await desk.ask(desk.fake.person(990_001), RARE)
    out, err = capsys.readouterr()
    assert "stranger" in out + err
    assert RARE not in out + err
    assert "990001" not in out + err


@pytest.mark.parametrize("tap", ["inbox", "answer:1", "notice-keep", "cannot:1"])
async def test_a_stranger_s_taps_do_nothing(desk: Desk, tap: str) -> None:
    await desk.question()
    person = desk.fake.person(99)
    await desk.ask(person, "你好")
    (said,) = await desk.tap_data(person, tap)
    assert "只给工作人员用" in said.text


async def test_who_is_let_go_is_a_stranger_at_once(desk: Desk) -> None:
    person = await desk.member()
    assert "/inbox" in (await desk.ask(person, "/help"))[0].text
    (member,) = await desk.everyone()
    async with desk.database.begin() as conn:
        await staff.revoke(conn, member.id, now=desk.now)
    assert "只给工作人员用" in (await desk.ask(person, "/help"))[0].text


async def test_in_a_group_the_bot_says_nothing(desk: Desk) -> None:
    person = await desk.member()
    group = desk.fake.group()
    await group.says(person, "/inbox")
    await desk.ask(person, "/who")
    assert group.chat.heard == []


async def test_the_menu_shows_what_is_connected_and_the_help_says_what_is_not(desk: Desk) -> None:
    person = await desk.member()
    (said,) = await desk.ask(person, "/help")
    assert [one["command"] for one in desk.fake.account.commands] == [
        "inbox", "notice", "sent", "windows", "reach", "who", "help",
    ]  # fmt: skip
    assert "/desk" not in said.text
    assert (
        "还没有接上、现在用不了的：发到手机上（没有能主动发消息的渠道；群稿、喇叭稿照样能用）、网页工作台。"
        in said.text
    )
    assert "没有接上" in (await desk.ask(person, "/desk"))[0].text


async def test_where_the_desk_is_connected_a_link_opens_it_once(closed: Desk) -> None:
    closed.connected = Connected(desk="https://mingbai.example")
    async with AsyncExitStack() as stack:
        await closed.open(stack)
        person = await closed.member()
        assert "/desk" in (await closed.ask(person, "/help"))[0].text
        (said,) = await closed.ask(person, "/desk")
    address, _, token = said.text.splitlines()[-1].partition("#")
    assert address == "https://mingbai.example/desk/enter", "what stands after # reaches no server's log"
    async with closed.database.begin() as conn:
        assert await staff.sign_in(conn, token, now=closed.now) is not None
        assert await staff.sign_in(conn, token, now=closed.now) is None


@pytest.mark.parametrize("words", ["在吗", "/nonsense", "/start", "/"])
async def test_what_is_not_understood_leads_to_the_help(desk: Desk, words: str) -> None:
    person = await desk.member()
    assert "/help" in (await desk.ask(person, words))[0].text


async def test_a_picture_is_answered_kindly(desk: Desk) -> None:
    person = await desk.member()
    before = len(person.chat.heard)
    await person.sends_photo("问题1号 看这个")
    assert "请打字" in (await person.hears(before + 1))[-1].text


async def test_an_editor_answers_no_questions_and_writes_no_notices(desk: Desk) -> None:
    person = await desk.member(77, "150621", role="editor")
    (said,) = await desk.ask(person, "/help")
    assert "/inbox" not in said.text
    assert "/windows" in said.text
    for command in ("/inbox", "/notice", "/reach"):
        assert "不归您" in (await desk.ask(person, command))[0].text
    for tap in ("answer:1", "notice-keep", "inbox:0"):
        assert "不归您" in (await desk.tap_data(person, tap))[0].text


async def test_who_am_i_names_role_places_and_those_beside_me(desk: Desk) -> None:
    person = await desk.member()
    assert "眼下只有您" in (await desk.ask(person, "/who"))[0].text
    await desk.member(78, VILLAGE, name="李会计")
    await desk.member(79, "150622", name="别处的人")
    (said,) = await desk.ask(person, "/who")
    assert "您是王主任，嘎查村、苏木镇干部，管：翻身村。2026年11月22日加入。" in said.text
    assert "李会计" in said.text
    assert "别处的人" not in said.text


async def test_an_administrator_sees_who_works_below(desk: Desk) -> None:
    await desk.member(78, VILLAGE, name="李会计")
    person = await desk.member(77, "150621", role="administrator")
    assert "李会计" in (await desk.ask(person, "/who"))[0].text
