"""Today: what waits for whom, each of it counted for one's own places only."""

from datetime import timedelta

import pytest

from bot.desk.built import Desk
from scheduler.broadcast import plan
from storage import residents, tickets
from storage.broadcasts import spreading
from storage.states import State
from tests.desk.conftest import BANNER, NEIGHBOUR, TOWNSHIP, VILLAGE, Clock, Sit
from tests.notices.broadcasting import approved, claimed, submitted, villagers


async def question(desk: Desk, place: str = VILLAGE) -> None:
    """A resident hands a question to the staff of a place."""
    async with desk.database.begin() as conn:
        who = await residents.meet(conn, channel="telegram", account="bot", address="herder", now=desk.now())
        await tickets.hand_over(conn, who.id, place=place, question="表在哪交", now=desk.now())


async def test_where_nothing_waits_that_is_said(sit: Sit) -> None:
    for role in ("cadre", "editor", "administrator"):
        assert "没有等着您的事" in await (await sit(role, BANNER)).see("/")


async def test_old_questions_stand_before_new_ones_and_only_in_the_place_they_were_for(
    sit: Sit, built: Desk, clock: Clock
) -> None:
    mine, other = await sit("cadre", VILLAGE, trusted=True), await sit("cadre", NEIGHBOUR, trusted=True)
    over = await sit("administrator", TOWNSHIP, trusted=True)
    await question(built)
    clock.later(days=3)
    await question(built)
    page = await mine.see("/")
    assert page.index("1个问题三天没人回了") < page.index("1个新问题等着回")
    for seat in (other, over):
        assert "问题" not in (await seat.see("/")).partition("等着您的")[2].partition("</main>")[0]


@pytest.mark.parametrize("outcome", [State.UNKNOWN, State.REFUSED])
async def test_who_may_approve_a_notice_is_told_and_who_looks_after_a_sending_that_went_wrong(
    sit: Sit, built: Desk, clock: Clock, outcome: State
) -> None:
    writer, second = await sit("cadre", TOWNSHIP), await sit("administrator", BANNER)
    stranger = await sit("administrator", "150622")
    await villagers(built.database, 1)
    frozen = await submitted(built.database, writer.member, TOWNSHIP, now=clock())
    assert "1条通知等您批" in await second.see("/")
    for seat in (writer, stranger):
        assert "等您批" not in await seat.see("/")
    await approved(built.database, frozen, second.member, now=clock())
    await claimed(built.database, outcome, now=clock())
    async with built.database.begin() as conn:
        await spreading.out(conn, frozen.id, now=clock())
    assert "1条通知有人没收到" in await writer.see("/")
    assert "没收到" not in await stranger.see("/")


async def test_a_notice_that_went_to_nobody_or_that_nobody_approved_stands_there_for_days(
    sit: Sit, built: Desk, clock: Clock
) -> None:
    """Where no robot tells of it, it must be seen here."""
    seat, stranger = await sit("cadre", VILLAGE, trusted=True), await sit("cadre", NEIGHBOUR, trusted=True)
    await approved(built.database, await submitted(built.database, seat.member, now=clock()), seat.member, now=clock())
    await plan.look(built.database, "notice", clock())
    await submitted(built.database, seat.member, now=clock(), expires_at=clock() + timedelta(hours=1))
    assert "1条通知没发出去" in await seat.see("/")
    clock.later(hours=1)
    await plan.look(built.database, "notice", clock())
    assert "2条通知没发出去" in await seat.see("/")
    assert "没发出去" not in await stranger.see("/")
    clock.later(days=3, minutes=1)
    assert "没发出去" not in await seat.see("/")


async def test_one_that_was_late_and_went_then_does_not_stand_there(sit: Sit, built: Desk, clock: Clock) -> None:
    seat = await sit("cadre", VILLAGE)
    await villagers(built.database, 1)
    await approved(built.database, await submitted(built.database, seat.member, now=clock()), seat.member, now=clock())
    clock.later(minutes=6)
    await plan.look(built.database, "notice", clock())
    assert "1条通知没发出去" in await seat.see("/")
    await claimed(built.database, State.SENT, now=clock())
    assert "没发出去" not in await seat.see("/")


async def test_who_may_look_at_an_urgent_notice_that_went_out_is_told_until_somebody_has(
    sit: Sit, built: Desk, clock: Clock
) -> None:
    told = "1条急通知发出去了，等您看一遍"
    first, second = await sit("administrator", BANNER), await sit("administrator", BANNER)
    outside = [await sit("cadre", VILLAGE), await sit("administrator", "150622")]
    frozen = await submitted(built.database, first.member, TOWNSHIP, kind="urgent", now=clock())
    assert told not in await second.see("/")
    await approved(built.database, frozen, first.member, now=clock())
    assert told in await second.see("/")
    assert (await second.see("/notices")).count(frozen.number) == 2  # its link and its name, once
    for seat in (first, *outside):
        assert told not in await seat.see("/")
    await second.done(f"/notices/{frozen.number}/review")
    assert told not in await second.see("/")
