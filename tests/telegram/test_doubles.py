"""Answers that wait long in this process, and answers of Telegram that are none: nothing is doubled, nothing ends."""

from datetime import datetime, timedelta

import pytest
from aiogram.types import Update

from bot.channels.telegram.polling import Polling
from bot.dialogue.turn import Knowledge
from bot.pipeline import Pipeline
from content.message import Message, Text
from scheduler.clock import now
from scheduler.sending import TryLater
from storage.database import Database
from tests.fakes.telegram import FakeBot, Fault
from tests.telegram.conftest import Running
from tests.telegram.test_transport import DIBAO, cards

MESSAGE = Message(blocks=(Text(text="一条提醒"),))


class Moved:
    """A clock that can be put forward."""

    def __init__(self) -> None:
        self.by = timedelta()

    def __call__(self) -> datetime:
        return now() + self.by


@pytest.fixture
def clock() -> Moved:
    return Moved()


@pytest.fixture
def pipeline(know: Knowledge, database: Database, clock: Moved) -> Pipeline:
    return Pipeline(lambda: know, database, per_minute=100, now=clock)


async def test_an_answer_that_still_waits_for_its_turn_is_not_sent_by_the_sweep_too(
    fake: FakeBot, running: Running, clock: Moved
) -> None:
    """Told to wait long, or asked by very many at once: an answer waits over a minute, and the sweep looks."""
    fake.fault(Fault("late", "sendMessage", seconds=1.5))
    async with running():
        await fake.person().says(DIBAO)
        await fake.until(lambda: fake.called("sendmessage"))
        clock.by = timedelta(minutes=2)
        await fake.person().hears(2)
        assert await cards(fake) == 1


@pytest.mark.parametrize("method", ["getUpdates", "sendMessage", "setMyCommands"])
async def test_a_page_in_other_characters_ends_nothing(fake: FakeBot, running: Running, method: str) -> None:
    """A broken proxy in between answers in GBK and says that it is UTF-8."""
    fake.fault(Fault("garbled", method, code=502))
    async with running():
        await fake.person(1).says(DIBAO)
        await fake.until(lambda: fake.called(method.lower()))
        await fake.person(2).says(DIBAO)
        await fake.person(2).hears(2)


async def test_a_fault_of_ours_leaves_the_bot_neither_deaf_nor_mute(
    fake: FakeBot, running: Running, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fetched, failures = Polling._readable, iter([True])

    def failing(self: Polling, answer: object) -> list[Update]:
        if next(failures, False):
            raise RuntimeError("a bug")
        return fetched(self, answer)

    monkeypatch.setattr(Polling, "_readable", failing)
    async with running():
        await fake.until(lambda: fake.account.polls)
        await fake.tell({"message": {"message_id": "not a number"}})
        await fake.person().says(DIBAO)
        await fake.person().hears(2)
    assert "telegram_begun_anew" in capsys.readouterr().out


async def test_listening_waits_as_long_as_telegram_says(fake: FakeBot, running: Running) -> None:
    fake.fault(Fault("error", "getUpdates", code=429, description="Too Many Requests: retry after 2", retry_after=2))
    async with running():
        await fake.until(lambda: len(fake.called("getupdates")) > 1)
    first, second = fake.called("getupdates")[:2]
    assert second.at - first.at > 1.9


async def test_a_429_to_the_answer_to_a_tap_holds_the_account_too(fake: FakeBot, running: Running) -> None:
    async with running() as opened:
        await fake.person().says(DIBAO)
        await fake.person().hears(2)
        tap = Fault("error", "answerCallbackQuery", code=429, description="Too Many Requests", retry_after=60)
        fake.fault(tap)
        await fake.person().taps_data("topics", fake.person().chat.heard[-1])
        await fake.until(lambda: fake.called("answercallbackquery"))
        await fake.quiet(seconds=0.1)
        later = await opened.sender.send("", str(fake.person().chat.id), MESSAGE, delivery_id=1, now=now())
        assert isinstance(later, TryLater)
        assert later.whole_account


async def test_whoever_calls_it_often_in_a_group_can_t_make_it_speak_often(fake: FakeBot, running: Running) -> None:
    """Telegram allows 20 messages a minute in a group; one more, and nobody would be answered for a while."""
    group, other = fake.group(), fake.group(-7002)
    async with running():
        for _ in range(25):
            await group.says(fake.person(), "@mingbai_bot 低保咋申请")
        await other.says(fake.person(), "@mingbai_bot 低保咋申请")
        await fake.until(lambda: other.chat.heard)
        await fake.idle()
    assert len(group.chat.heard) == 1
