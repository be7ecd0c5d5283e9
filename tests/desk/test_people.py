"""People: who is seen, invited, let in and let go, and by whom."""

import re

from sqlalchemy import insert, update

from bot.desk.cookies import SESSION
from storage import alerts, staff, trail_reading
from storage.tables.staff import staff as table
from tests.desk.conftest import BANNER, NEIGHBOUR, NOW, OTHER_BANNER, TOWNSHIP, VILLAGE, Clock, Come, Seat, Sit


def code_in(page: str) -> str:
    """The twelve digits that a page shows."""
    shown = re.search(r'class="code"[^>]*>(.*?)</p>', page)
    assert shown
    return re.sub(r"\D", "", re.sub(r"<.*?>", "", shown[1]))


def link_in(page: str) -> str:
    """The link that a page shows."""
    shown = re.search(r'class="link">(.*?)</p>', page)
    assert shown
    return shown[1]


async def deeds(seat: Seat) -> list[tuple[str, str]]:
    """What the trail says, oldest first: verb and object."""
    async with seat.desk.database.begin() as conn:
        return [(one.verb, one.object_id) for one in reversed(await trail_reading.whole(conn, limit=100))]


async def test_a_cadre_sees_colleagues_of_the_own_village_and_nobody_of_another(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE, name="王主任")
    await sit("cadre", VILLAGE, name="李会计")
    stranger = await sit("cadre", NEIGHBOUR, name="邻村的人")
    page = await seat.see("/people")
    assert "李会计" in page
    assert "邻村的人" not in page
    assert (await seat.get(f"/people/{stranger.member.id}")).status_code == 404
    assert (await seat.get("/people/999999")).status_code == 404


async def test_a_cadre_is_told_whom_to_ask_for_a_code(sit: Sit) -> None:
    await sit("administrator", BANNER, name="旗里的赵")
    await sit("administrator", OTHER_BANNER, name="准旗的钱")
    page = await (await sit("cadre", VILLAGE)).see("/people")
    assert "旗里的赵" in page
    assert "准旗的钱" not in page


async def test_an_invited_colleague_joins_on_the_web_alone_by_code_or_link(sit: Sit, come: Come) -> None:
    admin = await sit("administrator", BANNER, name="旗里的赵")
    for read in (code_in, lambda page: link_in(page).partition("#")[2], link_in):
        made = await admin.send("/people/invite", role="cadre", name="新来的", where="150621106201")
        assert made.status_code == 200, made.text
        assert "<svg" in made.text
        new = come()
        await new.get("/enter")
        assert "新来的" in await new.done("/enter", code=read(made.text))
        assert "达拉特旗" in await new.see("/me")
        again = come()
        await again.get("/enter")
        assert (await again.send("/enter", code=read(made.text))).status_code == 403


async def test_nobody_invites_above_themselves(sit: Sit) -> None:
    seat = await sit("cadre", VILLAGE)
    for role, where in (("administrator", VILLAGE), ("cadre", TOWNSHIP), ("editor", VILLAGE), ("cadre", NEIGHBOUR)):
        refused = await seat.send("/people/invite", role=role, where=where)
        assert refused.status_code == 422, (role, where)
    assert "invited" not in [verb for verb, _ in await deeds(seat)]


async def test_a_link_made_by_a_colleague_above_is_told_to_the_person_and_stands_in_the_trail(
    sit: Sit, come: Come
) -> None:
    admin, cadre = await sit("administrator", BANNER, name="旗里的赵"), await sit("cadre", VILLAGE)
    made = await admin.send(f"/people/{cadre.member.id}/link")
    async with admin.desk.database.begin() as conn:
        (alert,) = await alerts.untold(conn, 10)
    assert (alert.kind, alert.about.split()[0]) == ("sign_in_made", str(cadre.member.id)), "staff's group hears of it"
    phone = come()
    await phone.get("/enter")
    page = await phone.done("/enter", code=code_in(made.text))
    assert "旗里的赵" in page, "who came in sees by whom the way in was made"
    assert "旗里的赵" in await cadre.see("/"), "and so does the person on their own device"
    assert ("sign-in link made", f"staff:{cadre.member.id}") in await deeds(admin)


async def test_who_comes_to_a_place_is_told_to_those_who_work_for_that_very_place(
    sit: Sit, come: Come, clock: Clock
) -> None:
    admin = await sit("administrator", BANNER, name="旗里的赵")
    cadre, neighbour = await sit("cadre", VILLAGE, trusted=True), await sit("cadre", NEIGHBOUR, trusted=True)
    made = await admin.send("/people/invite", role="cadre", name="新来的", where=VILLAGE)
    new = come()
    await new.get("/enter")
    assert "来管您管的地方" not in await new.done("/enter", code=code_in(made.text)), "nobody is told of themselves"
    async with admin.desk.database.begin() as conn:
        (alert,) = await alerts.untold(conn, 10)
    assert (alert.kind, alert.about.split()[1]) == ("came", VILLAGE), "staff's group hears of it"
    assert "新来的" in (await cadre.see("/")).partition("来管您管的地方")[0]
    for seat in (neighbour, admin):
        assert "来管您管的地方" not in await seat.see("/")
    clock.later(days=8)
    assert "来管您管的地方" not in await cadre.see("/")


async def test_who_is_let_go_again_is_told_all_the_same_and_so_is_who_was_moved_there(sit: Sit, come: Come) -> None:
    admin, cadre = await sit("administrator", BANNER), await sit("cadre", VILLAGE)
    other = await sit("cadre", NEIGHBOUR, name="邻村的人")
    await admin.done(f"/people/{other.member.id}/change", role="cadre", where=VILLAGE)
    await admin.done(f"/people/{other.member.id}/gone", sure="yes")
    assert "邻村的人" in (await cadre.see("/")).partition("来管您管的地方")[0]
    async with admin.desk.database.begin() as conn:
        assert [one.kind for one in await alerts.untold(conn, 10)] == ["came"]


async def test_equals_and_those_below_make_no_way_in_for_each_other(sit: Sit) -> None:
    one, two = await sit("cadre", VILLAGE), await sit("cadre", VILLAGE)
    for deed in ("link", "out", "gone"):
        assert (await one.send(f"/people/{two.member.id}/{deed}", sure="yes")).status_code == 403
    assert "开一个码" not in await one.see(f"/people/{two.member.id}")
    await two.see("/")


async def test_who_is_let_go_is_out_at_once_with_all_that_they_had_prepared(sit: Sit, come: Come) -> None:
    admin, cadre = await sit("administrator", BANNER), await sit("cadre", VILLAGE)
    prepared = code_in((await cadre.send("/people/invite", role="cadre", where=VILLAGE)).text)
    asked = await admin.send(f"/people/{cadre.member.id}/gone")
    assert asked.status_code == 422, "it takes a tick"
    await cadre.see("/")
    assert "他走了" in await admin.done(f"/people/{cadre.member.id}/gone", sure="yes")
    assert (await cadre.get("/")).status_code == 401
    late = come()
    await late.get("/enter")
    assert (await late.send("/enter", code=prepared)).status_code == 403
    assert ("revoked", f"staff:{cadre.member.id}") in await deeds(admin)


async def test_a_lost_phone_is_out_when_the_administrator_says_so(sit: Sit) -> None:
    admin, cadre = await sit("administrator", BANNER), await sit("cadre", VILLAGE, trusted=True)
    assert "自己的手机" in await admin.see(f"/people/{cadre.member.id}")
    await admin.done(f"/people/{cadre.member.id}/out")
    assert (await cadre.get("/")).status_code == 401


async def test_a_role_or_place_that_changes_counts_from_the_next_page(sit: Sit) -> None:
    seat = await sit("administrator", BANNER)
    await seat.see("/trail")
    async with seat.desk.database.begin() as conn:
        await conn.execute(update(table).where(table.c.id == seat.member.id).values(role="cadre"))
    assert (await seat.get("/trail")).status_code == 403
    assert seat.client.cookies.get(SESSION)


async def test_ten_thousand_colleagues_come_in_pages(sit: Sit) -> None:
    seat = await sit("administrator", BANNER)
    day = NOW.date()
    rows = [
        {"role": "cadre", "places": [VILLAGE], "name": f"第{n}个", "joined_on": day, "active_on": day}
        for n in range(10_000)
    ]
    async with seat.desk.database.begin() as conn:
        await conn.execute(insert(table), rows)
        assert len(await staff.everyone(conn)) == 10_001
    page = await seat.see("/people")
    assert page.count('class="whole-row"') == 50
    more = re.search(r'href="/desk(/people\?after=\d+)"', page)
    assert more
    assert (await seat.see(more[1])).count('class="whole-row"') == 50


async def test_who_stands_above_gives_another_role_and_other_places_and_nobody_else(sit: Sit) -> None:
    admin, cadre = await sit("administrator", BANNER), await sit("cadre", VILLAGE)
    change = f"/people/{cadre.member.id}/change"
    assert VILLAGE in await admin.see(change)
    assert "改好了" in await admin.done(change, role="editor", own=[VILLAGE], where=NEIGHBOUR)
    assert "编辑" in await cadre.see("/me")
    assert (await cadre.get("/questions")).status_code == 403
    for role, where in (("administrator", OTHER_BANNER), ("cadre", ""), ("king", VILLAGE)):
        assert (await admin.send(change, role=role, where=where)).status_code == 422
    equal = await sit("editor", VILLAGE)
    assert (await equal.send(change, role="editor", where=VILLAGE)).status_code == 403
    assert ("moved", f"staff:{cadre.member.id}") in await deeds(admin)
