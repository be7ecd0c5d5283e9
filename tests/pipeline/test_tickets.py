"""A question on its way to a person and back, through the pipeline: kept once, answered once, gone when erased."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.turn import Knowledge
from bot.incoming import Incoming
from bot.pipeline import Pipeline, Reply
from content.render import as_text
from storage import staff, tickets
from storage.database import Database
from tests.pipeline.test_pipeline import everything

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
VILLAGE = "150621106201"
RARE = "鼪鼯夔魍"
ASKED = f"{RARE}的化肥补贴表在哪交"


class Resident:
    """One resident in front of the pipeline."""

    def __init__(self, know: Knowledge, database: Database) -> None:
        self.now, self.count = NOW, 0
        known = replace(know, readers=frozenset({VILLAGE}))
        self.pipeline = Pipeline(lambda: known, database, per_minute=50, now=lambda: self.now)

    async def send(self, said: str = "", *, tap: str = "", address: str = "herder-1") -> list[str]:
        """Send something; what comes back, message by message."""
        self.count, self.now = self.count + 1, self.now + timedelta(seconds=5)
        key = f"m{self.count}"
        incoming = Incoming("web", "page", address, key, self.now, text=said or None, action=tap or None)
        handled = await self.pipeline.handle(incoming, welcoming=False)
        await self.pipeline.sent(handled)
        reply = handled.reply
        assert isinstance(reply, Reply)
        return [as_text(message) for message in reply.messages]

    async def hand_over(self, question: str = ASKED) -> None:
        """Ask the village."""
        await self.send(tap=f"in:{VILLAGE}")
        await self.send(tap="person")
        await self.send(tap=f"person-to:{VILLAGE}")
        (answer,) = await self.send(question)
        assert "翻身村委会" in answer


@pytest.fixture
def resident(know: Knowledge, database: Database) -> Resident:
    return Resident(know, database)


async def answer(database: Database, words: str) -> None:
    """Answer what waits, as the village does."""
    async with database.begin() as conn:
        token = await staff.invite(conn, role="cadre", places=[VILLAGE], made_by="operator", now=NOW)
        member = await staff.join(conn, token, channel="telegram", address="77", now=NOW)
        (waiting,) = await tickets.waiting(conn, [VILLAGE], limit=5)
        assert waiting.question == ASKED
        assert member is not None
        assert await tickets.answer(conn, waiting.id, words, staff_id=member.id, now=NOW)


async def test_the_words_stand_in_the_ticket_and_nowhere_else(resident: Resident, database: Database) -> None:
    await resident.hand_over()
    assert (await everything(database)).count(RARE) == 1


async def test_an_answer_waits_for_the_next_contact_and_comes_once_before_what_is_said(
    resident: Resident, database: Database
) -> None:
    await resident.hand_over()
    await answer(database, "表交到村委会，带户口本。")
    first, second = await resident.send("低保咋申请")
    assert first.startswith("这是翻身村委会的答复，不是文件原文。2026年11月22日\n")
    assert "表交到村委会" in first
    assert second.startswith("低保")
    assert len(await resident.send("那找谁")) == 1


async def test_an_answer_waits_while_a_phone_number_is_needed_now(resident: Resident, database: Database) -> None:
    await resident.hand_over()
    await answer(database, "表交到村委会。")
    (plea,) = await resident.send("我家着火了，救命")
    assert "119" in plea
    assert len(await resident.send("低保咋申请")) == 2


async def test_what_is_kept_lists_it_and_erasing_deletes_it_and_its_answer(
    resident: Resident, database: Database
) -> None:
    await resident.hand_over()
    assert "一个问题（还没回" in (await resident.send("记了我什么"))[-1]
    await answer(database, f"{RARE}，明天来。")
    erased = await resident.send(tap="erase-sure")
    assert len(erased) == 1
    assert RARE not in await everything(database)
    assert len(await resident.send("低保咋申请")) == 1


async def test_withdrawing_deletes_what_nobody_answered(resident: Resident, database: Database) -> None:
    await resident.hand_over()
    assert "收回" in (await resident.send("撤回问题"))[-1]
    assert RARE not in await everything(database)


async def test_a_question_delivered_twice_is_handed_over_once(resident: Resident, database: Database) -> None:
    await resident.hand_over()
    resident.count -= 1
    incoming = Incoming("web", "page", "herder-1", f"m{resident.count + 1}", NOW, text=ASKED)
    await resident.pipeline.handle(incoming, welcoming=False)
    async with database.begin() as conn:
        assert await tickets.count_waiting(conn, [VILLAGE]) == 1


async def test_three_may_wait_and_the_fourth_is_told_so(resident: Resident, database: Database) -> None:
    for _ in range(3):
        await resident.hand_over()
    assert "3个还没回" in (await resident.send(tap="person"))[-1]
    async with database.begin() as conn:
        assert await tickets.count_waiting(conn, [VILLAGE]) == 3


async def test_an_answer_is_told_to_nobody_else(resident: Resident, database: Database) -> None:
    await resident.hand_over()
    await answer(database, "表交到村委会。")
    assert len(await resident.send("低保咋申请", address="herder-2")) == 1
