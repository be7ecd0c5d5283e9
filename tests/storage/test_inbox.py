"""The inbox: each message is acted on once, and its answer is not lost."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import inbox, residents
from storage.database import Database
from storage.inbox import Done, MessageKey, New, Taken, Talk, Unsent, Waiting
from storage.postgres_conversations import PostgresConversations

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOUR_AGO = NOW - timedelta(hours=1)
REPLY = {"blocks": ["玉米、小麦、水稻、大豆的保险。"], "options": []}


def key(message_id: str = "1") -> MessageKey:
    return MessageKey.of(channel="web", account="main", message_id=message_id)


async def take(conn: AsyncConnection, message_id: str = "1", now: datetime = NOW, address: str = "aunt") -> Taken:
    return await inbox.take(conn, key(message_id), address=address, counting_since=HOUR_AGO, now=now)


async def answer(database: Database, message_id: str = "1", now: datetime = NOW) -> New:
    """Handle one message up to the point where its reply would be sent."""
    async with database.begin() as conn:
        taken = await take(conn, message_id, now)
        assert isinstance(taken, New)
        await inbox.keep_reply(conn, key(message_id), resident_id=taken.resident.id, reply=REPLY)
    return taken


async def unsent(database: Database, before: datetime) -> list[Unsent]:
    async with database.begin() as conn:
        return await inbox.unsent(conn, channel="web", account="main", before=before)


async def test_a_message_is_new_once_then_waits_for_its_answer_to_be_sent_then_is_done(database: Database) -> None:
    await answer(database)
    async with database.begin() as conn:
        assert await take(conn) == Waiting(REPLY)
        await inbox.mark_sent(conn, key(), now=NOW)
        assert await take(conn) == Done()


async def test_a_message_whose_handling_failed_is_new_again(database: Database) -> None:
    async def fail() -> None:
        async with database.begin() as conn:
            await take(conn)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.begin() as conn:
        assert isinstance(await take(conn), New)


async def test_one_message_delivered_twice_at_once_is_acted_on_once(database: Database) -> None:
    async def handle() -> Taken:
        async with database.begin() as conn:
            taken = await take(conn)
            if isinstance(taken, New):
                await asyncio.sleep(0.05)
                await inbox.keep_reply(conn, key(), resident_id=taken.resident.id, reply=REPLY)
            return taken

    results = await asyncio.gather(*(handle() for _ in range(8)))
    assert sum(isinstance(taken, New) for taken in results) == 1
    assert results.count(Waiting(REPLY)) == 7


async def test_the_same_id_on_another_account_is_another_message(database: Database) -> None:
    await answer(database)
    other = MessageKey.of(channel="web", account="other", message_id="1")
    async with database.begin() as conn:
        assert isinstance(await inbox.take(conn, other, address="aunt", counting_since=HOUR_AGO, now=NOW), New)


async def test_quick_messages_of_one_resident_see_each_others_conversation(database: Database) -> None:
    async def handle(message_id: str) -> int:
        async with database.begin() as conn:
            taken = await take(conn, message_id)
            assert isinstance(taken, New)
            conversations = PostgresConversations(conn)
            state = await conversations.load(taken.resident.id, NOW) or {"turns": 0}
            await asyncio.sleep(0.01)
            turns: int = state["turns"] + 1
            await conversations.save(taken.resident.id, {"turns": turns}, NOW)
            return turns

    turns = await asyncio.gather(*(handle(str(number)) for number in range(8)))
    assert sorted(turns) == [1, 2, 3, 4, 5, 6, 7, 8]


async def test_a_resident_in_a_long_talk_does_not_hold_up_another(database: Database) -> None:
    async with database.begin() as slow, asyncio.timeout(60):
        await take(slow, "slow")
        async with database.begin() as quick:
            assert isinstance(await take(quick, "quick", address="uncle"), New)


async def test_earlier_messages_of_the_resident_are_counted_since_the_time_asked(database: Database) -> None:
    await answer(database, "old", HOUR_AGO - timedelta(seconds=1))
    assert (await answer(database, "1")).earlier == 0
    assert (await answer(database, "2")).earlier == 1
    assert (await answer(database, "3")).earlier == 2


async def test_an_answer_whose_sender_died_is_found_with_its_address(database: Database) -> None:
    await answer(database, "lost", NOW)
    await answer(database, "being sent", NOW + timedelta(minutes=5))
    assert await unsent(database, NOW + timedelta(minutes=1)) == [Unsent(key("lost"), "aunt", REPLY)]


async def test_an_answer_that_was_sent_is_forgotten(database: Database) -> None:
    await answer(database)
    async with database.begin() as conn:
        await inbox.mark_sent(conn, key(), now=NOW)
        await inbox.mark_sent(conn, key(), now=NOW)
    assert await unsent(database, NOW + timedelta(days=1)) == []


async def test_an_erased_resident_does_not_come_back_with_a_redelivery(database: Database) -> None:
    async with database.begin() as conn:
        taken = await take(conn)
        assert isinstance(taken, New)
        await residents.erase(conn, taken.resident.id)
        await inbox.keep_reply(conn, key(), resident_id=None, reply={"blocks": ["都删掉了。"]})
    async with database.begin() as conn:
        assert await take(conn) == Waiting({"blocks": ["都删掉了。"]})
        assert await residents.kept(conn, taken.resident.id) is None
        await inbox.mark_sent(conn, key(), now=NOW)
        assert await take(conn) == Done()


@pytest.mark.parametrize("message_id", ["", "a\0b", "\ud800", "字" * 10_000, "' OR 1=1 --"])
async def test_any_message_id_is_recognised_again(database: Database, message_id: str) -> None:
    await answer(database, message_id)
    async with database.begin() as conn:
        assert await take(conn, message_id) == Waiting(REPLY)


async def test_a_whole_message_costs_three_statements_and_one_to_mark_it_sent(database: Database) -> None:
    statements: list[str] = []

    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    try:
        async with database.begin() as conn:
            taken = await take(conn)
            assert isinstance(taken, New)
            assert (await residents.has(conn, taken.resident.id, NOW)).talk is None
            talk = Talk({"page": 1}, NOW)
            await inbox.keep_reply(conn, key(), resident_id=taken.resident.id, reply=REPLY, talk=talk)
            assert (await residents.has(conn, taken.resident.id, NOW)).talk == {"page": 1}
        async with database.begin() as conn:
            await inbox.mark_sent(conn, key(), now=NOW)
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", count)
    assert len(statements) == 5, statements  # one of them looks again what was kept
