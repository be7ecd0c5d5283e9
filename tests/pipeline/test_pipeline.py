"""From an update to its answer: once, in order, kept until sent, and nothing of a text anywhere."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot import pipeline as piping
from bot.dialogue.turn import Asked, Knowledge, Turn
from bot.incoming import Incoming
from bot.pipeline import Handled, Pipeline
from content.render import as_text
from storage import inbox
from storage.database import Database
from storage.tables import metadata

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
RARE = "鼪鼯夔魍"


@pytest.fixture
def pipeline(know: Knowledge, database: Database) -> Pipeline:
    return Pipeline(lambda: know, database, per_minute=5, now=lambda: NOW)


def update(number: int, said: str = "", *, action: str = "", address: str = "herder-1") -> Incoming:
    at = NOW + timedelta(seconds=number / 10)
    return Incoming("telegram", "bot", address, f"m{number}", at, text=said or None, action=action or None)


async def told(pipeline: Pipeline, incoming: Incoming) -> str:
    handled = await pipeline.handle(incoming, welcoming=False)
    assert handled.reply is not None
    await pipeline.sent(handled)
    return as_text(handled.reply.messages[-1])


async def everything(database: Database) -> str:
    """All columns of all tables as text."""
    async with database.begin() as conn:
        rows = [await conn.execute(text(f'SELECT t::text FROM "{table}" t')) for table in metadata.tables]  # noqa: S608
        return "\n".join(str(row[0]) for found in rows for row in found)


async def test_a_redelivered_update_is_answered_once(pipeline: Pipeline) -> None:
    assert "粮食大豆保险" in await told(pipeline, update(1, "玉米保险咋上"))
    again = await pipeline.handle(update(1, "玉米保险咋上"), welcoming=False)
    assert again.reply is None


async def test_an_answer_that_was_not_sent_is_kept_and_given_again(pipeline: Pipeline) -> None:
    first = await pipeline.handle(update(1, "玉米保险咋上"), welcoming=False)
    again = await pipeline.handle(update(1, "玉米保险咋上"), welcoming=False)
    assert again.reply == first.reply


async def test_what_a_dead_process_left_unsent_is_sent_by_the_sweep(know: Knowledge, database: Database) -> None:
    await Pipeline(lambda: know, database, per_minute=5, now=lambda: NOW).handle(
        update(1, "低保咋申请"), welcoming=False
    )
    later = Pipeline(lambda: know, database, per_minute=5, now=lambda: NOW + timedelta(minutes=5))
    sent: list[str] = []

    async def send(address: str, reply: piping.Reply) -> None:
        sent.append(f"{address}: {as_text(reply.messages[-1])}")

    assert await later.resend("telegram", "bot", send) == 1
    assert sent[0].startswith("herder-1: 低保")
    assert await later.resend("telegram", "bot", send) == 0


async def test_effects_and_the_updates_id_commit_together(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = inbox.keep_reply

    async def dying(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(inbox, "keep_reply", dying)
    with pytest.raises(KeyboardInterrupt):
        await pipeline.handle(update(1, action="in:150621"), welcoming=False)
    monkeypatch.setattr(inbox, "keep_reply", keep)
    assert "达拉特旗" in await told(pipeline, update(1, action="in:150621"))


async def test_first_contact_says_who_runs_this_before_the_answer_and_once(pipeline: Pipeline) -> None:
    first = await pipeline.handle(update(1, "低保咋申请"), welcoming=True)
    second = await pipeline.handle(update(2, "那找谁"), welcoming=True)
    assert first.reply is not None
    assert second.reply is not None
    assert ["试验村委会" in as_text(one) for one in first.reply.messages] == [True, False]
    assert len(second.reply.messages) == 1


async def test_a_plea_is_never_kept_waiting_by_a_welcome(pipeline: Pipeline) -> None:
    handled = await pipeline.handle(update(1, "有人打我"), welcoming=True)
    assert handled.reply is not None
    assert "110" in as_text(handled.reply.messages[0])


async def test_too_many_messages_are_told_kindly_and_keep_the_list(pipeline: Pipeline) -> None:
    await told(pipeline, update(1, "低保咋申请"))
    answers = [await told(pipeline, update(number, "那找谁")) for number in range(2, 8)]
    assert "歇" in answers[-1]
    assert "歇" not in answers[0]


async def test_a_plea_is_heard_past_the_limit_and_nothing_else_is(pipeline: Pipeline) -> None:
    for number in range(1, 8):
        await told(pipeline, update(number, "低保咋申请"))
    assert "110" in await told(pipeline, update(8, "有人打我"))
    assert "歇" in await told(pipeline, update(9, "低保咋申请"))


async def test_no_word_of_a_resident_is_stored_or_logged(
    pipeline: Pipeline, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, said in enumerate((f"{RARE}咋申请低保", f"那{RARE}呢", f"我家在{RARE}", RARE), 1):
        await pipeline.handle(update(number, said), welcoming=False)
    assert RARE not in await everything(database)
    out, err = capsys.readouterr()
    assert RARE not in out + err


async def test_a_fault_in_the_talk_is_told_kindly_logged_without_words_and_loses_nothing(
    pipeline: Pipeline, database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await told(pipeline, update(1, "玉米保险咋上"))

    def broken(asked: Asked) -> Turn:
        raise RuntimeError(asked.text)

    with monkeypatch.context() as patched:
        patched.setattr(piping, "reply", broken)
        assert "毛病" in await told(pipeline, update(2, RARE))
    assert "粮食大豆保险" in await told(pipeline, update(3, "那找谁办"))
    assert RARE not in await everything(database)


async def test_after_erasing_nothing_points_to_the_resident(pipeline: Pipeline, database: Database) -> None:
    await told(pipeline, update(1, action="in:150621"))
    await told(pipeline, update(2, "删掉我的记录"))
    assert "都删掉了" in await told(pipeline, update(3, "删掉我的记录"))
    kept = await everything(database)
    assert "herder-1" not in kept
    assert "150621" not in kept


async def test_two_quick_messages_of_one_resident_are_handled_in_turn_and_none_is_lost(pipeline: Pipeline) -> None:
    first = asyncio.create_task(pipeline.handle(update(1, "玉米保险咋上"), welcoming=False))
    await asyncio.sleep(0)
    second = asyncio.create_task(pipeline.handle(update(2, "低保咋申请"), welcoming=False))
    handled: list[Handled] = list(await asyncio.gather(first, second))
    assert all(one.reply for one in handled)
    after = await told(pipeline, update(3, "上一个"))
    assert "低保" in after or "粮食大豆保险" in after, "the second saw what the first left"


async def test_many_residents_at_once_each_get_their_own_answer(pipeline: Pipeline) -> None:
    incoming = [update(number, "低保咋申请", address=f"herder-{number}") for number in range(30)]
    handled = await asyncio.gather(*(pipeline.handle(one, welcoming=False) for one in incoming))
    assert all(one.reply and "低保" in as_text(one.reply.messages[-1]) for one in handled)
