"""What is at work at once: copies of an update, a wait for the whole account, a fault that nobody foresaw."""

import asyncio
import logging

import pytest
import structlog
from telegram import Update

from bot.logs import configure
from bot.settings import Settings
from bot.staff.bot import StaffBot
from bot.staff.door import client
from bot.staff.polling import Polling
from bot.staff.work import Connected
from tests.fakes.telegram import Fault
from tests.staff.conftest import TOKEN, Desk


async def test_a_copy_that_comes_while_the_first_is_at_work_is_not_answered_too(closed: Desk) -> None:
    """By webhook, where Telegram loses patience while it tells us itself to wait."""
    person = closed.fake.person(77)
    async with client(TOKEN, closed.server) as bot:
        at_work = StaffBot(
            bot, closed.database, know=lambda: closed.know, trail=closed.trail, connected=Connected(),
            now=lambda: closed.now,
        )  # fmt: skip
        await person.says("/who")
        (update,) = await bot.get_updates(timeout=1)
        wait = Fault("error", "sendMessage", code=429, description="Too Many Requests: retry after 1", retry_after=1)
        closed.fake.fault(wait)
        await asyncio.gather(*(at_work.take(update) for _ in range(3)))
    assert len(person.chat.heard) == 1


async def test_a_wait_is_for_the_whole_account(closed: Desk) -> None:
    people = [closed.fake.person(number) for number in (77, 78)]
    async with client(TOKEN, closed.server) as bot:
        at_work = StaffBot(
            bot, closed.database, know=lambda: closed.know, trail=closed.trail, connected=Connected(),
            now=lambda: closed.now,
        )  # fmt: skip
        for person in people:
            await person.says("/who")
        first, second = await bot.get_updates(timeout=1)
        wait = Fault("error", "sendMessage", code=429, description="Too Many Requests: retry after 1", retry_after=1)
        closed.fake.fault(wait)
        held = asyncio.create_task(at_work.take(first))
        await closed.fake.until(lambda: closed.fake.called("sendmessage"))
        await closed.fake.quiet(seconds=0.05)
        await asyncio.gather(held, at_work.take(second))
    tries = [call.at for call in closed.fake.called("sendmessage")]
    assert tries[1] - tries[0] > 0.9


async def test_a_fault_of_ours_while_listening_leaves_the_bot_listening(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fetched, failures = Polling._next, iter([True])

    async def failing(self: Polling) -> tuple[Update, ...]:
        if next(failures, False):
            raise TypeError("an update of a kind that the library can't read")
        return await fetched(self)

    monkeypatch.setattr(Polling, "_next", failing)
    person = await desk.member()
    assert "王主任" in (await desk.ask(person, "/who"))[0].text
    assert "telegram_begun_anew" in capsys.readouterr().out


def test_an_update_that_the_library_can_t_read_is_not_written_to_the_log() -> None:
    """It writes out the whole of it, as critical."""
    before = structlog.get_config()
    configure("INFO")
    structlog.configure(**before)
    assert not logging.getLogger("telegram.Bot").isEnabledFor(logging.CRITICAL)


def test_both_bots_can_t_have_one_token() -> None:
    with pytest.raises(ValueError, match="a bot of their own"):
        Settings(telegram_token=TOKEN, staff_token=TOKEN)
