"""Accounts: registered once, held as long as the platform said, found when there is something to do."""

from datetime import timedelta

from storage import accounts, beats
from storage.database import Database
from storage.locks import Turn, alone
from tests.scheduler.sending import NOON, an_account

MINUTE = timedelta(minutes=1)


async def test_an_account_keeps_its_id_when_its_limit_changes(database: Database) -> None:
    first = await an_account(database, per_second=30)
    again = await an_account(database, per_second=25)
    async with database.begin() as conn:
        found = await accounts.get(conn, first)
        assert found == await accounts.find(conn, channel="telegram", name="bot")
        assert await accounts.find(conn, channel="telegram", name="other") is None
    assert again == first
    assert found is not None
    assert found.per_second == 25


async def test_an_account_is_held_until_the_latest_moment_named(database: Database) -> None:
    account = await an_account(database)
    async with database.begin() as conn:
        await accounts.hold(conn, account, NOON + 2 * MINUTE)
        await accounts.hold(conn, account, NOON + MINUTE)
        found = await accounts.get(conn, account)
    assert found is not None
    assert found.held_until == NOON + 2 * MINUTE


async def test_a_lock_goes_with_its_session(database: Database) -> None:
    async with alone(database, Turn.DRAIN, 1) as first:
        assert first is not None
        async with alone(database, Turn.DRAIN, 1) as second, alone(database, Turn.DRAIN, 2) as other:
            assert second is None
            assert other is not None
    async with alone(database, Turn.DRAIN, 1) as again:
        assert again is not None
        await again.check()


async def test_a_beat_tells_the_last_run_and_the_last_success(database: Database) -> None:
    async with database.begin() as conn:
        await beats.begun(conn, "wake", NOON)
        await beats.ended(conn, "wake", NOON, said="0", well=True)
        await beats.begun(conn, "wake", NOON + MINUTE)
        await beats.ended(conn, "wake", NOON + MINUTE, said="Unreachable", well=False)
        (beat,) = (await beats.beats(conn)).values()
    assert (beat.started_at, beat.succeeded_at, beat.said) == (NOON + MINUTE, NOON, "Unreachable")
