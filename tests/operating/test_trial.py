"""`mingbai trial` as an operator types it: who becomes a guest, and who never does by mistake."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from bot import trial_commands
from bot.settings import PREFIX, settings
from scheduler.clock import now
from storage import inbox, residents
from storage.database import Database

Run = Callable[..., Awaitable[Result]]


@pytest.fixture
def run(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    url = database.url.render_as_string(hide_password=False).replace("+psycopg", "")
    monkeypatch.setenv(PREFIX + "DATABASE_URL", url)
    settings.cache_clear()

    async def invoke(*words: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, trial_commands.trial, list(words))

    yield invoke
    monkeypatch.undo()
    settings.cache_clear()


async def writes(database: Database, address: str, *, minutes_ago: float = 0, channel: str = "wechat") -> None:
    at = now() - timedelta(minutes=minutes_ago)
    key = inbox.MessageKey.of(channel=channel, account="gh", message_id=f"{address} {minutes_ago}")
    async with database.begin() as conn:
        taken = await inbox.take(conn, key, address=address, counting_since=at, now=at)
        assert isinstance(taken, inbox.New)
        await inbox.keep_reply(conn, key, resident_id=taken.resident.id, reply={})


async def guests(database: Database) -> set[str]:
    async with database.begin() as conn:
        there = [("wechat", one) for one in ("aunt", "uncle", "son")] + [("telegram", "son")]
        return {
            f"{channel} {one}"
            for channel, one in there
            if await residents.is_guest(conn, channel=channel, account="gh", address=one)
        }


async def test_who_alone_wrote_just_now_becomes_a_guest_and_an_address_is_never_shown(
    database: Database, run: Run
) -> None:
    await writes(database, "uncle", minutes_ago=6)
    await writes(database, "son", channel="telegram")
    await writes(database, "aunt", minutes_ago=2)
    await writes(database, "aunt")
    told = await run("invite", "wechat")
    assert told.exit_code == 0, told.output
    assert "aunt" not in told.output
    assert await guests(database) == {"wechat aunt"}
    assert (await run("dismiss", "wechat")).exit_code == 0
    assert await guests(database) == set()


async def test_of_two_who_write_nobody_becomes_a_guest_and_the_remedy_is_said(database: Database, run: Run) -> None:
    await writes(database, "aunt")
    await writes(database, "uncle")
    told = await run("invite", "wechat")
    assert told.exit_code == 1
    assert "2 residents wrote" in told.output
    assert "Let the guest alone write" in told.output
    assert await guests(database) == set()


async def test_where_nobody_writes_nobody_becomes_a_guest(database: Database, run: Run) -> None:
    await writes(database, "uncle", minutes_ago=6)
    assert (await run("invite", "wechat")).exit_code == 1
    assert (await run("invite", "wechat", "stranger")).exit_code == 1
    assert (await run("invite", "wechat", "uncle")).exit_code == 0
    assert await guests(database) == {"wechat uncle"}
