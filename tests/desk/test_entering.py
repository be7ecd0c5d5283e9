"""In and out: nobody is let in by a look, nothing works twice, and tries are few."""

import re
from datetime import timedelta

import pytest
from httpx import Response
from sqlalchemy import select

from bot.desk import cookies
from bot.desk.built import Desk
from bot.desk.entering import inside, read_code
from bot.desk.tries import MOST_OF_ALL, MOST_OF_ONE
from storage import retention, staff, trail_reading
from storage.staff import Staff, code_of
from storage.tables.desk import desk_session
from storage.tables.staff import staff_sign_in
from tests.desk.conftest import BANNER, VILLAGE, Clock, Come, Seat, Sit


async def link(desk: Desk, who: Staff) -> str:
    """A token to enter, as the staff bot makes it."""
    async with desk.database.begin() as conn:
        return await staff.sign_in_link(conn, who.id, made_by=f"staff:{who.id}", now=desk.now())


async def at_the_door(come: Come) -> Seat:
    """A stranger who has opened the page at the door."""
    seat = come()
    shown = await seat.get("/enter")
    assert shown.status_code == 200
    return seat


def why(shown: Response) -> str:
    """What the page says is wrong."""
    found = re.search(r'class="trouble"[^>]*>(.*?)</p>', shown.text)
    return found[1] if found else ""


async def test_opening_a_link_lets_nobody_in_and_spends_nothing(sit: Sit, come: Come, built: Desk) -> None:
    token = await link(built, (await sit()).member)
    stranger = come()
    for _ in range(3):  # previews, scanners, a person who looks
        shown = await stranger.get(f"/enter#{token}")
        assert token not in shown.text
        await stranger.client.head("/desk/enter")
    assert (await stranger.get("/")).status_code == 401
    assert "今天" in await stranger.done("/enter", code=token)


@pytest.mark.parametrize("way", ["token", "code", "link"])
async def test_what_was_used_once_is_used_up(sit: Sit, come: Come, built: Desk, way: str) -> None:
    token = await link(built, (await sit()).member)
    said = {"token": token, "code": code_of(token), "link": f"https://desk.example/desk/enter#{token}"}[way]
    await (await at_the_door(come)).done("/enter", code=said)
    for again in (token, code_of(token)):
        second = await (await at_the_door(come)).send("/enter", code=again)
        assert second.status_code == 403
        assert "用过了" in why(second)


async def test_after_ten_minutes_it_is_over(sit: Sit, come: Come, built: Desk, clock: Clock) -> None:
    token = await link(built, (await sit()).member)
    seat = await at_the_door(come)
    clock.later(minutes=10)
    assert (await seat.send("/enter", code=token)).status_code == 403
    assert (await seat.send("/enter", code=code_of(token))).status_code == 403


@pytest.mark.parametrize(
    "said", ["4821 7730 9164", "4821-7730-9164", "４８２１７７３０９１６４", " 482177309164\n", "4821　7730　9164"]
)
def test_a_code_is_read_however_it_was_typed(said: str) -> None:
    assert read_code(said) == "482177309164"


def test_of_a_pasted_link_the_token_is_taken() -> None:
    assert read_code("https://desk.example/desk/enter#Ab_c-123") == "Ab_c-123"


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/desk/../x", "/desk//evil.example/", "javascript:1", ""]
)
def test_after_a_code_one_goes_on_inside_the_desk_only(path: str) -> None:
    assert inside(path) in ("/", "") or (inside(path).startswith("/") and "//" not in inside(path))


async def test_codes_are_tried_a_few_times_only_and_a_link_still_lets_in(sit: Sit, come: Come, built: Desk) -> None:
    token = await link(built, (await sit()).member)
    seat = await at_the_door(come)
    for _ in range(MOST_OF_ONE):
        assert (await seat.send("/enter", code="000000000000")).status_code == 403
    held = await seat.send("/enter", code=code_of(token))
    assert held.status_code == 429
    assert held.headers["retry-after"] == "600"
    assert "十分钟" in why(held)
    await seat.done("/enter", code=token)


async def test_all_together_try_a_few_hundred_times_at_most(built: Desk, clock: Clock) -> None:
    taken = [built.tries.take(f"address {n}", clock()) for n in range(MOST_OF_ALL + 5)]
    assert taken.count(True) == MOST_OF_ALL
    clock.later(minutes=10)
    assert built.tries.take("address", clock())


async def test_who_reads_the_tables_finds_nothing_to_enter_with(sit: Sit, come: Come, built: Desk) -> None:
    seat = await sit()
    token = await link(built, seat.member)
    async with built.database.begin() as conn:
        kept = [str(row) for table in (desk_session, staff_sign_in) for row in await conn.execute(select(table))]
    for secret in (token, code_of(token), seat.token):
        assert not [row for row in kept if secret in row]


async def test_a_session_ends_after_a_day_at_work_and_on_one_s_own_phone_after_a_month(
    sit: Sit, come: Come, built: Desk, clock: Clock
) -> None:
    member = (await sit()).member
    office, phone = await at_the_door(come), await at_the_door(come)
    lent = await office.send("/enter", code=await link(built, member))
    own = await phone.send("/enter", code=await link(built, member), own="yes")
    assert "Max-Age" not in lent.headers["set-cookie"]
    assert f"Max-Age={30 * 86400}" in own.headers["set-cookie"]
    clock.later(hours=11)
    await office.see("/")
    clock.later(hours=1)
    assert (await office.get("/")).status_code == 401
    clock.later(days=29)
    await phone.see("/")
    clock.later(hours=12)
    assert (await phone.get("/")).status_code == 401
    assert (await retention.forget_due(built.database, clock() + timedelta(days=2)))["desk session"] == 3


async def test_the_cookie_is_for_the_desk_alone_and_for_no_script(sit: Sit, come: Come, built: Desk) -> None:
    seat = await at_the_door(come)
    entered = await seat.send("/enter", code=await link(built, (await sit()).member))
    cookie = entered.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "path=/desk", "samesite=lax"))
    assert entered.headers["location"] == "/desk/?done=entered"


async def test_leaving_ends_the_session_and_leaves_no_page_behind(sit: Sit) -> None:
    seat = await sit()
    assert (await seat.get("/")).headers["cache-control"] == "no-store"
    token = seat.token
    left = await seat.send("/leave")
    assert left.headers["location"] == "/desk/enter"
    seat.client.cookies.set(cookies.SESSION, token, domain="desk.example", path="/desk")
    assert (await seat.get("/")).status_code == 401


async def test_entering_anew_on_a_device_ends_what_was_before_there(sit: Sit, built: Desk) -> None:
    seat = await sit(name="李会计")
    other = await sit(name="王主任")
    old = seat.token
    await seat.get("/enter")
    seat.client.cookies.delete(cookies.STRANGER)
    await seat.get("/enter")
    before = {"csrf": cookies.form_token(seat.client.cookies[cookies.STRANGER])}
    entered = await seat.send("/enter", **before, code=await link(built, other.member))
    assert entered.status_code == 303
    assert "王主任" in await seat.see("/me")
    seat.client.cookies.clear()
    seat.client.cookies.set(cookies.SESSION, old, domain="desk.example", path="/desk")
    assert (await seat.get("/")).status_code == 401


async def test_an_invitation_is_not_spent_by_who_is_in_already(sit: Sit, come: Come, built: Desk) -> None:
    seat = await sit()
    async with built.database.begin() as conn:
        invited = await staff.invite(conn, role="cadre", places=[VILLAGE], made_by="operator", now=built.now())
    await seat.get("/enter")
    before = {"csrf": cookies.form_token(seat.client.cookies[cookies.STRANGER])}
    refused = await seat.send("/enter", **before, code=invited)
    assert refused.status_code == 409
    assert "没用掉" in why(refused)
    await (await at_the_door(come)).done("/enter", code=invited)


async def test_one_may_end_one_s_own_sessions_one_or_all(sit: Sit, come: Come, built: Desk) -> None:
    phone = await sit(trusted=True)
    office, library = await at_the_door(come), await at_the_door(come)
    for seat in (office, library):
        await seat.done("/enter", code=await link(built, phone.member))
    ends = re.findall(r'action="/desk(/me/sessions/\d+/end)"', await phone.see("/me"))
    assert len(ends) == 3
    stranger = await sit(name="别人")
    assert (await stranger.send(ends[0])).status_code == 404, "nobody ends another's"
    await phone.done(max(ends))
    assert (await library.get("/")).status_code == 401
    await office.see("/")
    await office.send("/me/out")
    assert (await phone.get("/")).status_code == 401
    assert (await office.get("/")).status_code == 401


async def test_one_s_own_phone_lets_another_device_in(sit: Sit, come: Come) -> None:
    phone = await sit(trusted=True, name="王主任")
    made = await phone.send("/me/link")
    code = "".join(re.findall(r"<span>(\d{4})</span>", made.text))
    office = await at_the_door(come)
    await office.done("/enter", code=code)
    assert "王主任" in await office.see("/me")


async def test_a_computer_left_open_lets_nobody_in_for_longer(sit: Sit, clock: Clock) -> None:
    office = await sit()
    assert (await office.send("/me/link")).status_code == 200
    clock.later(minutes=11)
    assert "现在不能出码" in await office.done("/me/link")
    assert "出一个码</button>" not in await office.see("/me")


async def test_what_asks_again_takes_a_code_from_elsewhere(sit: Sit, built: Desk, clock: Clock) -> None:
    phone = await sit("administrator", BANNER, trusted=True)
    clock.later(hours=1)
    own = await phone.send("/me/link")
    code = "".join(re.findall(r"<span>(\d{4})</span>", own.text))
    refused = await phone.send("/again", code=code)
    assert refused.status_code == 403, "who holds the phone can't confirm by the phone"
    assert "这台机器自己出的" in why(refused)
    elsewhere = await link(built, phone.member)
    answered = await phone.send("/again", code=code_of(elsewhere), then="/desk/trail")
    assert answered.headers["location"] == "/desk/trail?done=fresh"
    assert "刚对过" in await phone.see("/again")
    clock.later(minutes=11)
    assert "刚对过" not in await phone.see("/again")


async def test_a_code_of_somebody_else_confirms_nothing(sit: Sit, built: Desk) -> None:
    seat, other = await sit(), await sit()
    assert (await seat.send("/again", code=await link(built, other.member))).status_code == 403


async def test_the_trail_tells_who_entered_and_left_and_no_secret(sit: Sit, come: Come, built: Desk) -> None:
    member = (await sit()).member
    seat = await at_the_door(come)
    token = await link(built, member)
    await seat.done("/enter", code=token)
    await seat.send("/leave")
    async with built.database.begin() as conn:
        rows = await trail_reading.of_one(conn, member.id, limit=10)
        assert not (await built.trail.verify(conn)).faults
    assert [one.verb for one in rows] == ["left", "entered"]
    assert not [one for one in rows if token in str(one) or code_of(token) in str(one)]
