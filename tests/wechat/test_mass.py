"""The monthly mass sends: planned, approved by another, four a month, one banner, one fate."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.channels.wechat import mass as sends
from bot.channels.wechat.mass import NotPlanned
from scheduler.calendar import LOCAL
from storage import wechat_mass
from storage.alerts import untold
from storage.errors import StatementRefused
from storage.wechat_mass import Mass, MassState
from tests.fakes.wechat import FakeWeChat
from tests.wechat.conftest import Clock, Ours, Start

DALATE, ZHUNGEER = "150621", "150622"
WORDS = "玉米保险这个月25日截止，要办的去村委会。"


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 2, 9, 0, tzinfo=LOCAL))


async def people(wechat: FakeWeChat) -> None:
    """Five of one banner, one of another, one who said nothing, one who stopped."""
    for number in range(5):
        await wechat.person(f"dalate {number}").scan("in:150621")
    await wechat.person("zhungeer").scan("in:150622")
    await wechat.person("nowhere").say("低保咋申请")
    await wechat.person("stopped").scan("in:150621")
    await wechat.person("stopped").say("停")


async def planned(ours: Ours, clock: Clock, *, banner: str = DALATE, hours: float = 1, body: str = WORDS) -> Mass:
    when = clock() + timedelta(hours=hours)
    return await sends.plan(
        ours.database, ours.account.app_id, banner=banner, body=body, when=when, by="cadre", now=clock()
    )


async def approved(ours: Ours, clock: Clock, **chosen: object) -> Mass:
    made = await planned(ours, clock, **chosen)  # type: ignore[arg-type]
    await sends.approve(ours.database, made.id, digest=made.digest, by="editor", now=clock())
    return made


async def state(ours: Ours, id_: int) -> MassState:
    async with ours.database.begin() as conn:
        found = await wechat_mass.get(conn, id_)
    assert found is not None
    return found.state


async def alerts(ours: Ours) -> set[str]:
    async with ours.database.begin() as conn:
        return {one.kind for one in await untold(conn, 50)}


async def finish(wechat: FakeWeChat, job: int, *, total: int, sent: int, status: str = "send success") -> None:
    counts = f"<TotalCount>{total}</TotalCount><FilterCount>{total}</FilterCount><SentCount>{sent}</SentCount>"
    event = "<MsgType>event</MsgType><Event>MASSSENDJOBFINISH</Event>"
    await wechat.person("wechat itself").told(
        f"{event}<MsgID>{job}</MsgID><Status>{status}</Status>{counts}<ErrorCount>{total - sent}</ErrorCount>"
    )


async def test_it_goes_to_one_banner_at_its_time_after_approval(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    async with start() as ours:
        await people(wechat)
        made = await approved(ours, clock)
        await ours.mass.look(clock())
        assert wechat.account.jobs == [], "its time has not come"
        clock.pass_(hours=1)
        await ours.mass.look(clock())
        await ours.mass.look(clock())
        assert [job.text for job in wechat.account.jobs] == [WORDS]
        reached = {who for who, one in wechat.account.followers.items() if any(s.way == "mass" for s in one.screen)}
        assert reached == {f"dalate {number}" for number in range(5)}
        assert wechat.account.tags == {100: DALATE}, "a tag names a banner, nothing else"
        assert await state(ours, made.id) is MassState.SENDING
        await finish(wechat, wechat.account.jobs[0].id, total=5, sent=5)
        assert await state(ours, made.id) is MassState.SENT


@pytest.mark.parametrize("totals", [(5, 4, "send success"), (6, 6, "send success"), (5, 5, "err(10001)"), (0, 0, "x")])
async def test_totals_that_do_not_agree_are_unknown_and_staff_hear_of_it(
    wechat: FakeWeChat, start: Start, clock: Clock, totals: tuple[int, int, str]
) -> None:
    total, sent, status = totals
    async with start() as ours:
        await people(wechat)
        made = await approved(ours, clock)
        clock.pass_(hours=1)
        await ours.mass.look(clock())
        await finish(wechat, wechat.account.jobs[0].id, total=total, sent=sent, status=status)
        await finish(wechat, 999, total=5, sent=5)
        assert await state(ours, made.id) is MassState.UNKNOWN
        assert "mass_unknown" in await alerts(ours)


async def test_nothing_is_spent_without_another_persons_approval(
    wechat: FakeWeChat, start: Start, clock: Clock
) -> None:
    async with start() as ours:
        await people(wechat)
        made = await planned(ours, clock)
        await ours.mass.look(clock())
        assert await alerts(ours) == {"mass_waiting"}
        for by, digest in (("cadre", made.digest), ("editor", "0" * 16)):
            with pytest.raises(NotPlanned):
                await sends.approve(ours.database, made.id, digest=digest, by=by, now=clock())
        with pytest.raises(StatementRefused):
            async with ours.database.begin() as conn:
                await conn.execute(text("UPDATE wechat_mass SET state = 'sending'"))
        with pytest.raises(StatementRefused):
            async with ours.database.begin() as conn:
                await conn.execute(text("UPDATE wechat_mass SET approved_by = planned_by"))
        clock.pass_(hours=2)
        await ours.mass.look(clock())
        assert await state(ours, made.id) is MassState.CANCELLED
        assert "mass_not_approved" in await alerts(ours)
    assert wechat.account.jobs == []


async def test_a_banner_has_four_in_a_month_and_each_banner_its_own(start: Start, clock: Clock) -> None:
    async with start() as ours:
        for number in range(4):
            await approved(ours, clock, hours=24 * number + 1)
        with pytest.raises(NotPlanned, match="mass_full"):
            await planned(ours, clock, hours=200)
        await planned(ours, clock, banner=ZHUNGEER)
        await planned(ours, clock, hours=24 * 30)


async def test_two_plans_for_the_last_place_are_not_both_approved(start: Start, clock: Clock) -> None:
    async with start() as ours:
        for number in range(3):
            await approved(ours, clock, hours=24 * number + 1)
        first, second = await planned(ours, clock, hours=200), await planned(ours, clock, hours=201)
        await sends.approve(ours.database, first.id, digest=first.digest, by="editor", now=clock())
        with pytest.raises(NotPlanned, match="mass_full"):
            await sends.approve(ours.database, second.id, digest=second.digest, by="editor", now=clock())


@pytest.mark.parametrize("body", ["", " \n", "长" * 700])
async def test_a_text_that_wechat_would_not_take_is_not_planned(start: Start, clock: Clock, body: str) -> None:
    async with start() as ours:
        with pytest.raises(NotPlanned, match="mass_too_long"):
            await planned(ours, clock, body=body)
        with pytest.raises(NotPlanned, match="mass_past"):
            await planned(ours, clock, hours=-1)


@pytest.mark.parametrize("fault", ["hang", "reset", "500", -1, 45011])
async def test_an_answer_that_got_lost_is_asked_for_again_and_goes_once(
    wechat: FakeWeChat, start: Start, clock: Clock, fault: object
) -> None:
    async with start() as ours:
        await people(wechat)
        made = await approved(ours, clock)
        clock.pass_(hours=1)
        wechat.account.fail("mass/sendall", fault)  # type: ignore[arg-type]
        await ours.mass.look(clock())
        clock.pass_(minutes=1)
        await ours.mass.look(clock())
        assert len(wechat.account.jobs) == 1
        await finish(wechat, wechat.account.jobs[0].id, total=5, sent=5)
        assert await state(ours, made.id) is MassState.SENT


async def test_who_moved_or_left_is_tagged_no_more(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    async with start() as ours:
        await people(wechat)
        await approved(ours, clock)
        clock.pass_(hours=1)
        await ours.mass.look(clock())
        await wechat.person("dalate 0").scan("in:150622")
        wechat.person("dalate 1").follower.follows = False  # without our hearing of it
        await wechat.person("dalate 2").unfollow()
        await approved(ours, clock)
        clock.pass_(hours=1)
        wechat.account.followers["dalate 1"].tags.clear()
        await ours.mass.look(clock())
        tagged = {who for who, one in wechat.account.followers.items() if 100 in one.tags}
    assert tagged == {"dalate 3", "dalate 4"}


async def test_nothing_goes_at_night_and_one_that_is_late_is_missed(
    wechat: FakeWeChat, start: Start, clock: Clock
) -> None:
    async with start() as ours:
        await people(wechat)
        tonight = await approved(ours, clock, hours=12.5)  # 21:30
        clock.pass_(hours=13)
        await ours.mass.look(clock())
        assert wechat.account.jobs == []
        clock.pass_(hours=10)
        await ours.mass.look(clock())
        assert len(wechat.account.jobs) == 1
        assert await state(ours, tonight.id) is MassState.SENDING
        late = await approved(ours, clock)
        clock.pass_(hours=20)
        await ours.mass.look(clock())
        assert await state(ours, late.id) is MassState.MISSED
        assert "mass_missed" in await alerts(ours)


async def test_a_result_that_never_comes_is_unknown_after_a_day(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    async with start() as ours:
        await people(wechat)
        made = await approved(ours, clock)
        clock.pass_(hours=1)
        await ours.mass.look(clock())
        clock.pass_(hours=25)
        await ours.mass.look(clock())
        assert await state(ours, made.id) is MassState.UNKNOWN


async def test_a_refused_one_and_one_for_nobody_end_and_are_told(
    wechat: FakeWeChat, start: Start, clock: Clock
) -> None:
    async with start() as ours:
        await people(wechat)
        refused, nobody = await approved(ours, clock), await approved(ours, clock, banner="150623")
        clock.pass_(hours=1)
        wechat.account.fail("mass/sendall", 45028)
        await ours.mass.look(clock())
        assert await state(ours, refused.id) is MassState.REFUSED
        assert await state(ours, nobody.id) is MassState.REFUSED
        assert {"mass_refused", "mass_nobody"} <= await alerts(ours)


async def test_in_trial_only_guests_are_sent_to(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    async with start(trial=True) as ours:
        await people(wechat)
        async with ours.database.begin() as conn:
            await conn.execute(text("UPDATE resident SET trial_guest = true WHERE address = 'dalate 3'"))
        await approved(ours, clock)
        clock.pass_(hours=1)
        await ours.mass.look(clock())
        tagged = {who for who, one in wechat.account.followers.items() if one.tags}
    assert tagged == {"dalate 3"}
