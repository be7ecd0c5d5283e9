"""Every error of the Bot API has its outcome; one that the table does not know is loud and never counts as sent."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from bot.channels.telegram.line import Line
from bot.channels.telegram.outcomes import TABLE, Row
from bot.channels.telegram.sender import TelegramSender
from content.message import Message, Text
from scheduler.sending import Gone, Outcome, Refused, Sent, TryLater, Unsure, leaving
from tests.fakes.telegram import FakeBot, FakeTelegram, Fault
from tests.telegram.conftest import TOKEN

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HELLO = Message(blocks=(Text(text="您好"),))
held: list[timedelta] = []


async def note(after: timedelta) -> None:
    held.append(after)


@pytest.fixture
async def line(server: FakeTelegram) -> AsyncIterator[Line]:
    held.clear()
    made = Line(TOKEN, server=server.url, per_second=1000.0, held=note)
    yield made
    await made.close()


async def tried(line: Line, fake: FakeBot, message: Message = HELLO) -> Outcome:
    return await TelegramSender(line).send("123456", str(fake.person().chat.id), message, delivery_id=1, now=NOW)


async def after(fault: Fault, line: Line, fake: FakeBot) -> Outcome:
    fake.fault(fault)
    return await tried(line, fake)


async def test_what_was_taken_has_telegrams_number(line: Line, fake: FakeBot) -> None:
    assert await tried(line, fake) == Sent("1")


async def test_the_sender_says_when_its_request_leaves_and_not_when_the_answer_comes(line: Line, fake: FakeBot) -> None:
    told: list[float] = []
    fake.fault(Fault("late", "sendMessage", seconds=0.5))
    with leaving(lambda: told.append(monotonic())):
        assert await tried(line, fake) == Sent("1")
        assert await tried(line, fake) == Sent("2")
    assert len(told) == 2
    assert told[1] - told[0] >= 0.5


@pytest.mark.parametrize("row", [row for row in TABLE if row.code], ids=lambda row: f"{row.code} {row.words}")
async def test_each_row_of_the_table_is_met_by_what_telegram_says(line: Line, fake: FakeBot, row: Row) -> None:
    outcome = await after(Fault("error", code=row.code, description=f"Told: {row.words.upper()} here"), line, fake)
    assert outcome == row.outcome


@pytest.mark.parametrize(
    ("code", "words", "outcome"),
    [
        (400, "Bad Request: chat not found", Gone()),
        (403, "Forbidden: bot was blocked by the user", Gone()),
        (403, "Forbidden: user is deactivated", Gone()),
        (403, "Forbidden: bot can't initiate conversation with a user", Gone()),
        (403, "Forbidden: bot was kicked from the supergroup chat", Gone()),
        (400, "Bad Request: message is too long", Refused("too_long")),
        (400, "Bad Request: can't parse entities: Unsupported start tag", Refused("markup")),
        (400, "Bad Request: BUTTON_DATA_INVALID", Refused("button_data")),
        (401, "Unauthorized", TryLater(timedelta(minutes=1), whole_account=True)),
        (404, "Not Found", TryLater(timedelta(minutes=1), whole_account=True)),
        (500, "Internal Server Error", Unsure("server_error")),
        (502, "Bad Gateway", Unsure("bad_gateway")),
        (504, "Gateway Timeout", Unsure("gateway_timeout")),
    ],
)
async def test_known_errors_mean_what_they_should(
    line: Line, fake: FakeBot, code: int, words: str, outcome: Outcome
) -> None:
    assert await after(Fault("error", code=code, description=words), line, fake) == outcome


@pytest.mark.parametrize(("code", "words"), [(400, "Bad Request: SOMETHING_NEW"), (403, "Forbidden: no"), (418, "tea")])
async def test_an_unknown_error_is_loud_and_unsure(
    line: Line, fake: FakeBot, capsys: pytest.CaptureFixture[str], code: int, words: str
) -> None:
    assert await after(Fault("error", code=code, description=words), line, fake) == Unsure("unknown")
    assert "telegram_error_unknown" in capsys.readouterr().out


async def test_a_429_holds_the_whole_account_and_is_told_to_other_processes(line: Line, fake: FakeBot) -> None:
    flood = Fault("error", code=429, description="Too Many Requests: retry after 9", retry_after=9)
    assert await after(flood, line, fake) == TryLater(timedelta(seconds=9), whole_account=True)
    assert held == [timedelta(seconds=9)]
    calls = len(fake.account.calls)
    outcome = await tried(line, fake)
    assert isinstance(outcome, TryLater)
    assert outcome.whole_account
    assert len(fake.account.calls) == calls, "nothing goes before the time is over"


async def test_a_429_without_a_time_is_obeyed_too(line: Line, fake: FakeBot) -> None:
    outcome = await after(Fault("error", code=429, description="Too Many Requests: slow down"), line, fake)
    assert isinstance(outcome, TryLater)
    assert outcome.whole_account


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("lose_answer"), "connection_lost"),
        (Fault("reset"), "connection_lost"),
        (Fault("html", code=502), "unreadable_answer"),
    ],
    ids=["lost", "reset", "html"],
)
async def test_when_it_left_and_no_answer_came_nobody_knows(
    line: Line, fake: FakeBot, fault: Fault, reason: str
) -> None:
    assert await after(fault, line, fake) == Unsure(reason)


async def test_an_answer_that_comes_too_late_is_unsure(server: FakeTelegram, fake: FakeBot) -> None:
    line = Line(TOKEN, server=server.url, per_second=1000.0, held=note)
    line.bot.session.timeout = 0.2
    assert await after(Fault("late", seconds=1.0), line, fake) == Unsure("timeout")
    await line.close()


async def test_where_nobody_listens_it_was_surely_not_taken() -> None:
    line = Line(TOKEN, server="http://127.0.0.1:9", per_second=1000.0, held=note)
    outcome = await TelegramSender(line).send("123456", "1", HELLO, delivery_id=1, now=NOW)
    await line.close()
    assert isinstance(outcome, TryLater)
    assert not outcome.whole_account


async def test_a_long_message_of_which_a_part_went_is_never_sent_again(line: Line, fake: FakeBot) -> None:
    long = Message(blocks=(Text(text="请问嘎查村委会。" * 1200),))
    assert isinstance(await tried(line, fake, long), Sent)
    assert len(fake.person().chat.heard) == 3
    fake.fault(Fault("late", "sendMessage"))  # passes, then:
    fake.fault(Fault("error", "sendMessage", code=400, description="Bad Request: chat not found"))
    assert await tried(line, fake, long) == Unsure("half_sent")
