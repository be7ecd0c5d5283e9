"""A correction takes back what was not sent, and goes to everybody who has the first one or may have it."""

import asyncio

import pytest
from sqlalchemy import func, select

from scheduler.broadcast import plan
from storage import broadcasts, deliveries, residents
from storage.broadcasts import Broadcast, BroadcastState, NotPossible, spreading
from storage.database import Database
from storage.deliveries import Move
from storage.notices import NoticeKind
from storage.states import Kind, State
from storage.tables import broadcast_list, delivery
from tests.notices.broadcasting import a_cadre, approved, claimed, counts, submitted, villagers
from tests.scheduler.sending import NOON


async def reached(database: Database, of: Broadcast) -> dict[int, State]:
    async with database.begin() as conn:
        rows = await conn.execute(select(delivery.c.resident_id, delivery.c.state).where(delivery.c.source_id == of.id))
        return {row.resident_id: State(row.state) for row in rows if row.resident_id is not None}


async def look(database: Database, kind: NoticeKind = "notice") -> None:
    await plan.look(database, kind, NOON)


async def test_it_goes_to_who_was_sent_the_first_one_or_may_have_been(database: Database) -> None:
    await villagers(database, 6)
    by = await a_cadre(database)
    first = await approved(database, await submitted(database, by), by)
    outcomes = (State.SENT, State.UNKNOWN, State.REFUSED, State.HELD)
    sent, unknown, *_ = await claimed(database, *outcomes)
    correction = await approved(database, await submitted(database, by, corrects=first.id), by)
    await look(database)
    assert await counts(database, first) == {
        State.SENT: 1, State.UNKNOWN: 1, State.REFUSED: 1, State.CANCELLED: 3,
    }  # fmt: skip
    assert await reached(database, correction) == {sent: State.QUEUED, unknown: State.QUEUED}
    async with database.begin() as conn:
        found = await broadcasts.get(conn, first.id)
        published = await broadcasts.by_number(conn, first.number)
    assert found is not None
    assert (found.state, found.out_at) == (BroadcastState.CORRECTED, NOON)
    assert published is not None
    assert published.corrected_by == correction.number


@pytest.mark.parametrize(("ends", "gets"), [(State.SENT, State.QUEUED), (State.QUEUED, State.CANCELLED)])
async def test_who_is_being_sent_the_first_one_gets_it_if_that_arrives(
    database: Database, ends: State, gets: State
) -> None:
    await villagers(database, 1)
    by = await a_cadre(database)
    first = await approved(database, await submitted(database, by), by)
    (who,) = await claimed(database, State.SENDING)
    correction = await submitted(database, by, corrects=first.id)
    async with database.begin() as conn:
        await broadcasts.approve(conn, correction.id, hash_=correction.hash, by=by.id, now=NOON)
    await look(database)
    assert await reached(database, correction) == {}, "it waits until the first one is off the way"
    async with database.begin() as conn:
        row = (await conn.execute(select(delivery.c.id, delivery.c.drain))).one()
        await deliveries.record(conn, [Move(row.id, ends)], drain=row.drain, now=NOON)
    await look(database)
    await look(database)
    assert await reached(database, correction) == {who: gets}
    assert State.QUEUED not in await counts(database, first)


async def test_who_may_have_an_urgent_one_that_went_back_to_be_sent_again_gets_it_too(database: Database) -> None:
    """No answer came for one, the drain of another died: both may have read what was wrong. The last two have not."""
    unsure, died, _, _ = await villagers(database, 4)
    by = await a_cadre(database)
    first = await approved(database, await submitted(database, by, kind="urgent"), by)
    async with database.begin() as conn:
        rows = await deliveries.claim(conn, await _account(database), {Kind.URGENT: 3}, drain=1, now=NOON)
        moves = [Move(rows[0].id, State.QUEUED, "timeout"), Move(rows[2].id, State.HELD)]
        await deliveries.record(conn, moves, drain=1, now=NOON)
        assert await deliveries.settle(conn, await _account(database), NOON) == 1
    wrong = await approved(database, await submitted(database, by, kind="urgent", corrects=first.id), by)
    assert set(await reached(database, wrong)) == {unsure, died}
    await look(database, "urgent")
    assert await counts(database, first) == {State.CANCELLED: 4}
    right = await approved(database, await submitted(database, by, kind="urgent", corrects=wrong.id), by)
    assert set(await reached(database, right)) == {unsure, died}, "the cancelling has left its mark on them"
    await look(database, "urgent")
    assert await counts(database, right) == {State.QUEUED: 2}


async def test_submitting_it_stops_the_first_one_at_once(database: Database) -> None:
    await villagers(database, 2)
    by = await a_cadre(database)
    first = await approved(database, await submitted(database, by), by)
    await submitted(database, by, corrects=first.id)
    assert await claimed(database, State.SENT) == []


async def test_what_is_claimed_beside_it_is_not_missed(database: Database) -> None:
    """A claim that has begun and not committed yet: the correction waits for it, and then sees it."""
    await villagers(database, 2)
    by = await a_cadre(database)
    first = await approved(database, await submitted(database, by), by)
    async with database.begin() as conn:
        (row,) = await deliveries.claim(conn, await _account(database), {Kind.NOTICE: 1}, drain=1, now=NOON)
        correcting = asyncio.create_task(submitted(database, by, corrects=first.id))
        await asyncio.sleep(0.3)
        assert not correcting.done()
    correction = await correcting
    assert correction.recipients == 1
    assert row.resident_id is not None


async def _account(database: Database) -> int:
    async with database.begin() as conn:
        account: int = (await conn.execute(select(delivery.c.account_id).limit(1))).scalar_one()
        return account


async def test_who_was_held_and_comes_while_it_is_given_up_gets_nothing(database: Database) -> None:
    (who,) = await villagers(database, 1)
    by = await a_cadre(database)
    first = await approved(database, await submitted(database, by), by)
    await claimed(database, State.HELD)
    await approved(database, await submitted(database, by, corrects=first.id), by)
    async with database.begin() as conn:
        assert await deliveries.release(conn, who, NOON) == 1
    assert await claimed(database, State.SENT) == []
    await look(database)
    assert await counts(database, first) == {State.CANCELLED: 1}


async def test_rows_that_are_just_being_made_are_cancelled_too(database: Database) -> None:
    await villagers(database, 2)
    by = await a_cadre(database)
    first = await submitted(database, by)
    async with database.begin() as conn:
        await broadcasts.approve(conn, first.id, hash_=first.hash, by=by.id, now=NOON)
    async with database.engine.connect() as making:  # a large one: its transaction lasts
        begun = await making.begin()
        assert await spreading._alone(making, first.id)
        await approved(database, await submitted(database, by, corrects=first.id), by)
        await look(database)
        async with database.begin() as conn:
            found = await broadcasts.get(conn, first.id)
        assert found is not None
        assert found.out_at is None, "it is not at its end while its rows are being made"
        await begun.rollback()
    await look(database)
    async with database.begin() as conn:
        found = await broadcasts.get(conn, first.id)
    assert found is not None
    assert found.out_at == NOON


async def test_one_that_was_corrected_is_not_corrected_again(database: Database) -> None:
    await villagers(database, 1)
    by = await a_cadre(database)
    first = await approved(database, await submitted(database, by), by)
    one, other = [await submitted(database, by, corrects=first.id) for _ in range(2)]
    await approved(database, one, by)
    with pytest.raises(NotPossible, match="not_sent"):
        await approved(database, other, by)
    with pytest.raises(NotPossible, match="not_sent"):
        await submitted(database, by, corrects=first.id)


async def test_a_correction_of_a_correction_reaches_who_has_only_the_first_one(database: Database) -> None:
    """The first correction had come to one of two when it was found wrong itself."""
    has_both, has_first = await villagers(database, 2)
    by = await a_cadre(database)
    first = await approved(database, await submitted(database, by), by)
    await claimed(database, State.SENT, State.SENT)
    wrong = await approved(database, await submitted(database, by, corrects=first.id), by)
    assert await claimed(database, State.SENT) == [has_both]
    right = await approved(database, await submitted(database, by, corrects=wrong.id), by)
    assert right.recipients == 2
    await look(database)
    assert await reached(database, wrong) == {has_both: State.SENT, has_first: State.CANCELLED}
    assert await reached(database, right) == {has_both: State.QUEUED, has_first: State.QUEUED}


async def test_of_a_correction_that_was_never_made_nothing_stays_and_the_last_one_holds(database: Database) -> None:
    await villagers(database, 2)
    by = await a_cadre(database)
    first = await approved(database, await submitted(database, by), by)
    await claimed(database, State.SENT, State.SENT)
    wrong = await submitted(database, by, corrects=first.id)
    async with database.begin() as conn:
        await broadcasts.approve(conn, wrong.id, hash_=wrong.hash, by=by.id, now=NOON)
    right = await submitted(database, by, corrects=wrong.id)
    async with database.begin() as conn:
        await broadcasts.approve(conn, right.id, hash_=right.hash, by=by.id, now=NOON)
    for _ in range(2):
        await look(database)
    assert len(await reached(database, right)) == 2
    async with database.begin() as conn:
        published = await broadcasts.by_number(conn, first.number)
        lists = await conn.scalar(select(func.count()).select_from(broadcast_list))
        progress = await broadcasts.progress(conn, wrong.id, now=NOON)
    assert published is not None
    assert (published.corrected_by, lists, progress.waiting) == (right.number, 0, 0)


async def test_while_a_correction_waits_for_its_approval_the_first_one_is_not_resumed(database: Database) -> None:
    """Who got the wrong text after that would not stand on the correction's list."""
    await villagers(database, 2)
    by = await a_cadre(database)
    first = await approved(database, await submitted(database, by), by)
    await submitted(database, by, corrects=first.id)
    async with database.begin() as conn:
        with pytest.raises(NotPossible, match="correcting"):
            await broadcasts.resume(conn, first.id, now=NOON)
    assert await claimed(database, State.SENT) == []


async def test_a_correction_that_is_withdrawn_leaves_the_first_one_stopped(database: Database) -> None:
    await villagers(database, 1)
    by = await a_cadre(database)
    first = await approved(database, await submitted(database, by), by)
    correction = await submitted(database, by, corrects=first.id)
    async with database.begin() as conn:
        await broadcasts.withdraw(conn, correction.id, now=NOON)
        await broadcasts.resume(conn, first.id, now=NOON)
    assert len(await claimed(database, State.SENT)) == 1


async def test_a_row_of_who_was_erased_since_is_cancelled_and_counted(database: Database) -> None:
    first_one, _ = await villagers(database, 2)
    by = await a_cadre(database)
    frozen = await submitted(database, by)
    async with database.begin() as conn:
        await residents.erase(conn, first_one)
    await approved(database, frozen, by)
    assert await counts(database, frozen) == {State.QUEUED: 1, State.CANCELLED: 1}
    async with database.begin() as conn:
        assert await spreading.spread(conn, frozen.id, now=NOON) is None
