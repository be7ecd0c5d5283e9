"""Deliveries: only moves of the table happen, each is written by whom it belongs to, and nothing waits for ever."""

from datetime import timedelta

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select, text

from storage import deliveries
from storage.database import Database
from storage.deliveries import Move
from storage.errors import StatementRefused
from storage.retention import forget_due
from storage.states import ENDS, MOVES, Kind, NoSuchMove, State, allowed
from storage.tables import delivery, lane
from tests.scheduler.sending import DAY, NOON, an_account, people, queue, states


def test_every_state_ends_or_can_move_towards_an_end() -> None:
    reached = set(ENDS)
    for _ in State:
        reached |= {state for state, to in MOVES.items() if to & reached}
    assert reached == set(State)
    assert {State.SENT, State.REFUSED, State.GONE, State.UNKNOWN, State.EXPIRED, State.CANCELLED} == ENDS


@pytest.mark.parametrize(("come_from", "to"), [(State.SENT, State.QUEUED), (State.HELD, State.SENT)])
def test_no_other_move_is_possible(come_from: State, to: State) -> None:
    with pytest.raises(NoSuchMove):
        allowed(come_from, to)


async def test_an_outcome_that_is_no_move_is_refused_before_anything_is_written(database: Database) -> None:
    account = await an_account(database)
    (one,) = await queue(database, account, await people(database, "aunt"))
    async with database.begin() as conn:
        await deliveries.claim(conn, account, {Kind.NOTICE: 1}, drain=1, now=NOON)
        with pytest.raises(NoSuchMove):
            await deliveries.record(conn, [Move(one, State.EXPIRED)], drain=1, now=NOON)
    assert await states(database) == [State.SENDING]


async def test_nobody_has_two_copies_of_one_source(database: Database) -> None:
    account, who = await an_account(database), await people(database, "aunt")
    await queue(database, account, who)
    with pytest.raises(StatementRefused, match="resident_id_key"):
        await queue(database, account, who)


async def test_a_correction_takes_back_what_is_not_on_its_way(database: Database) -> None:
    account = await an_account(database)
    await queue(database, account, await people(database, "a", "b", "c"))
    async with database.begin() as conn:
        await deliveries.claim(conn, account, {Kind.NOTICE: 1}, drain=1, now=NOON)
        assert await deliveries.cancel(conn, "test", 1, reason="corrected", now=NOON) == 2
        assert await deliveries.counts(conn, "test", 1) == {State.SENDING: 1, State.CANCELLED: 2}


async def test_what_would_no_longer_help_expires_wherever_it_waits(database: Database) -> None:
    account = await an_account(database)
    who = await people(database, "a", "b")
    await queue(database, account, who, expires_at=NOON + DAY)
    async with database.begin() as conn:
        (held,) = await deliveries.claim(conn, account, {Kind.NOTICE: 1}, drain=1, now=NOON)
        await deliveries.record(conn, [Move(held.id, State.HELD)], drain=1, now=NOON)
        assert await deliveries.expire(conn, NOON) == 0
        assert await deliveries.expire(conn, NOON + DAY) == 2
    assert await states(database) == [State.EXPIRED, State.EXPIRED]


async def test_what_ended_is_forgotten_after_half_a_year_and_what_waits_is_not(database: Database) -> None:
    account = await an_account(database)
    await queue(database, account, await people(database, "a", "b"))
    async with database.begin() as conn:
        (sent,) = await deliveries.claim(conn, account, {Kind.NOTICE: 1}, drain=1, now=NOON)
        await deliveries.record(conn, [Move(sent.id, State.SENT)], drain=1, now=NOON)
    forgotten = await forget_due(database, NOON + timedelta(days=181))
    assert (forgotten["delivery"], forgotten["turn of a source"]) == (1, 1)
    assert await states(database) == [State.QUEUED]


async def test_the_claim_leaps_over_a_million_rows_of_one_source_by_its_index(database: Database) -> None:
    account = await an_account(database)
    await queue(database, account, await people(database, *(f"r{number}" for number in range(300))))
    async with database.begin() as conn:
        await conn.execute(text("ANALYZE delivery"))  # else the plan hangs on when the server last looked
        await conn.execute(text("SET LOCAL enable_seqscan = off"))
        values = {"account": account, "kind": "notice", "now": NOON}
        rows = await conn.execute(text(f"EXPLAIN {deliveries._LANE.text}"), values)
        plan = "\n".join(row[0] for row in rows)
    assert "delivery_lane_idx" in plan
    assert "Seq Scan on delivery" not in plan


async def test_the_next_source_is_the_one_served_longest_ago(database: Database) -> None:
    account = await an_account(database)
    who = await people(database, "a", "b", "c", "d")
    for source in (1, 2, 3):
        await queue(database, account, who, source=source)
    served = []
    for second in range(6):
        async with database.begin() as conn:
            now = NOON + timedelta(seconds=second)
            rows = await deliveries.claim(conn, account, {Kind.NOTICE: 2}, drain=1, now=now)
            served.append(rows[0].source_id)
    assert served == [1, 2, 3, 1, 2, 3]
    async with database.begin() as conn:
        assert len((await conn.execute(select(lane))).all()) == 3
        assert set(await conn.scalars(select(delivery.c.state))) == {"sending"}


class OneDelivery(RuleBasedStateMachine):
    """Whatever is done in whatever order, a delivery only makes moves of the table, and an end stays an end."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.seen = State.QUEUED, [State.QUEUED]

    @initialize()
    def queued(self) -> None:
        assert self.state is State.QUEUED

    @rule(to=st.sampled_from(State))
    def move(self, to: State) -> None:
        try:
            allowed(self.state, to)
        except NoSuchMove:
            assert self.state in ENDS or to not in MOVES[self.state]
            return
        self.state = to
        self.seen.append(to)

    @invariant()
    def is_sent_at_most_once(self) -> None:
        assert self.seen.count(State.SENT) <= 1
        assert not ENDS & set(self.seen[:-1])


TestOneDelivery = OneDelivery.TestCase
TestOneDelivery.settings = hypothesis_settings(max_examples=50)
