"""What staff hear of in their WeCom group: once, numbers only, also after a fault."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from content.render import environment, say
from storage.alerts import raise_alert
from tests.fakes.wechat import FakeWeChat
from tests.wechat.conftest import Clock, Ours, Start


async def raised(ours: Ours, clock: Clock, *alerts: tuple[str, str]) -> None:
    async with ours.database.begin() as conn:
        for kind, about in alerts:
            await raise_alert(conn, kind, about, clock())
            clock.pass_(seconds=1)


async def test_each_is_told_once_and_many_in_one_message(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    async with start() as ours:
        await raised(ours, clock, ("mass_waiting", "1"), ("ticket_old", "7"), ("mass_waiting", "1"))
        assert [await ours.robot.look(clock()) for _ in range(3)] == [2, 0, 0]
    (told,) = wechat.account.alerts
    assert "群发1号等人批准" in told
    assert "问题7" in told


async def test_forty_at_once_stay_within_what_the_robot_takes(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    async with start() as ours:
        await raised(ours, clock, *(("ticket_old", str(10**17 + number)) for number in range(40)))
        told = [await ours.robot.look(clock()) for _ in range(4)]
    assert told == [15, 15, 10, 0]
    assert "\n".join(wechat.account.alerts).count("· ") == 40


@pytest.mark.parametrize("fault", [45009, -1, "reset", "500", "html"])
async def test_what_did_not_surely_arrive_is_told_again(
    wechat: FakeWeChat, start: Start, clock: Clock, fault: object
) -> None:
    async with start() as ours:
        await raised(ours, clock, ("ticket_old", "7"))
        wechat.account.fail("webhook/send", fault)  # type: ignore[arg-type]
        assert [await ours.robot.look(clock()) for _ in range(2)] == [0, 1]


def test_every_alert_has_its_sentence_and_says_only_what_it_is_about() -> None:
    names = [name for name in dir(environment().get_template("wechat.j2").module) if name.startswith("alert_")]
    assert len(names) > 8
    for name in names:
        if name != "alert_head":
            assert "12" in say("wechat", name, about="12")


async def test_old_questions_and_details_about_to_lapse_are_told_by_number(
    wechat: FakeWeChat, start: Start, clock: Clock
) -> None:
    async with start() as ours:
        await wechat.person("aunt").say("低保咋申请")
        async with ours.database.begin() as conn:
            for question, age in (("old one", 4), ("new one", 1)):
                await conn.execute(
                    text(
                        "INSERT INTO ticket (resident_id, place, question, asked_at)"
                        " SELECT id, '150621', :question, :asked FROM resident"
                    ),
                    {"question": question, "asked": clock() - timedelta(days=age)},
                )
            for days, state in ((3, "published"), (30, "published"), (3, "draft")):
                await conn.execute(
                    text(
                        "INSERT INTO local_detail (matter, place, kind, says, source, lapses_on, state, entered_by,"
                        " confirmed_by, changed_at) VALUES (:matter, '150621', 'phone', 'x', 's', :lapses, :state, 'a',"
                        " 'b', :now)"
                    ),
                    {
                        "matter": f"{days} {state}",
                        "lapses": (clock() + timedelta(days=days)).date(),
                        "state": state,
                        "now": clock(),
                    },
                )
        assert [await ours.robot.look(clock()) for _ in range(2)] == [2, 0]
    (told,) = wechat.account.alerts
    assert "三天没人回" in told
    assert "快过期了" in told
    assert "old one" not in told
