"""Each update once, each answer at least once: redelivery, crashes, a Telegram that fails, and the webhook."""

from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import func, select

from bot.channels.telegram.webhook import HEADER, path_of, secret_of
from bot.staff import inbox as asking
from bot.staff.bot import StaffBot
from bot.staff.door import StaffDoor, client, door
from bot.staff.work import Connected
from storage import inbox
from storage.database import Database
from storage.tables import inbox as taken
from storage.tables.staff import notice, staff
from tests.fakes.telegram import Fault
from tests.staff.conftest import TOKEN, Desk
from tests.staff.test_notice import written


async def count(database: Database, table: object) -> int:
    async with database.begin() as conn:
        return int(await conn.scalar(select(func.count()).select_from(table)) or 0)  # type: ignore[arg-type]


async def test_an_update_delivered_again_is_answered_once(desk: Desk) -> None:
    person = await desk.member()
    await written(desk, person)
    await desk.tap(person, "存成草稿")
    before = len(person.chat.heard)
    await desk.fake.redeliver()
    await desk.ask(person, "/who")
    assert len(person.chat.heard) == before + 1
    assert await count(desk.database, notice) == 1


async def test_an_answer_whose_process_died_before_sending_is_sent_by_the_next(
    closed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = closed.fake.person(77)
    token = await closed.invite()

    async def dying(*_: object) -> None:
        raise KeyboardInterrupt

    async with client(TOKEN, closed.server) as bot:
        await person.says(f"/start {token}")
        (update,) = await bot.get_updates(timeout=1)
        first = StaffBot(
            bot, closed.database, know=lambda: closed.know, trail=closed.trail, connected=Connected(),
            now=lambda: closed.now,
        )  # fmt: skip
        with monkeypatch.context() as patched:
            patched.setattr(StaffBot, "say", dying)
            with pytest.raises(KeyboardInterrupt):
                await first.take(update)
    assert person.chat.heard == []
    async with AsyncExitStack() as stack:
        await closed.open(stack)
        assert "王主任" in (await person.hears(1))[0].text
    assert await count(closed.database, staff) == 1


async def test_effects_and_the_updates_id_commit_together(closed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    person = closed.fake.person(77)
    token = await closed.invite()

    async def dying(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    async with client(TOKEN, closed.server) as bot:
        await person.says(f"/start {token}")
        (update,) = await bot.get_updates(timeout=1)
        first = StaffBot(
            bot, closed.database, know=lambda: closed.know, trail=closed.trail, connected=Connected(),
            now=lambda: closed.now,
        )  # fmt: skip
        with monkeypatch.context() as patched:
            patched.setattr(inbox, "keep_reply", dying)
            with pytest.raises(KeyboardInterrupt):
                await first.take(update)
        assert await count(closed.database, staff) == await count(closed.database, taken) == 0
        await first.take(update)
    assert "王主任" in person.chat.heard[0].text


async def test_a_fault_of_ours_is_told_kindly_undone_and_does_not_stop_the_bot(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    person = await desk.member()
    await desk.question("鼪鼯夔魍咋办")
    _, shown = await desk.ask(person, "/inbox")
    with monkeypatch.context() as patched:
        patched.setattr(asking, "answered", lambda *_: 1 / 0)
        assert "什么都没改" in (await desk.ask(person, "鼪鼯夔魍", reply_to=shown))[0].text
    assert "1个" in (await desk.ask(person, "/inbox"))[0].text
    out, err = capsys.readouterr()
    assert "staff_turn_failed" in out + err


@pytest.mark.parametrize(
    "fault",
    [
        Fault("error", "sendMessage", code=502, description="Bad Gateway"),
        Fault("reset", "sendMessage"),
        Fault("error", "sendMessage", code=429, description="Too Many Requests: retry after 1", retry_after=1),
        Fault("html", "getUpdates", code=502),
        Fault("error", "getUpdates", code=401, description="Unauthorized"),
        Fault("error", "getUpdates", code=409, description="Conflict: terminated by other getUpdates request"),
        Fault("error", "answerCallbackQuery", code=400, description="Bad Request: query is too old"),
    ],
    ids=str,
)
async def test_what_telegram_or_the_network_does_ends_nothing_and_loses_nothing(desk: Desk, fault: Fault) -> None:
    person = await desk.member()
    desk.fake.fault(fault)
    assert "王主任" in (await desk.ask(person, "/who"))[0].text
    assert "没有正在写" in (await desk.tap_data(person, "notice-keep"))[0].text


async def test_a_database_that_drops_every_connection_loses_no_update(desk: Desk) -> None:
    person = await desk.member()
    async with desk.database.begin() as conn:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        await conn.exec_driver_sql(f"{others} AND backend_type = 'client backend'")
    assert "王主任" in (await desk.ask(person, "/who"))[0].text


async def test_who_left_the_bot_holds_up_nobody(desk: Desk) -> None:
    person, other = await desk.member(), await desk.member(78, name="李会计")
    await person.says("/who")
    person.chat.blocked = True
    await person.says("/who")
    assert "李会计" in (await desk.ask(other, "/who"))[0].text


async def test_a_stop_loses_nothing_and_the_next_start_is_given_nothing_again(closed: Desk) -> None:
    async with AsyncExitStack() as stack:
        await closed.open(stack)
        person = await closed.member()
        await closed.ask(person, "/who")
    before = len(person.chat.heard)
    await person.says("/help")
    async with AsyncExitStack() as stack:
        await closed.open(stack)
        assert "/inbox" in (await person.hears(before + 1))[-1].text
        await closed.fake.quiet()
    assert len(person.chat.heard) == before + 1


async def test_by_webhook_the_same_updates_are_taken(closed: Desk) -> None:
    closed.public = "https://mingbai.example"
    person = closed.fake.person(77)
    app = FastAPI()
    async with AsyncExitStack() as stack:
        app.include_router(await _route(closed, stack))
        await closed.fake.until(lambda: closed.fake.account.webhook is not None)
        hook = closed.fake.account.webhook
        assert hook is not None
        assert hook.url == f"https://mingbai.example/telegram-staff/{path_of(TOKEN)}"
        closed.fake.account.webhook = None  # its poster can't reach us; the test posts by itself
        post = await stack.enter_async_context(
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://mingbai.example")
        )
        await person.says(f"/start {await closed.invite()}")
        update = closed.fake.account.pending[-1]
        path = f"/telegram-staff/{path_of(TOKEN)}"
        for wrong in ({}, {HEADER: "x"}, {HEADER: secret_of("1:other")}):
            assert (await post.post(path, json=update, headers=wrong)).status_code == 401
        right = {HEADER: hook.secret}
        assert (await post.post("/telegram-staff/guess", json=update, headers=right)).status_code == 401
        assert not person.chat.heard
        for _ in range(2):
            assert (await post.post(path, json=update, headers=right)).status_code == 200
        assert len(person.chat.heard) == 1
        for junk in (b"", b"{", b"[]", b"{}", b'{"update_id": 1, "message": 7}'):
            assert (await post.post(path, content=junk, headers=right)).status_code == 200
        closed.fake.fault(Fault("reset", "sendMessage"))
        await person.says("/who")
        update = closed.fake.account.pending[-1]
        assert [(await post.post(path, json=update, headers=right)).status_code for _ in range(2)] == [503, 200]
        assert "王主任" in person.chat.heard[-1].text


async def _route(desk: Desk, stack: AsyncExitStack) -> APIRouter:
    """Start the bot by webhook; its route."""
    chosen = StaffDoor(TOKEN, desk.server, desk.public)
    return await stack.enter_async_context(
        door(
            chosen, desk.database, know=lambda: desk.know, trail=desk.trail, connected=Connected(),
            now=lambda: desk.now,
        )
    )  # fmt: skip
