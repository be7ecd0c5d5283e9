"""Whatever staff, residents and platform do in whatever order: nothing is lost unseen, nothing is sent twice."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import URL, delete, select, update

from scheduler.broadcast import plan
from scheduler.broadcast.outcomes import move as moved
from scheduler.sending import Gone, NotNow, Outcome, Refused, Sent, TryLater, Unsure
from storage import broadcasts, deliveries, residents
from storage.broadcasts import MOVES, Broadcast, BroadcastState, NotPossible, spreading
from storage.database import Database
from storage.deliveries import Claimed
from storage.staff import Staff
from storage.states import ENDS, Kind, State
from storage.tables import delivery, metadata, resident
from tests.notices.broadcasting import a_cadre, submitted, villagers
from tests.scheduler.sending import NOON

T = TypeVar("T")
PEOPLE = 4
OUTCOMES: tuple[Outcome, ...] = (
    Sent(), Sent(), TryLater(timedelta(seconds=30)), Refused("too_long"), Gone(), NotNow(), Unsure("time_out"),
)  # fmt: skip


class Notices(RuleBasedStateMachine):
    """One village, its residents and its broadcasts, on the real database."""

    url: URL

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.now: datetime = NOON
        self.drain = 0
        self.seen: dict[int, BroadcastState] = {}
        self.ended: dict[int, State] = {}
        self.taken: Counter[tuple[int, int]] = Counter()
        self.open: dict[int, list[Claimed]] = {}

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.do(self.database.close())
        self.runner.close()

    @initialize(approve=st.booleans())
    def begin(self, approve: bool) -> None:
        self.do(self._begin())
        if approve:
            self.submit("notice", of=0, correct=False)
            self.approve(0)
            self.look()

    async def _begin(self) -> None:
        self.database = await Database.open(self.url.render_as_string(hide_password=False), None)  # type: ignore[arg-type]
        async with self.database.begin() as conn:
            for table in reversed(metadata.sorted_tables):
                await conn.execute(delete(table))
        await villagers(self.database, PEOPLE)
        self.by: Staff = await a_cadre(self.database)

    # What staff do

    @rule(kind=st.sampled_from(["notice", "urgent"]), of=st.integers(0, 3), correct=st.booleans())
    def submit(self, kind: Any, of: int, correct: bool) -> None:
        first = self._one(of) if correct else None
        corrects = first.id if first else None
        self._try(submitted(self.database, self.by, kind=kind, now=self.now, corrects=corrects))

    @rule(of=st.integers(0, 3))
    def approve(self, of: int) -> None:
        self._deed("approve", of)

    @rule(of=st.integers(0, 3), what=st.sampled_from(["withdraw", "stop", "resume"]))
    def change(self, of: int, what: str) -> None:
        self._deed(what, of)

    def _deed(self, what: str, of: int) -> None:
        one = self._one(of)
        if one is not None:
            self._try(self._do_deed(what, one))

    async def _do_deed(self, what: str, one: Broadcast) -> object:
        more = {"hash_": one.hash, "by": self.by.id} if what == "approve" else {}
        async with self.database.begin() as conn:
            return await getattr(broadcasts, what)(conn, one.id, now=self.now, **more)

    def _try(self, deed: Coroutine[Any, Any, object]) -> None:
        try:
            self.do(deed)
        except NotPossible:
            return

    def _one(self, of: int) -> Broadcast | None:
        found = self.do(self._all())
        return found[of % len(found)] if found else None

    async def _all(self) -> list[Broadcast]:
        async with self.database.begin() as conn:
            return await broadcasts.listed(conn)

    # What the machinery does

    @rule()
    def look(self) -> None:
        for kind in ("urgent", "notice"):
            self.do(plan.look(self.database, kind, self.now))

    @rule(number=st.integers(1, 3))
    def claim(self, number: int) -> None:
        self.drain += 1
        self.open[self.drain] = self.do(self._claim(number))

    async def _claim(self, number: int) -> list[Claimed]:
        async with self.database.begin() as conn:
            account = (await conn.execute(select(resident.c.account).limit(1))).scalar_one_or_none()
            found = await broadcasts_account(conn)
            if account is None or found is None:
                return []
            return await deliveries.claim(conn, found, dict.fromkeys(Kind, number), drain=self.drain, now=self.now)

    @precondition(lambda self: any(self.open.values()))
    @rule(outcome=st.sampled_from(OUTCOMES), data=st.data())
    def answer(self, outcome: Outcome, data: st.DataObject) -> None:
        drain = data.draw(st.sampled_from([drain for drain, rows in self.open.items() if rows]))
        row = self.open[drain].pop()
        if isinstance(outcome, Sent | Unsure):
            self.taken[row.source_id, row.resident_id] += row.kind is Kind.NOTICE
        self.do(self._record(row, outcome, drain))

    async def _record(self, row: Claimed, outcome: Outcome, drain: int) -> None:
        async with self.database.begin() as conn:
            await deliveries.record(conn, [moved(row, outcome, self.now)], drain=drain, now=self.now)

    @rule()
    def crash(self) -> None:
        """The drain dies: what it had in hand may have been taken, and the next one closes its claims."""
        for row in (row for rows in self.open.values() for row in rows):
            self.taken[row.source_id, row.resident_id] += row.kind is Kind.NOTICE
        self.open.clear()
        self.do(self._settle())

    async def _settle(self) -> None:
        async with self.database.begin() as conn:
            account = await broadcasts_account(conn)
            if account is not None:
                await deliveries.settle(conn, account, self.now)

    # What residents do, and time

    @rule(who=st.integers(0, PEOPLE - 1), what=st.sampled_from(["erase", "stop", "resume", "come"]))
    def live(self, who: int, what: str) -> None:
        self.do(self._live(who, what))

    async def _live(self, who: int, what: str) -> None:
        async with self.database.begin() as conn:
            ids = list(await conn.scalars(select(resident.c.id).order_by(resident.c.id)))
            if not ids:
                return
            one = ids[who % len(ids)]
            if what == "come":
                await conn.execute(update(resident).where(resident.c.id == one).values(gone_at=None))
                await deliveries.release(conn, one, self.now)
            elif what == "stop":
                await residents.stop(conn, one, self.now)
            else:
                await (residents.erase if what == "erase" else residents.resume)(conn, one)

    @rule(hours=st.sampled_from([1, 7, 24 * 8]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.do(self._expire())

    async def _expire(self) -> None:
        async with self.database.begin() as conn:
            await deliveries.expire(conn, self.now)

    # What must hold

    @invariant()
    def promises_hold(self) -> None:
        if hasattr(self, "by"):
            self.do(self._hold())

    async def _hold(self) -> None:
        async with self.database.begin() as conn:
            rows = (await conn.execute(select(delivery))).all()
            found = await broadcasts.listed(conn)
        by_source = Counter(row.source_id for row in rows)
        for one in found:
            self._moves_by_the_table(one)
            made = by_source[one.id]
            assert made == (one.recipients if one.spread_at else 0), "each recipient has one row, made all at once"
            assert made == 0 or one.approved_at is not None, "nothing is made of what nobody approved"
        for row in rows:
            before = self.ended.get(row.id)
            assert before is None or before == State(row.state), "an end stays an end"
            if State(row.state) in ENDS:
                self.ended[row.id] = State(row.state)
        assert all(times <= 1 for times in self.taken.values()), "no notice is taken twice"

    def _moves_by_the_table(self, one: Broadcast) -> None:
        before, self.seen[one.id] = self.seen.get(one.id, BroadcastState.SUBMITTED), one.state
        reached = {before}
        for _ in BroadcastState:
            reached |= {to for state in reached for to in MOVES.get(state, ())}
        assert one.state in reached

    @precondition(lambda self: not any(self.open.values()))
    @rule()
    def everything_comes_to_an_end(self) -> None:
        """With time and looks enough nothing waits any more."""
        self.now += timedelta(days=60)
        self.do(self._expire())
        self.look()
        self.look()
        self.do(self._nothing_waits())

    async def _nothing_waits(self) -> None:
        async with self.database.begin() as conn:
            waiting = list(await conn.scalars(select(delivery.c.id).where(delivery.c.state.in_(["queued", "held"]))))
            unfinished = [one for kind in ("urgent", "notice") for one in await spreading.unfinished(conn, kind)]
        assert not waiting
        assert not unfinished


async def broadcasts_account(conn: Any) -> int | None:
    account: int | None = await conn.scalar(select(delivery.c.account_id).limit(1))
    return account


@pytest.fixture
def own_tables(migrated_database: Database) -> URL:
    """The database of the tests, for a loop of our own."""
    return migrated_database.url


def test_no_order_of_deeds_loses_or_doubles_anything(own_tables: URL) -> None:
    machine = type("Machine", (Notices,), {"url": own_tables})
    quick = hypothesis_settings(max_examples=15, stateful_step_count=20, derandomize=True)
    run_state_machine_as_test(machine, settings=quick)
