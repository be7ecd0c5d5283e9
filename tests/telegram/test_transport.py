"""Nothing is lost and nothing answered twice: through stops, crashes, redelivery, floods, and a network that fails."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select

from bot.channels.telegram import replies as replying
from bot.channels.telegram import residents as resident_bot
from bot.channels.telegram.webhook import HEADER, path_of, secret_of
from bot.pipeline import Pipeline
from storage import accounts
from storage.database import Database
from storage.errors import ConnectionLost
from storage.tables import inbox
from tests.fakes.telegram import FakeBot, FakeTelegram, Fault, Limits
from tests.telegram.conftest import TOKEN, Running

DIBAO = "低保咋申请"
BOTH = pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])


async def cards(fake: FakeBot, person: int = 5001) -> int:
    """How many answers a person was given, the welcome aside."""
    await fake.idle()
    await fake.quiet()
    return sum(one.text.startswith("低保") for one in fake.person(person).chat.heard)


async def unsent(database: Database) -> int:
    async with database.begin() as conn:
        return len((await conn.execute(select(inbox).where(inbox.c.reply.is_not(None)))).all())


@BOTH
async def test_an_update_delivered_again_is_answered_once(fake: FakeBot, running: Running, *, webhook: bool) -> None:
    async with running(webhook=webhook):
        await fake.person().says(DIBAO)
        await fake.person().answer()
        await fake.idle()
        for _ in range(3):
            await fake.redeliver()
            await fake.idle()
        assert await cards(fake) == 1


async def test_copies_that_come_while_the_first_is_at_work_are_answered_once(fake: FakeBot, running: Running) -> None:
    async with running(webhook=True):
        await fake.until(lambda: fake.account.webhook)
        fake.fault(Fault("late", "sendMessage", seconds=0.3))
        await fake.person().says(DIBAO)
        await fake.until(lambda: fake.called("sendmessage"))
        update = {"update_id": fake.account.last_update, "message": _message(fake)}
        async with httpx.AsyncClient() as client:
            await asyncio.gather(*(client.post(_url(fake), json=update, headers=_headers()) for _ in range(5)))
        assert await cards(fake) == 1


def _message(fake: FakeBot) -> dict[str, object]:
    person = fake.person()
    return {"message_id": 1, "from": person.json, "chat": person.chat.as_json(), "date": 1, "text": DIBAO}


def _url(fake: FakeBot) -> str:
    assert fake.account.webhook is not None
    return fake.account.webhook.url


def _headers() -> dict[str, str]:
    return {HEADER: secret_of(TOKEN)}


@BOTH
async def test_a_stop_and_a_start_lose_and_double_nothing(fake: FakeBot, running: Running, *, webhook: bool) -> None:
    people = [fake.person(8000 + number) for number in range(12)]
    for round_ in range(3):
        async with running(webhook=webhook):
            for person in people[round_ * 4 : round_ * 4 + 2]:
                await person.says(DIBAO)
            await asyncio.sleep(0.05 * round_)
        for person in people[round_ * 4 + 2 : round_ * 4 + 4]:
            await person.says(DIBAO)  # while it is down
    async with running(webhook=webhook):
        await asyncio.gather(*(person.hears(2) for person in people))
        assert [await cards(fake, person.chat.id) for person in people] == [1] * 12


async def test_what_was_fetched_and_taken_is_confirmed_by_a_stop(fake: FakeBot, running: Running) -> None:
    async with running():
        await fake.person().says(DIBAO)
        await fake.person().hears(2)
    assert not fake.account.pending


async def test_an_answer_left_by_a_dead_process_is_sent_by_the_sweep(
    fake: FakeBot, running: Running, pipeline: Pipeline, database: Database
) -> None:
    from bot.incoming import Incoming

    person = fake.person()
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    await pipeline.handle(Incoming("telegram", "123456", str(person.chat.id), "dead", long_ago, DIBAO), welcoming=True)
    async with running():
        await person.hears(2)
        assert await cards(fake) == 1
        assert await unsent(database) == 0


@pytest.mark.parametrize("kind", ["lose_answer", "reset", "html"])
async def test_an_answer_of_which_nobody_knows_whether_it_went_is_kept_for_the_sweep(
    fake: FakeBot, running: Running, database: Database, kind: str
) -> None:
    fake.fault(Fault(kind, "sendMessage", code=502))  # type: ignore[arg-type]
    async with running():
        await fake.person().says(DIBAO)
        await fake.until(lambda: fake.called("sendmessage"))
        await fake.idle()
        await fake.quiet()
        assert await unsent(database) == 1


async def test_while_telegram_says_wait_nothing_is_sent_and_then_everything(
    server: FakeTelegram, running: Running, database: Database
) -> None:
    fake = server.bot(TOKEN, limits=Limits(bot=(3, 1.0), chat=None, wait=1))
    people = [fake.person(8000 + number) for number in range(6)]
    async with running():
        for person in people:
            await person.says(DIBAO)
        await asyncio.gather(*(person.hears(2) for person in people))
        assert [await cards(fake, person.chat.id) for person in people] == [1] * 6
    assert fake.account.limits.refused > 0
    assert await unsent(database) == 0
    async with database.begin() as conn:
        account = await accounts.find(conn, channel="telegram", name="123456")
    assert account is not None
    assert account.held_until is not None, "every process that uses this account is told"


async def test_what_another_process_was_told_to_wait_holds_answers_too(
    fake: FakeBot, running: Running, database: Database
) -> None:
    async with running():
        async with database.begin() as conn:
            account = await accounts.find(conn, channel="telegram", name="123456")
            assert account is not None
            until = datetime.now(UTC) + timedelta(seconds=1.5)
            await accounts.hold(conn, account.id, until)
        await asyncio.sleep(0.4)  # a look of the sweep
        await fake.person().says(DIBAO)
        await fake.person().hears(2)
        assert datetime.now(UTC) >= until


@pytest.mark.parametrize(
    "fault",
    [
        Fault("error", "getUpdates", 2, code=500),
        Fault("error", "getUpdates", 2, code=401, description="Unauthorized"),
        Fault("error", "getUpdates", 1, code=409, description="Conflict: terminated by other getUpdates request"),
        Fault("error", "getUpdates", 1, code=429, description="Too Many Requests: retry after 1", retry_after=1),
        Fault("html", "getUpdates", 2, code=502),
        Fault("reset", "getUpdates", 2),
        Fault("error", "getMe", 2, code=401, description="Unauthorized"),
        Fault("reset", "setMyCommands", 1),
        Fault("error", "deleteWebhook", 1, code=500),
    ],
    ids=lambda fault: f"{fault.method}-{fault.kind}-{fault.code}",
)
async def test_no_failure_of_telegram_or_the_network_ends_the_bot(
    fake: FakeBot, running: Running, fault: Fault
) -> None:
    fake.fault(fault)
    async with running():
        await fake.person().says(DIBAO)
        await fake.person().hears(2)
        assert await cards(fake) == 1


async def test_a_wrong_token_is_tried_again_and_ends_nothing(fake: FakeBot, running: Running) -> None:
    async with running(token="1:wrong"):  # noqa: S106 - opens nothing
        await asyncio.sleep(0.7)
    assert not fake.account.calls


async def test_an_update_that_can_t_be_read_does_not_stop_the_others(fake: FakeBot, running: Running) -> None:
    async with running():
        await fake.until(lambda: fake.account.polls)
        await fake.tell({"message": {"message_id": "not a number"}})
        await fake.tell({"something_new": {"x": 1}})
        await fake.person().says(DIBAO)
        await fake.person().hears(2)
        await fake.idle()


@BOTH
async def test_what_could_not_be_kept_is_delivered_again(
    fake: FakeBot, running: Running, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, *, webhook: bool
) -> None:
    handle, failures = pipeline.handle, iter([True, True])

    async def failing(*args: object, **kwargs: object) -> object:
        if next(failures, False):
            raise ConnectionLost("gone")
        return await handle(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "handle", failing)
    async with running(webhook=webhook):
        await fake.person().says(DIBAO)
        await fake.person().hears(2)
        assert await cards(fake) == 1


@BOTH
async def test_a_fault_of_ours_stands_in_nobodys_way(
    fake: FakeBot, running: Running, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, *, webhook: bool
) -> None:
    handle, failures = pipeline.handle, iter([True])

    async def failing(*args: object, **kwargs: object) -> object:
        if next(failures, False):
            raise RuntimeError("a bug")
        return await handle(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "handle", failing)
    async with running(webhook=webhook):
        await fake.person(1).says(DIBAO)
        await fake.idle()
        assert "毛病" in (await fake.person(1).hears())[-1].text
        await fake.person(2).says(DIBAO)
        await fake.person(2).hears(2)
        await fake.idle()


async def test_a_chat_whose_answer_hangs_holds_nobody_up(
    fake: FakeBot, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resident_bot, "ACKNOWLEDGED_AFTER", 0.1)
    slow, quick = fake.person(1), fake.person(2)
    fake.fault(Fault("late", "sendMessage", chat=1, seconds=1.5))
    async with running():
        await slow.says(DIBAO)
        await fake.until(lambda: fake.called("sendmessage"))
        await quick.says(DIBAO)
        await quick.hears(2)
        assert len(slow.chat.heard) == 1, "the slow one still waits for the call to return"
        await slow.hears(2)


async def test_an_answer_that_telegram_refuses_is_loud_and_not_tried_for_ever(
    fake: FakeBot, running: Running, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    fake.fault(Fault("error", "sendMessage", code=400, description="Bad Request: message is too long"))
    async with running():
        await fake.person().says(DIBAO)
        await fake.until(lambda: fake.called("sendmessage"))
        await fake.quiet()
    assert await unsent(database) == 0
    assert "too_long" in capsys.readouterr().out


async def test_a_stop_leaves_what_takes_too_long_to_the_next_start(
    fake: FakeBot, running: Running, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.channels.telegram import door

    monkeypatch.setattr(door, "STOPPED_WITHIN", 0.1)
    monkeypatch.setattr(replying, "TRIED_FOR", 30.0)
    fake.fault(Fault("late", "sendMessage", seconds=1.0))
    async with running():
        await fake.person().says(DIBAO)
        await fake.until(lambda: fake.called("sendmessage"))
    assert await unsent(database) == 1


async def test_only_telegram_gets_in_at_the_webhook_and_others_learn_nothing(fake: FakeBot, running: Running) -> None:
    async with running(webhook=True):
        await fake.until(lambda: fake.account.webhook)
        url = _url(fake)
        assert url.endswith(path_of(TOKEN))
        assert TOKEN.partition(":")[2] not in url
        other = url.replace(path_of(TOKEN), "0" * 64)
        update = {"update_id": 1, "message": _message(fake)}
        async with httpx.AsyncClient() as client:
            tries = [
                await client.post(url, json=update),
                await client.post(url, json=update, headers={HEADER: "wrong"}),
                await client.post(url, json=update, headers={HEADER: secret_of("1:x")}),
                await client.post(url, content=b"{", headers=[(HEADER.encode(), "é".encode())]),
                await client.post(other, json=update, headers=_headers()),
                await client.post(url[:-1], json=update, headers=_headers()),
            ]
            assert [(one.status_code, one.content) for one in tries] == [(401, b"")] * 6
            assert (await client.post(url, content=b"{", headers=_headers())).status_code == 200
            assert (await client.post(url, content=b"[1]", headers=_headers())).status_code == 200
        assert await cards(fake) == 0


async def test_a_webhook_set_before_does_not_stop_polling_and_the_other_way_round(
    fake: FakeBot, running: Running
) -> None:
    for webhook in (True, False, True):
        async with running(webhook=webhook):
            person = fake.person(9000 + len(fake.account.chats))
            await person.says(DIBAO)
            await person.hears(2)


async def test_logs_hold_neither_words_nor_addresses_nor_the_token(
    fake: FakeBot, running: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    fake.fault(Fault("reset", "getUpdates", 1))
    fake.fault(Fault("lose_answer", "sendMessage"))
    async with running():
        await fake.person(987654321).says("鼪鼯夔魍咋申请低保")
        await fake.until(lambda: fake.called("sendmessage"))
        await fake.quiet()
    out, err = capsys.readouterr()
    for secret in ("鼪鼯夔魍", "987654321", TOKEN.partition(":")[2]):
        assert secret not in out + err
