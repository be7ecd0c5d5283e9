"""A drain sends what is due, once, in order, within the limits, and says what became of each."""

import asyncio
import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from scheduler.broadcast.drain import Drained, drain
from scheduler.sending import Gone, NotNow, Outcome, Refused, Sent, TryLater, Unsure
from storage import accounts, deliveries, residents
from storage.database import Database
from storage.locks import Turn, alone
from storage.states import Kind, State
from storage.tables import delivery, resident
from tests.scheduler.sending import COMPOSERS, NIGHT, NOON, Platform, an_account, people, queue, states, ticking

LOSE_LOCKS = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")


async def drained(database: Database, account: int, platform: Platform, start: datetime = NOON) -> Drained:
    return await drain(account, store=database, sender=platform, composers=COMPOSERS, now=ticking(start))


async def test_everything_due_is_sent_once(database: Database) -> None:
    account, platform = await an_account(database), Platform()
    await queue(database, account, await people(database, *(f"r{number}" for number in range(250))))
    done = await drained(database, account, platform)
    assert (done.claimed, done.more, done.busy) == (250, False, False)
    assert set(platform.taken.values()) == {1}
    assert set(await states(database)) == {State.SENT}
    assert (await drained(database, account, platform)).claimed == 0


@pytest.mark.parametrize(
    ("outcome", "notice", "urgent"),
    [
        (Sent("7"), State.SENT, State.SENT),
        (TryLater(timedelta(minutes=1)), State.QUEUED, State.QUEUED),
        (Refused("too_long"), State.REFUSED, State.REFUSED),
        (Gone(), State.GONE, State.GONE),
        (NotNow(), State.HELD, State.HELD),
        (Unsure("time_out"), State.UNKNOWN, State.QUEUED),
    ],
)
async def test_each_outcome_moves_the_delivery(
    database: Database, outcome: Outcome, notice: State, urgent: State
) -> None:
    account, platform = await an_account(database), Platform(lambda _: outcome)
    who = await people(database, "aunt")
    await queue(database, account, who, kind=Kind.NOTICE, source=1)
    if not isinstance(outcome, Gone):
        await queue(database, account, who, kind=Kind.URGENT, source=2)
    await drained(database, account, platform)
    assert await states(database) == [notice, urgent][: 1 if isinstance(outcome, Gone) else 2]


async def test_who_blocked_the_account_gets_nothing_until_they_write_again(database: Database) -> None:
    account, platform = await an_account(database), Platform(lambda _: Gone())
    who = await people(database, "aunt")
    await queue(database, account, who, source=1)
    await drained(database, account, platform)
    platform.answer = lambda _: Sent()
    await queue(database, account, who, source=2)
    await drained(database, account, platform)
    assert await states(database) == [State.GONE, State.CANCELLED]
    async with database.begin() as conn:
        await residents.meet(conn, channel="telegram", account="bot", address="aunt", now=NOON)
    await queue(database, account, who, source=3)
    await drained(database, account, platform)
    assert platform.taken["aunt"] == 1


async def test_who_stopped_or_was_erased_since_is_left_out_and_the_others_are_not(database: Database) -> None:
    account, platform = await an_account(database), Platform()
    stopped, erased, other = await people(database, "stopped", "erased", "other")
    await queue(database, account, [stopped, erased, other])
    async with database.begin() as conn:
        await residents.stop(conn, stopped, NOON)
        await residents.erase(conn, erased)
    await drained(database, account, platform)
    assert platform.order == ["other"]
    assert await states(database) == [State.CANCELLED, State.CANCELLED, State.SENT]


async def test_at_night_only_what_is_urgent_is_sent(database: Database) -> None:
    account, platform = await an_account(database), Platform()
    who = await people(database, "aunt")
    for source, kind in enumerate(Kind):
        await queue(database, account, who, kind=kind, source=source)
    await drained(database, account, platform, NIGHT)
    assert await states(database) == [State.SENT, State.QUEUED, State.QUEUED]


async def test_what_would_no_longer_help_is_not_sent(database: Database) -> None:
    account, platform = await an_account(database), Platform()
    await queue(database, account, await people(database, "aunt"), expires_at=NOON)
    await drained(database, account, platform)
    assert await states(database) == [State.EXPIRED]


async def test_urgent_goes_before_reminders_and_these_before_notices(database: Database) -> None:
    account, platform = await an_account(database), Platform()
    who = await people(database, "a", "b", "c")
    for source, (one, kind) in enumerate(zip(who, (Kind.NOTICE, Kind.REMINDER, Kind.URGENT), strict=True)):
        await queue(database, account, [one], kind=kind, source=source)
    await drained(database, account, platform)
    assert platform.order == ["c", "b", "a"]


async def test_an_urgent_message_overtakes_within_a_chunk_or_two(database: Database) -> None:
    account, platform = await an_account(database, per_second=200), Platform()
    crowd = await people(database, *(f"r{number}" for number in range(600)))
    await queue(database, account, crowd)
    running = asyncio.create_task(drained(database, account, platform))
    await platform.reached(20)
    seen = len(platform.order)
    await queue(database, account, await people(database, "urgent"), kind=Kind.URGENT, source=2)
    await running
    assert platform.order.index("urgent") - seen <= 2 * 160


async def test_an_old_and_a_new_notice_share_the_account(database: Database) -> None:
    account, platform = await an_account(database), Platform()
    old = await people(database, *(f"old{number}" for number in range(400)))
    new = await people(database, *(f"new{number}" for number in range(150)))
    await queue(database, account, old, source=1)
    await queue(database, account, new, source=2)
    await drained(database, account, platform)
    first = platform.order[:400]
    assert sum(one.startswith("new") for one in first) == 150


async def test_no_second_has_more_messages_than_the_limit_and_one(database: Database) -> None:
    account, platform = await an_account(database, per_second=50), Platform(delay=0.05)
    await queue(database, account, await people(database, *(f"r{number}" for number in range(100))))
    await drained(database, account, platform)
    at = sorted(platform.at)
    most = max(sum(start <= one < start + 1 for one in at) for start in at)
    assert most <= 50 * 0.8 + 1


async def test_messages_that_leave_late_bring_no_bunch_behind_them(database: Database) -> None:
    stalls = {3: 0.3, 20: 0.12, 21: 0.12, 30: 0.8}
    account = await an_account(database, per_second=20)
    platform = Platform(delay=0.05, way_out=lambda number: stalls.get(number, 0))
    await queue(database, account, await people(database, *(f"r{number}" for number in range(50))))
    await drained(database, account, platform)
    at = sorted(platform.at)
    assert len(at) == 50
    assert max(sum(start <= one < start + 1 for one in at) for start in at) <= 20 * 0.8 + 1


async def test_the_drain_after_one_that_was_late_begins_later(database: Database) -> None:
    account = await an_account(database, per_second=20)
    late, then = Platform(way_out=lambda number: 0.9 if number == 11 else 0), Platform()
    who = await people(database, *(f"r{number}" for number in range(28)))
    await queue(database, account, who[:12])
    await drained(database, account, late)
    await queue(database, account, who[12:], source=2)
    await drained(database, account, then)
    at = sorted(late.at + then.at)
    assert max(sum(start <= one < start + 1 for one in at) for start in at) <= 20 * 0.8 + 1
    assert then.at[0] - late.at[-1] >= 1 / 16 - 0.005


async def test_a_second_drain_goes_on_at_the_rate_of_the_first(database: Database) -> None:
    account, platform = await an_account(database, per_second=50), Platform()
    who = await people(database, *(f"r{number}" for number in range(60)))
    for source, half in enumerate((who[:30], who[30:])):
        await queue(database, account, half, source=source)
        await drained(database, account, platform)
    at = sorted(platform.at)
    assert max(sum(start <= one < start + 1 for one in at) for start in at) <= 50 * 0.8 + 1


async def test_a_drain_that_stood_still_and_lost_its_account_meanwhile_sends_no_more(database: Database) -> None:
    account, platform = await an_account(database, per_second=20), Platform(delay=3.0)
    await queue(database, account, await people(database, *(f"r{number}" for number in range(60))))
    now = ticking()
    first, then = (drain(account, store=database, sender=platform, composers=COMPOSERS, now=now) for _ in range(2))
    running = asyncio.create_task(first)
    await platform.reached(20)  # its second chunk is on its way, and of the first no outcome came yet
    async with database.begin() as conn:
        await conn.execute(LOSE_LOCKS)
    time.sleep(1.5)  # noqa: ASYNC251 - a process that stands still
    await asyncio.gather(then, running)
    at = sorted(platform.at)
    assert max(sum(start <= one < start + 1 for one in at) for start in at) <= 20 * 0.8 + 1
    assert set(platform.taken.values()) == {1}


async def test_one_429_holds_the_whole_account_and_loses_nothing(database: Database) -> None:
    account, platform = await an_account(database, per_second=100), Platform()
    platform.answer = lambda _: TryLater(timedelta(seconds=90), whole_account=True)
    await queue(database, account, await people(database, *(f"r{number}" for number in range(50))))
    await drained(database, account, platform)
    assert len(platform.order) <= 3
    assert set(await states(database)) == {State.QUEUED}
    platform.answer = lambda _: Sent()
    assert (await drained(database, account, platform)).claimed == 0
    done = await drained(database, account, platform, NOON + timedelta(seconds=91))
    assert (done.claimed, set(platform.taken.values())) == (50, {1})


async def test_two_drains_of_one_account_take_turns(database: Database) -> None:
    account, platform = await an_account(database), Platform(delay=0.05)
    await queue(database, account, await people(database, *(f"r{number}" for number in range(200))))
    both = await asyncio.gather(*(drained(database, account, platform) for _ in range(2)))
    assert sorted(one.busy for one in both) == [False, True]
    assert set(platform.taken.values()) == {1}


async def test_claims_of_a_dead_drain_are_closed_by_the_next(database: Database) -> None:
    account, platform = await an_account(database), Platform()
    who = await people(database, "a", "b", "c")
    ids = [
        (await queue(database, account, [one], kind=kind, source=source))[0]
        for source, (one, kind) in enumerate(zip(who, (Kind.NOTICE, Kind.REMINDER, Kind.URGENT), strict=True))
    ]
    async with database.begin() as conn:
        await conn.execute(update(delivery).where(delivery.c.id.in_(ids)).values(state="sending", drain=1))
    await drained(database, account, platform)
    assert await states(database) == [State.UNKNOWN, State.UNKNOWN, State.SENT]
    assert platform.order == ["c"]


async def test_a_late_writer_changes_nothing(database: Database) -> None:
    account = await an_account(database)
    (one,) = await queue(database, account, await people(database, "aunt"))
    async with database.begin() as conn:
        await deliveries.claim(conn, account, {Kind.NOTICE: 1}, drain=7, now=NOON)
        await deliveries.settle(conn, account, NOON)
        written = await deliveries.record(conn, [deliveries.Move(one, State.SENT)], drain=7, now=NOON)
    assert (written, await states(database)) == (0, [State.UNKNOWN])


async def test_one_recipient_that_breaks_the_sender_does_not_stop_the_others(database: Database) -> None:
    def answer(address: str) -> Outcome:
        if address == "r5":
            raise RuntimeError("a mistake of ours")
        return Sent()

    account, platform = await an_account(database), Platform(answer)
    await queue(database, account, await people(database, *(f"r{number}" for number in range(10))))
    await drained(database, account, platform)
    found = await states(database)
    assert found[5] is State.UNKNOWN
    assert found.count(State.SENT) == 9


async def test_a_source_whose_words_fail_waits_and_the_others_go_on(database: Database) -> None:
    async def broken(*_: object) -> dict[int, object]:
        raise KeyError("no such card")

    account, platform = await an_account(database), Platform()
    who = await people(database, "aunt")
    await queue(database, account, who, source=1)
    composers = {"test": broken}
    await drain(account, store=database, sender=platform, composers=composers, now=lambda: NOON)  # type: ignore[arg-type]
    assert await states(database) == [State.QUEUED]
    await queue(database, account, who, source=2)
    await drained(database, account, platform)
    assert await states(database) == [State.QUEUED, State.SENT]


async def test_an_account_without_a_lock_claims_nothing(database: Database) -> None:
    account = await an_account(database)
    await queue(database, account, await people(database, "aunt"))
    async with alone(database, Turn.DRAIN, account) as session:
        assert session is not None
        assert (await drained(database, account, Platform())).busy
    assert await states(database) == [State.QUEUED]


async def test_a_drain_told_to_end_sees_to_the_end_what_is_on_its_way(database: Database) -> None:
    account, platform = await an_account(database, per_second=20), Platform(delay=0.2)
    await queue(database, account, await people(database, *(f"r{number}" for number in range(60))))
    running = asyncio.create_task(drained(database, account, platform))
    await platform.reached(5)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    found = await states(database)
    assert set(found) == {State.SENT, State.QUEUED}
    assert found.count(State.SENT) == len(platform.taken)


async def test_accounts_with_work_are_found_and_held_ones_are_not(database: Database) -> None:
    busy, idle, held = [await an_account(database, name=name) for name in ("busy", "idle", "held")]
    for account, name in ((busy, "busy"), (held, "held")):
        await queue(database, account, await people(database, name, name=name))
    async with database.begin() as conn:
        await accounts.hold(conn, held, NOON + timedelta(minutes=1))
        now, later = NOON, NOON + timedelta(minutes=2)
        found = [
            await accounts.awaiting(conn, kinds, at)
            for kinds, at in ((list(Kind), now), ([Kind.URGENT], now), (list(Kind), later))
        ]
    assert [[one.id for one in some] for some in found] == [[busy], [], [busy, held]]
    assert idle != busy


async def test_what_was_held_goes_at_the_next_contact(database: Database) -> None:
    account, platform = await an_account(database), Platform(lambda _: NotNow())
    (who,) = await people(database, "aunt")
    await queue(database, account, [who])
    await drained(database, account, platform)
    async with database.begin() as conn:
        assert await deliveries.release(conn, who, NOON) == 1
    platform.answer = lambda _: Sent()
    await drained(database, account, platform)
    assert await states(database) == [State.SENT]


async def test_an_erased_resident_leaves_a_row_without_a_name(database: Database) -> None:
    account, platform = await an_account(database), Platform()
    (who,) = await people(database, "aunt")
    await queue(database, account, [who])
    await drained(database, account, platform)
    async with database.begin() as conn:
        await residents.erase(conn, who)
        assert await deliveries.counts(conn, "test", 1) == {State.SENT: 1}
        assert (await conn.scalars(select(delivery.c.resident_id))).all() == [None]
        assert (await conn.scalars(select(resident.c.id))).all() == []
