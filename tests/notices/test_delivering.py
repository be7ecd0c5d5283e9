"""On its way: through the real drain, in trial of quiet hours, stops, other notices, late starts and sad ends."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.broadcasts.composing import Broadcasting
from bot.dialogue.turn import Knowledge
from content.message import Message
from scheduler.broadcast import plan
from scheduler.broadcast.drain import Drained, drain
from scheduler.sending import Gone, Outcome, Refused, Sent, Unsure
from storage import alerts, broadcasts, deliveries, residents
from storage.broadcasts import BroadcastState, NotPossible
from storage.database import Database
from storage.deliveries import Claimed
from storage.notices import NoticeKind
from storage.states import State
from tests.notices.broadcasting import a_cadre, approved, counts, submitted, villagers
from tests.scheduler.sending import DAY, NIGHT, NOON, Platform, an_account, ticking

MINUTE = timedelta(minutes=1)


async def sent(database: Database, know: Knowledge, platform: Platform, now: datetime = NOON) -> Drained:
    account = await an_account(database)
    composers = {"broadcast": Broadcasting(lambda: know)}
    return await drain(account, store=database, sender=platform, composers=composers, now=ticking(now))


async def raised(database: Database) -> set[str]:
    async with database.begin() as conn:
        return {one.kind for one in await alerts.untold(conn, 10)}


async def test_everybody_gets_it_once_with_who_sends_it_and_its_number(database: Database, know: Knowledge) -> None:
    await villagers(database, 30)
    by, platform = await a_cadre(database), Platform()
    done = await approved(database, await submitted(database, by), by)
    await sent(database, know, platform)
    assert set(platform.taken.values()) == {1}
    assert len(platform.taken) == 30
    (said,) = set(platform.texts.values())
    assert "给羊打疫苗" in said
    assert done.number in said
    assert "哈业乌素村委会" in said


async def test_a_correction_says_what_it_corrects(database: Database, know: Knowledge) -> None:
    await villagers(database, 1)
    by, platform = await a_cadre(database), Platform()
    first = await approved(database, await submitted(database, by), by)
    await sent(database, know, platform)
    await approved(database, await submitted(database, by, corrects=first.id), by)
    await sent(database, know, platform)
    (said,) = set(platform.texts.values())
    assert f"编号{first.number}的那条有错" in said


async def test_a_correction_of_a_correction_names_both(database: Database, know: Knowledge) -> None:
    await villagers(database, 1)
    by, platform = await a_cadre(database), Platform()
    first = await approved(database, await submitted(database, by), by)
    await sent(database, know, platform)
    wrong = await approved(database, await submitted(database, by, corrects=first.id), by)
    await approved(database, await submitted(database, by, corrects=wrong.id), by)
    await sent(database, know, platform)
    (said,) = set(platform.texts.values())
    assert f"编号{first.number}、{wrong.number}的那条有错" in said


async def test_one_bad_recipient_never_stops_the_rest(database: Database, know: Knowledge) -> None:
    await villagers(database, 9)
    answers: Sequence[Outcome] = (Refused("too_long"), Gone(), Unsure("time_out"))
    platform = Platform(lambda address: answers[n] if (n := int(address.split()[-1])) < len(answers) else Sent())
    by = await a_cadre(database)
    done = await approved(database, await submitted(database, by), by)
    await sent(database, know, platform)
    assert await counts(database, done) == {State.SENT: 6, State.REFUSED: 1, State.GONE: 1, State.UNKNOWN: 1}
    await plan.look(database, "notice", NOON)
    assert await raised(database) == {"broadcast_unsure"}


@pytest.mark.parametrize(("kind", "taken"), [("notice", 0), ("urgent", 2)])
async def test_at_night_only_what_is_urgent_goes(
    database: Database, know: Knowledge, kind: NoticeKind, taken: int
) -> None:
    await villagers(database, 2)
    by, platform = await a_cadre(database), Platform()
    await approved(database, await submitted(database, by, kind=kind, now=NIGHT), by, NIGHT)
    await sent(database, know, platform, NIGHT)
    assert platform.taken.total() == taken
    await plan.look(database, kind, NIGHT + 10 * MINUTE)
    assert await raised(database) == set(), "at night a notice is not late"


async def test_staff_hear_of_one_that_ended_before_the_morning(database: Database, know: Knowledge) -> None:
    """Approved in the evening, over at midnight: nobody was sent it, and nobody would else be told."""
    await villagers(database, 2)
    by, platform, ends = await a_cadre(database), Platform(), NIGHT + 30 * MINUTE
    done = await approved(database, await submitted(database, by, expires_at=ends, now=NOON), by, NIGHT)
    await sent(database, know, platform, NIGHT)
    async with database.begin() as conn:
        assert await deliveries.expire(conn, ends) == 2
    await plan.look(database, "notice", ends + MINUTE)
    assert await counts(database, done) == {State.EXPIRED: 2}
    assert await raised(database) == {"broadcast_missed"}


@pytest.mark.parametrize("erased", [False, True])
async def test_staff_hear_of_one_that_goes_to_nobody(database: Database, erased: bool) -> None:
    """Nobody there has an account that speaks; or whoever had one erased themselves before it was let go."""
    by = await a_cadre(database)
    ids = await villagers(database, 1) if erased else []
    frozen = await submitted(database, by)
    async with database.begin() as conn:
        for one in ids:
            await residents.erase(conn, one)
    await approved(database, frozen, by)
    await plan.look(database, "notice", NOON)
    assert await counts(database, frozen) == ({State.CANCELLED: 1} if erased else {})
    assert await raised(database) == {"broadcast_missed"}


async def test_that_one_to_followers_goes_to_nobody_is_not_told(database: Database) -> None:
    """It would tell staff that nobody in the village follows that."""
    await villagers(database, 1)
    by = await a_cadre(database)
    await approved(database, await submitted(database, by, follows=["topic:insurance"]), by)
    await plan.look(database, "notice", NOON)
    assert await raised(database) == set()


async def test_a_planned_one_waits_for_its_time_and_staff_hear_when_it_does_not_start(
    database: Database, know: Knowledge
) -> None:
    await villagers(database, 2)
    by, platform, at = await a_cadre(database), Platform(), NOON + timedelta(hours=2)
    done = await approved(database, await submitted(database, by, send_at=at), by)
    assert (await sent(database, know, platform)).claimed == 0
    await plan.look(database, "notice", at + 5 * MINUTE)
    assert await raised(database) == set()
    await plan.look(database, "notice", at + 6 * MINUTE)
    assert await raised(database) == {"broadcast_missed"}
    await sent(database, know, platform, at + 7 * MINUTE)
    await plan.look(database, "notice", at + 8 * MINUTE)
    async with database.begin() as conn:
        found = await broadcasts.get(conn, done.id)
    assert found is not None
    assert found.out_at == at + 8 * MINUTE


async def test_one_whose_rows_can_t_be_made_is_seen_and_lapses_and_stops_no_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await villagers(database, 1)
    by = await a_cadre(database)
    bad, good = await submitted(database, by), await submitted(database, by)
    async with database.begin() as conn:
        for one in (bad, good):
            await broadcasts.approve(conn, one.id, hash_=one.hash, by=by.id, now=NOON)
        await conn.execute(text(f"ALTER TABLE delivery ADD CONSTRAINT broken CHECK (source_id <> {bad.id})"))
    try:
        await plan.look(database, "notice", NOON)
        assert await counts(database, good) == {State.QUEUED: 1}
        await plan.look(database, "notice", NOON + 8 * DAY)
    finally:
        async with database.begin() as conn:
            await conn.execute(text("ALTER TABLE delivery DROP CONSTRAINT broken"))
    async with database.begin() as conn:
        found = await broadcasts.get(conn, bad.id)
    assert found is not None
    assert found.state is BroadcastState.LAPSED
    assert "broadcast_missed" in await raised(database)


async def test_a_stop_holds_within_a_chunk_or_two(database: Database, know: Knowledge) -> None:
    await villagers(database, 600)
    by, platform = await a_cadre(database), Platform(delay=0.01)
    async with database.begin() as conn:
        await conn.execute(text("UPDATE account SET per_second = 250"))
    done = await approved(database, await submitted(database, by), by)
    account = 0
    async with database.begin() as conn:
        account = (await conn.execute(text("SELECT id FROM account"))).scalar_one()
    composers = {"broadcast": Broadcasting(lambda: know)}
    running = asyncio.create_task(
        drain(account, store=database, sender=platform, composers=composers, now=ticking(NOON))
    )
    await platform.reached(20)
    async with database.begin() as conn:
        await broadcasts.stop(conn, done.id, now=NOON)
    seen = len(platform.order)
    await running
    assert len(platform.order) - seen <= 200
    left = (await counts(database, done))[State.QUEUED]
    assert left == 600 - len(platform.order)
    async with database.begin() as conn:
        await broadcasts.resume(conn, done.id, now=NOON)
    await drain(account, store=database, sender=platform, composers=composers, now=ticking(NOON))
    assert await counts(database, done) == {State.SENT: 600}
    assert set(platform.taken.values()) == {1}


async def test_an_urgent_one_overtakes_and_an_old_and_a_new_one_share_the_account(
    database: Database, know: Knowledge
) -> None:
    await villagers(database, 300)
    by, order = await a_cadre(database), []
    old, new = [await approved(database, await submitted(database, by), by) for _ in range(2)]

    class Noting(Broadcasting):
        async def __call__(
            self, conn: AsyncConnection, rows: Sequence[Claimed], now: datetime
        ) -> Mapping[int, Message]:
            order.append(rows[0].source_id)
            return await super().__call__(conn, rows, now)

    account, urgent = await an_account(database), 0

    async def alarm(platform: Platform) -> None:
        nonlocal urgent
        await platform.reached(150)
        urgent = (await approved(database, await submitted(database, by, kind="urgent"), by)).id

    platform = Platform(delay=0.02)
    alarming = asyncio.create_task(alarm(platform))
    composers = {"broadcast": Noting(lambda: know)}
    await drain(account, store=database, sender=platform, composers=composers, now=ticking(NOON))
    await alarming
    await drain(account, store=database, sender=platform, composers=composers, now=ticking(NOON))
    notices = [one for one in order if one != urgent]
    assert notices == [old.id, new.id] * 3
    assert order.index(urgent) <= 5


async def test_two_drains_hand_over_and_nobody_gets_it_twice(database: Database, know: Knowledge) -> None:
    await villagers(database, 200)
    by, platform = await a_cadre(database), Platform(delay=0.01)
    done = await approved(database, await submitted(database, by), by)
    first, second = await asyncio.gather(sent(database, know, platform), sent(database, know, platform))
    assert (first.busy, second.busy) in ((True, False), (False, True))
    await sent(database, know, platform)
    assert await counts(database, done) == {State.SENT: 200}
    assert set(platform.taken.values()) == {1}


async def test_who_stops_or_is_erased_while_it_waits_gets_nothing(database: Database, know: Knowledge) -> None:
    stopped, erased, _ = await villagers(database, 3)
    by, platform = await a_cadre(database), Platform()
    done = await approved(database, await submitted(database, by), by)
    async with database.begin() as conn:
        await residents.stop(conn, stopped, NOON)
        await residents.erase(conn, erased)
    await sent(database, know, platform)
    assert await counts(database, done) == {State.SENT: 1, State.CANCELLED: 2}


async def test_an_urgent_one_expires_after_six_hours_and_what_expired_is_not_resumed(database: Database) -> None:
    by = await a_cadre(database)
    done = await approved(database, await submitted(database, by, kind="urgent"), by)
    assert done.expires_at == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    async with database.begin() as conn:
        await broadcasts.stop(conn, done.id, now=NOON)
        with pytest.raises(NotPossible, match="late"):
            await broadcasts.resume(conn, done.id, now=NOON + timedelta(hours=6))
