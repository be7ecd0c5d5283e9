"""What turns count as, from the door to the month's tables."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.dialogue.turn import Knowledge
from bot.incoming import Incoming
from bot.interest.writer import Writer
from bot.pipeline import Pipeline
from scheduler.interest import CARE, frame_of
from storage.database import Database
from storage.interest.marks import is_there, tables
from tests.interest.months import NOVEMBER

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class Door:
    """A resident who writes, through the real pipeline, with marks written when asked."""

    def __init__(self, know: Knowledge, database: Database) -> None:
        self.database, self.writer, self._number = database, Writer(database), 0
        self._pipeline = Pipeline(
            lambda: know,
            database,
            per_minute=50,
            now=lambda: NOW,
            telling=lambda _: "sure",
            count=self.writer.count,
        )

    async def says(self, *said: str, address: str = "herder-1") -> None:
        for words in said:
            self._number += 1
            action = words[1:] if words.startswith("!") else None
            at = NOW + timedelta(seconds=self._number)
            text_ = None if action else words
            incoming = Incoming("wechat", "main", address, f"m{self._number}", at, text=text_, action=action)
            await self._pipeline.handle(incoming, welcoming=False)

    async def counted(self) -> set[tuple[str, str, str]]:
        await self.writer.write()
        async with self.database.begin() as conn:
            if not await is_there(conn, tables(NOVEMBER).marks):
                return set()
            rows = await conn.execute(text(f"SELECT measure, topic, programme FROM {tables(NOVEMBER).marks}"))  # noqa: S608
            return {(row.measure, row.topic, row.programme) for row in rows}


@pytest.fixture
def door(know: Knowledge, months: Database) -> Door:
    return Door(know, months)


async def test_an_answer_counts_as_asked_for_its_topic_and_programme(door: Door) -> None:
    await door.says("玉米保险咋上", "那找谁办")
    assert await door.counted() == {("asked", "insurance", "grain-soy-insurance")}


async def test_helpful_or_not_is_of_the_card_in_hand(door: Door) -> None:
    await door.says("玉米保险咋上", "!helpful")
    await door.says("低保咋申请", "!unhelpful", address="herder-2")
    found = await door.counted()
    assert ("helpful", "insurance", "grain-soy-insurance") in found
    assert ("unhelpful", "low-income", "dibao") in found


async def test_what_found_no_card_counts_for_the_nearest_topic(door: Door) -> None:
    await door.says("深圳入户积分咋算")
    assert {(measure, programme) for measure, _, programme in await door.counted()} == {("unanswered", "")}


@pytest.mark.parametrize("said", ["离婚怎么办手续", "别人欠我钱不还咋办", "征信逾期了咋办", "我妈肾病去北京"])
async def test_what_found_no_card_near_something_sensitive_counts_apart(door: Door, said: str) -> None:
    await door.says(said)
    assert await door.counted() == {("unanswered", CARE, "")}


async def test_following_counts_once_as_newly_subscribed(door: Door) -> None:
    await door.says("!remind:topic,insurance", "!remind:topic,insurance", "!unremind-all")
    assert await door.counted() == {("subscribed", "insurance", "")}


async def test_a_sensitive_programme_of_another_topic_counts_apart(door: Door, know: Knowledge) -> None:
    await door.says("!card:serious-illness-aid")
    assert await door.counted() == {("asked", CARE, "serious-illness-aid")}
    frame = frame_of(know.library, know.places)
    assert CARE in frame.sensitive
    assert "serious-illness-aid" not in frame.topic_of


async def test_pleas_small_talk_politics_and_children_count_as_nothing(door: Door) -> None:
    await door.says("有人打我", "你好", "谢谢", "习近平怎么样", "我今年10岁，低保咋申请")
    assert await door.counted() == set()


async def test_a_child_who_keeps_a_place_counts_as_nothing(door: Door) -> None:
    await door.says("!in:150621", "我今年10岁，低保咋申请", "我今年10岁，养鹿有补贴吗")
    assert await door.counted() == set()


async def test_who_erases_everything_is_in_no_open_month(door: Door) -> None:
    await door.says("玉米保险咋上")
    assert await door.counted()
    await door.says("低保咋申请", "删掉我的记录", "删掉我的记录")
    assert await door.counted() == set()


async def test_marks_hold_a_township_at_most(door: Door) -> None:
    await door.says("!in:150621100201", "玉米保险咋上")
    await door.writer.write()
    async with door.database.begin() as conn:
        homes = (await conn.scalars(text(f"SELECT home FROM {tables(NOVEMBER).people}"))).all()  # noqa: S608
    assert [len(home) <= 9 for home in homes] == [True]
