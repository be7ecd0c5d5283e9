"""The whole way of a question through both bots: from the resident's choice of reader to the answer coming back."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

import pytest

from bot.answers import Answers
from bot.channels.telegram.door import Telegram, door
from bot.dialogue.turn import Knowledge, Service
from bot.pipeline import Pipeline
from bot.staff.readers import Readers
from storage import staff
from tests.fakes.telegram import FakeBot, FakeTelegram
from tests.fakes.telegram.limits import unlimited
from tests.pipeline.test_pipeline import everything
from tests.staff.conftest import VILLAGE, Desk

TOKEN = "111:residents"  # noqa: S105 - the fake's
RARE = "鼪鼯夔魍"


@dataclass
class Both:
    """The residents' bot beside the staff bot, on one database."""

    desk: Desk
    residents: FakeBot
    readers: Readers
    answers: Answers


@pytest.fixture
async def both(desk: Desk, telegram: FakeTelegram, know: Knowledge) -> AsyncIterator[Both]:
    readers = Readers(desk.database, lambda: desk.now)
    pipeline = Pipeline(lambda: replace(know, readers=readers()), desk.database, per_minute=100, now=lambda: desk.now)
    fake = telegram.bot(TOKEN, limits=unlimited())
    service = Service("试验村委会", "0477-1234567")
    async with AsyncExitStack() as stack:
        chosen = Telegram(TOKEN, telegram.url, None, 1000.0)
        opened = await stack.enter_async_context(door(chosen, pipeline, desk.database, service, lambda: desk.now))
        senders = {("telegram", opened.account): opened.sender}
        answers = Answers(desk.database, senders, places=lambda: know.places, now=lambda: desk.now)
        yield Both(desk, fake, readers, answers)


async def test_a_question_goes_to_the_village_and_its_answer_comes_back(both: Both) -> None:
    desk, herder = both.desk, both.residents.person(5001)
    cadre = await desk.member()
    await both.readers.look()
    assert "翻身村委会" not in str((await herder.asks("低保咋申请")).buttons)
    await herder.asks("问人")
    for said in ("达拉特旗", "中和西镇"):
        await herder.asks(said)
    who = await herder.asks("翻身村")
    assert who.buttons == ["翻身村委会", "反映人、钱、地的事", "不交，自己打12345"]
    await herder.asks("翻身村委会")
    assert "交给翻身村委会了" in (await herder.asks(f"{RARE}，化肥补贴表在哪交")).text
    _, shown = await desk.ask(cadre, "/inbox")
    assert RARE in shown.text
    assert "herder" not in shown.text
    assert "5001" not in shown.text
    await desk.ask(cadre, "带户口本，到村委会。", reply_to=shown)
    before = len(herder.chat.heard)
    assert await both.answers.look() == 1
    told = (await herder.hears(before + 1))[-1]
    assert told.text.startswith("这是翻身村委会的答复，不是文件原文。2026年11月22日")
    assert "带户口本，到村委会。" in told.text
    await herder.asks("低保咋申请")
    assert sum("不是文件原文" in one.text for one in herder.chat.heard) == 1
    await herder.asks("删掉我的记录")
    await herder.asks("是，删掉")
    assert RARE not in await everything(desk.database)


async def test_where_staff_were_not_active_for_14_days_nobody_is_offered(both: Both) -> None:
    desk = both.desk
    await desk.member()
    await both.readers.look()
    assert both.readers() == {VILLAGE}
    desk.later(days=14)
    await both.readers.look()
    assert both.readers() == {VILLAGE}
    desk.later(days=1)
    await both.readers.look()
    assert both.readers() == frozenset()
    await desk.ask(desk.fake.person(77), "/who")
    await both.readers.look()
    assert both.readers() == {VILLAGE}
    (member,) = await desk.everyone()
    async with desk.database.begin() as conn:
        await staff.revoke(conn, member.id, now=desk.now)
    await both.readers.look()
    assert both.readers() == frozenset()
