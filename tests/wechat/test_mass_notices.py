"""A notice by a monthly mass send: to those whose copy is held, and each copy's row says what became of it."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from bot.broadcasts.mass import of_broadcast
from bot.channels.wechat import mass as sends
from bot.channels.wechat.mass import NotPlanned
from scheduler.calendar import LOCAL
from storage import accounts, broadcasts, deliveries, notices, staff
from storage.broadcasts import Broadcast, Words, spreading
from storage.deliveries import Move
from storage.states import Kind, State
from storage.tables import delivery, resident
from storage.wechat_mass import Mass, MassState
from tests.fakes.wechat import FakeWeChat
from tests.wechat.conftest import Clock, Ours, Start
from tests.wechat.test_mass import DALATE, ZHUNGEER, finish, state

WORDS = Words("收保险", "玉米保险这个月25日截止。", "达拉特旗", DALATE)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 2, 9, 0, tzinfo=LOCAL))


async def people(wechat: FakeWeChat) -> None:
    for number in range(4):
        await wechat.person(f"dalate {number}").scan("in:150621")
    await wechat.person("zhungeer").scan("in:150622")


async def a_broadcast(ours: Ours, clock: Clock, *, audience: str = "1506", follows: tuple[str, ...] = ()) -> Broadcast:
    """One for a whole league, of which every copy but one is held."""
    async with ours.database.begin() as conn:
        account = await accounts.register(conn, channel="wechat", name=ours.account.app_id, per_second=None)
        invited = await staff.invite(conn, role="administrator", places=["15"], made_by="operator", now=clock())
        by = await staff.join(conn, invited, channel="telegram", address=str(clock()), now=clock())
        assert by is not None
        draft = await notices.draft(
            conn, staff_id=by.id, kind="notice", title=WORDS.title, text=WORDS.text, audience=[audience],
            send_at=None, now=clock(),
        )  # fmt: skip
        frozen = await broadcasts.submit(conn, draft, WORDS, follows=follows, now=clock())
        done = await broadcasts.approve(conn, frozen.id, hash_=frozen.hash, by=by.id, now=clock())
        await spreading.spread(conn, done.id, now=clock())
        rows = await deliveries.claim(conn, account, {Kind.NOTICE: 100}, drain=1, now=clock())
        moves = [Move(row.id, State.SENT if row.address == "dalate 0" else State.HELD) for row in rows]
        await deliveries.record(conn, moves, drain=1, now=clock())
    return done


async def planned(ours: Ours, clock: Clock, of: Broadcast) -> Mass:
    body, id_ = await of_broadcast(ours.database, of.number, DALATE)
    account, when = ours.account.app_id, clock() + timedelta(hours=1)
    made = await sends.plan(
        ours.database, account, banner=DALATE, body=body, when=when, by="cadre", now=clock(), broadcast_id=id_
    )
    await sends.approve(ours.database, made.id, digest=made.digest, by="editor", now=clock())
    clock.pass_(hours=1)
    await ours.mass.look(clock())
    return made


async def copies(ours: Ours) -> Counter[str]:
    async with ours.database.begin() as conn:
        return Counter(await conn.scalars(select(delivery.c.state)))


async def test_it_goes_to_whose_copy_is_held_and_each_row_says_so(
    wechat: FakeWeChat, start: Start, clock: Clock
) -> None:
    async with start() as ours:
        await people(wechat)
        of = await a_broadcast(ours, clock)
        made = await planned(ours, clock, of)
        (job,) = wechat.account.jobs
        assert "玉米保险这个月25日截止。" in job.text
        assert of.number in job.text
        reached = {who for who, one in wechat.account.followers.items() if any(s.way == "mass" for s in one.screen)}
        assert reached == {"dalate 1", "dalate 2", "dalate 3"}, "not who had it, nor another banner"
        assert await copies(ours) == {"sent": 1, "held": 4}, "nobody knows yet"
        await finish(wechat, job.id, total=3, sent=3)
        assert await state(ours, made.id) is MassState.SENT
        assert await copies(ours) == {"sent": 4, "held": 1}


async def test_totals_that_do_not_agree_leave_each_copy_unknown(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    async with start() as ours:
        await people(wechat)
        await planned(ours, clock, await a_broadcast(ours, clock))
        await finish(wechat, wechat.account.jobs[0].id, total=3, sent=2)
        assert await copies(ours) == {"sent": 1, "unknown": 3, "held": 1}


async def test_a_refused_one_leaves_them_held_as_before(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    async with start() as ours:
        await people(wechat)
        wechat.account.fail("mass/sendall", 45028)
        await planned(ours, clock, await a_broadcast(ours, clock))
        assert await copies(ours) == {"sent": 1, "held": 4}
        assert await released(ours, clock) == 3


async def released(ours: Ours, clock: Clock) -> int:
    """How many copies of those of the banner their contact lets go."""
    async with ours.database.begin() as conn:
        ids = list(await conn.scalars(select(resident.c.id).where(resident.c.places[1] == DALATE)))
        return sum([await deliveries.release(conn, one, clock()) for one in ids])


async def test_while_it_is_under_way_no_contact_and_no_expiry_lets_a_copy_go(
    wechat: FakeWeChat, start: Start, clock: Clock
) -> None:
    async with start() as ours:
        await people(wechat)
        of = await a_broadcast(ours, clock)
        await planned(ours, clock, of)
        assert await released(ours, clock) == 0
        async with ours.database.begin() as conn:
            assert await deliveries.expire(conn, clock() + timedelta(days=8)) == 1
            assert await spreading.on_their_way(conn, of.id)
        await finish(wechat, wechat.account.jobs[0].id, total=3, sent=3)
        assert await copies(ours) == {"sent": 4, "expired": 1}


async def test_a_copy_of_who_is_erased_meanwhile_comes_to_an_end(
    wechat: FakeWeChat, start: Start, clock: Clock
) -> None:
    async with start() as ours:
        await people(wechat)
        await planned(ours, clock, await a_broadcast(ours, clock))
        async with ours.database.begin() as conn:
            await conn.execute(text("DELETE FROM resident WHERE address = 'dalate 3'"))
        await finish(wechat, wechat.account.jobs[0].id, total=2, sent=2)
        async with ours.database.begin() as conn:
            await deliveries.expire(conn, clock() + timedelta(days=8))
        assert not {"queued", "held", "sending"} & set(await copies(ours))


async def test_one_that_was_stopped_goes_to_nobody(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    async with start() as ours:
        await people(wechat)
        of = await a_broadcast(ours, clock)
        body, id_ = await of_broadcast(ours.database, of.number, DALATE)
        made = await sends.plan(
            ours.database, ours.account.app_id, banner=DALATE, body=body, when=clock() + timedelta(hours=1), by="cadre",
            now=clock(), broadcast_id=id_,
        )  # fmt: skip
        await sends.approve(ours.database, made.id, digest=made.digest, by="editor", now=clock())
        async with ours.database.begin() as conn:
            await broadcasts.stop(conn, of.id, now=clock())
        clock.pass_(hours=1)
        await ours.mass.look(clock())
        assert wechat.account.jobs == []
        assert await state(ours, made.id) is MassState.REFUSED


async def test_only_what_is_for_a_whole_banner_and_for_everyone_goes_this_way(
    wechat: FakeWeChat, start: Start, clock: Clock
) -> None:
    async with start() as ours:
        await people(wechat)
        narrow = await a_broadcast(ours, clock, audience="150621106")
        clock.pass_(minutes=1)
        followers = await a_broadcast(ours, clock, audience=DALATE, follows=("topic:insurance",))
        for number in (narrow.number, followers.number, "Z99999"):
            with pytest.raises(NotPlanned, match="mass_not_of_broadcast"):
                await of_broadcast(ours.database, number, DALATE)
        clock.pass_(minutes=1)
        other = await a_broadcast(ours, clock, audience=DALATE)
        with pytest.raises(NotPlanned, match="mass_not_of_broadcast"):
            await of_broadcast(ours.database, other.number, ZHUNGEER)
        async with ours.database.begin() as conn:
            assert await conn.scalar(text("SELECT count(*) FROM wechat_mass")) == 0
