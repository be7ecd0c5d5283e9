"""The timetable: every entry beats, may run twice, and looks anew when the clock jumps; wake-ups may be lost."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.dialogue.turn import Knowledge
from content.message import Message, Text
from scheduler import runner
from scheduler.broadcast.drain import Drained
from scheduler.clock import now
from scheduler.engine import Engine, prepare
from scheduler.holidays import office_days
from scheduler.sending import Refused, Sent
from scheduler.timetable import ENTRIES, Entry, Work, run, silent, timetable
from scheduler.trial import Trial
from storage import accounts, beats, residents
from storage.database import Database
from storage.errors import Unreachable
from storage.states import Kind
from tests.scheduler.sending import NOON, Platform, an_account, people, queue, ticking


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[Engine]:
    await asyncio.to_thread(prepare, database.url)
    async with Engine(database.url) as made:
        yield made


@pytest.fixture
def work(database: Database, engine: Engine, know: Knowledge) -> Work:
    return Work(database, engine, lambda: know.library, office_days(), (7, 1, 0), ticking(NOON))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
async def test_every_entry_may_run_twice_and_beats(work: Work, entry: Entry) -> None:
    await run(entry, work)
    await run(entry, work)
    async with work.database.begin() as conn:
        beat = (await beats.beats(conn))[entry.name]
    assert beat.succeeded_at is not None
    assert beat.finished_at is not None


async def test_an_entry_that_fails_is_told_and_does_not_end_the_others(work: Work) -> None:
    async def broken(_: Work, __: datetime) -> object:
        raise Unreachable("gone")

    await run(Entry("broken", timedelta(seconds=1), broken), work)
    async with work.database.begin() as conn:
        beat = (await beats.beats(conn))["broken"]
    assert (beat.succeeded_at, beat.said) == (None, "Unreachable")


async def test_silence_is_seen(work: Work) -> None:
    for entry in ENTRIES:
        await run(entry, work)
    async with work.database.begin() as conn:
        found = await beats.beats(conn)
    assert silent(found, work.now()) == []
    assert silent(found, work.now() + timedelta(minutes=2)) == ["wake", "urgent", "notices"]
    assert silent({}, work.now()) == [entry.name for entry in ENTRIES]


async def test_all_is_due_at_once_at_the_start_and_after_a_jump_of_the_clock(work: Work) -> None:
    ran: list[datetime] = []

    async def note(_: Work, now: datetime) -> object:
        ran.append(now)
        return 1

    hourly = (Entry("hourly", timedelta(hours=1), note),)
    work = replace(work, now=now)
    scheduler = timetable(work, hourly)
    scheduler.start()
    try:
        await _until(lambda: len(ran) == 1)
        runner._look_now(work, scheduler)
        await _until(lambda: len(ran) == 2)
    finally:
        scheduler.shutdown(wait=False)


async def _until(done: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not done():  # noqa: ASYNC110 - what is waited for knows of no event
            await asyncio.sleep(0.05)


async def _with_work(database: Database) -> accounts.Account:
    account = await an_account(database)
    await queue(database, account, await people(database, "aunt"))
    async with database.begin() as conn:
        (found,) = await accounts.awaiting(conn, list(Kind), NOON)
    assert found.id == account
    return found


async def test_an_account_is_woken_once_however_often_it_is_asked_for(database: Database, engine: Engine) -> None:
    found, woken = await _with_work(database), list[int]()

    async def drain(account_id: int) -> Drained:
        woken.append(account_id)
        return Drained()

    assert await engine.wake(found)
    assert not await engine.wake(found)
    working = asyncio.create_task(engine.work(drain, channels=["telegram"], concurrency=2))
    await _until(lambda: woken)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    assert woken == [found.id]
    assert await engine.wake(found)
    assert await engine.close_stalled() == 0


async def test_an_account_that_has_more_to_send_goes_on_at_once(database: Database, engine: Engine) -> None:
    found, woken = await _with_work(database), list[int]()

    async def drain(account_id: int) -> Drained:
        woken.append(account_id)
        return Drained(more=woken.count(found.id) < 3)

    assert await engine.wake(found)
    working = asyncio.create_task(engine.work(drain, channels=["telegram"], concurrency=2))
    await _until(lambda: woken.count(found.id) >= 3)  # nobody else wakes it here
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def test_in_trial_only_guests_are_reached(database: Database) -> None:
    async def is_guest(account: str, address: str) -> bool:
        async with database.begin() as conn:
            return await residents.is_guest(conn, channel="telegram", account=account, address=address)

    await people(database, "guest", "other")
    async with database.begin() as conn:
        assert await residents.set_guest(conn, channel="telegram", address="guest", guest=True) == 1
        assert await residents.set_guest(conn, channel="telegram", address="nobody", guest=True) == 0
    trial, message = Trial(Platform(), is_guest), Message(blocks=(Text(text="您好"),))
    outcomes = [await trial.send("bot", who, message, delivery_id=1, now=NOON) for who in ("guest", "other", "nobody")]
    assert outcomes == [Sent("ref"), Refused("in_trial"), Refused("in_trial")]
