"""`kill -9` at seeded moments while residents ask: all is answered, nothing more than once for each kill."""

import asyncio
import random
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage.database import Database
from storage.tables import inbox
from tests.fakes.telegram import FakeBot, FakeTelegram
from tests.telegram.conftest import TOKEN

PEOPLE = 5
QUESTIONS = ("玉米保险咋上", "低保咋申请", "旱厕改造有钱没", "危房改造找谁")
KILLS = 2


@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_is_lost_through_crashes_and_little_is_said_twice(
    server: FakeTelegram, fake: FakeBot, database: Database, database_folder: Path, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - a seed to repeat a round, no secret
    people = [fake.person(7000 + number) for number in range(PEOPLE)]
    sent = 0
    command = [sys.executable, "-m", "tests.telegram.killed", str(database_folder), server.url, TOKEN]
    for last in [False] * KILLS + [True]:
        program = await asyncio.create_subprocess_exec(*command)
        polls = fake.account.polls
        await fake.until(lambda before=polls: fake.account.polls > before, seconds=60)  # type: ignore[misc]
        for question in QUESTIONS:
            for person in people:
                await person.says(question)
                sent += 1
        if last:
            await _all_answered(fake, len(people), sent // len(people))
        else:
            await asyncio.sleep(dice.uniform(0.0, 0.4))
        program.kill()
        await program.wait()
    for person in people:
        answers = Counter(one.text.splitlines()[0] for one in person.chat.heard)
        for name in ("粮食大豆保险", "低保", "改厕所"):
            assert KILLS + 1 <= answers[name] <= KILLS + 1 + KILLS, "an answer repeats at most once for each crash"
    async with database.begin() as conn:
        taken = (await conn.execute(select(func.count()).select_from(inbox))).scalar_one()
    assert taken == sent, "each update is taken once"


async def _all_answered(fake: FakeBot, people: int, each: int) -> None:
    """Wait until every person has an answer to each question, and the welcome."""
    chats = [fake.person(7000 + number).chat for number in range(people)]
    await fake.until(lambda: all(len(chat.heard) >= each + 1 for chat in chats), seconds=90)
    await fake.idle(seconds=30)
    await fake.quiet(seconds=0.5)
