"""What found no card is learnt from behind the answer's back, and nothing of it leads to who asked."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from bot.dialogue.turn import Knowledge
from bot.incoming import Incoming
from bot.pipeline import Pipeline
from bot.unanswered.learner import MOST, Learner, learning
from bot.unanswered.missed import Missed
from bot.unanswered.shown import shown
from bot.unanswered.vocabulary import Vocabulary
from scheduler.interest import CARE
from storage import unanswered
from storage.database import Database
from storage.retention import forget_due
from storage.tables import metadata
from storage.unanswered import Count

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
UNKNOWN = "养鸵鸟给不给补贴"
"""A question about a policy that no card answers; if one comes to, choose another."""


def now() -> datetime:
    return NOW


class Person:
    """Writes to the pipeline from one address."""

    def __init__(self, know: Knowledge, database: Database, learn: Callable[[Missed], None] | None) -> None:
        self.pipeline = Pipeline(lambda: know, database, per_minute=100, now=now, learn=learn)
        self.sent = 0

    async def say(self, words: str = "", action: str | None = None, *, again: bool = False) -> None:
        self.sent += 0 if again else 1
        message = Incoming("web", "page", "aunt", f"m{self.sent}", NOW, text=words or None, action=action)
        handled = await self.pipeline.handle(message, welcoming=False)
        assert again or handled.reply is not None


async def kept(database: Database) -> list[str]:
    async with database.begin() as conn:
        return [one.text for one in await unanswered.texts(conn)]


async def counted(database: Database) -> dict[str, int]:
    async with database.begin() as conn:
        return {one.topic: one.times for one in await unanswered.counts(conn)}


async def test_a_question_without_a_card_is_counted_and_kept(
    know: Knowledge, words: Vocabulary, database: Database
) -> None:
    learner = Learner(lambda: know, words, database, now=now)
    person = Person(know, database, learner.hear)
    await person.say(UNKNOWN)
    assert await kept(database) == []
    await learner.close()
    assert await kept(database) == [UNKNOWN]
    assert sum((await counted(database)).values()) == 1


async def test_a_redelivered_question_teaches_once(know: Knowledge, words: Vocabulary, database: Database) -> None:
    learner = Learner(lambda: know, words, database, now=now)
    person = Person(know, database, learner.hear)
    await person.say(UNKNOWN)
    await person.say(UNKNOWN, again=True)
    await learner.close()
    assert sum((await counted(database)).values()) == 1


@pytest.mark.parametrize(
    "said",
    [
        "有人打我",
        "谢谢",
        "共产党好不好",
        "傻逼",
        "玉米保险咋上",
        "我的钱到了没有",
        "我今年十岁养鸵鸟给不给补贴",
        "帮助",
    ],
)
async def test_what_is_answered_or_no_question_teaches_nothing(
    know: Knowledge, words: Vocabulary, database: Database, said: str
) -> None:
    learner = Learner(lambda: know, words, database, now=now)
    await Person(know, database, learner.hear).say(said)
    await learner.close()
    assert (await kept(database), await counted(database)) == ([], {})


async def test_neither_counts_by_the_topic_of_what_was_offered_and_keeps_no_words(
    know: Knowledge, words: Vocabulary, database: Database
) -> None:
    learner = Learner(lambda: know, words, database, now=now)
    person = Person(know, database, learner.hear)
    for question in ("牛补贴", "贷款", "盖房", "保险", "补助"):
        await person.say(question)
        await person.say(action="neither")
    await learner.close()
    assert await kept(database) == []
    assert await counted(database)


@pytest.mark.parametrize("said", ["离婚怎么办手续", "别人欠我钱不还咋办", "征信逾期了咋办", "我妈肾病去北京"])
async def test_what_is_nearest_to_something_sensitive_counts_under_no_ordinary_topic(
    know: Knowledge, words: Vocabulary, database: Database, said: str
) -> None:
    learner = Learner(lambda: know, words, database, now=now)
    await Person(know, database, learner.hear).say(said)
    await learner.close()
    assert await counted(database) == {CARE: 1}


async def test_neither_of_sensitive_cards_counts_under_no_ordinary_topic(
    know: Knowledge, words: Vocabulary, database: Database
) -> None:
    learner = Learner(lambda: know, words, database, now=now)
    person = Person(know, database, learner.hear)
    await person.say("透析")
    await person.say(action="neither")
    await learner.close()
    assert await counted(database) == {CARE: 1}


async def test_a_text_with_somebody_in_it_is_counted_and_not_kept(
    know: Knowledge, words: Vocabulary, database: Database
) -> None:
    learner = Learner(lambda: know, words, database, now=now)
    await Person(know, database, learner.hear).say(f"张建军{UNKNOWN}")
    await learner.close()
    assert await kept(database) == []


async def test_nothing_kept_leads_to_who_asked_or_when(know: Knowledge, words: Vocabulary, database: Database) -> None:
    learner = Learner(lambda: know, words, database, now=now)
    await Person(know, database, learner.hear).say(UNKNOWN)
    await learner.close()
    columns = {table: set(metadata.tables[table].c.keys()) for table in ("unanswered_text", "unanswered_count")}
    assert columns == {"unanswered_text": {"id", "text", "kept_on"}, "unanswered_count": {"month", "topic", "times"}}
    async with database.begin() as conn:
        row = (await unanswered.texts(conn))[0]
        assert row.kept_on == date(2026, 11, 22)
        for name in (table.name for table in metadata.sorted_tables if table.name != "unanswered_text"):
            found = text(f"SELECT count(*) FROM {name} t WHERE t::text LIKE '%鸵鸟%'")  # noqa: S608 - our own names
            assert await conn.scalar(found) == 0, name


async def test_texts_stand_in_no_order_of_coming(know: Knowledge, words: Vocabulary, database: Database) -> None:
    learner = Learner(lambda: know, words, database, now=now)
    asked = [f"养{beast}给不给补贴" for beast in ("鸵鸟", "鹿", "貂", "骡", "狐狸", "蚕", "蝎子", "孔雀")]
    for one in asked:
        learner.hear(Missed("livestock", one))
    await learner.close()
    async with database.begin() as conn:
        rows = (await conn.execute(text("SELECT id FROM unanswered_text ORDER BY ctid"))).scalars().all()
    assert len(rows) >= 4
    assert list(rows) == sorted(rows), "the ids are random, and rows stand in the ids' order"


async def test_an_answer_never_waits_for_learning(know: Knowledge, words: Vocabulary, database: Database) -> None:
    learner = Learner(lambda: know, words, database, now=now)
    for _ in range(3 * MOST):
        learner.hear(Missed("livestock", UNKNOWN))
    await learner.close()
    assert await counted(database) == {"livestock": MOST}


async def test_the_background_task_writes_now_and_then(know: Knowledge, words: Vocabulary, database: Database) -> None:
    learner = Learner(lambda: know, words, database, now=now, every=0.0)
    task = asyncio.create_task(learner.run())
    learner.hear(Missed("livestock"))
    async with asyncio.timeout(30):
        while not await counted(database):  # noqa: ASYNC110 - the task writes to a table, and tells nobody
            await asyncio.sleep(0.01)
    task.cancel()


async def test_a_database_that_refuses_ends_nothing(
    know: Knowledge, words: Vocabulary, database: Database, tmp_path: Path
) -> None:
    async with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
        await conn.execute(text("CREATE DATABASE without_tables"))
        refusing = await Database.open(database.url.set(database="without_tables").render_as_string(), tmp_path)
        learner = Learner(lambda: know, words, refusing, now=now)
        learner.hear(Missed("livestock"))
        await learner.close()
        await refusing.close()
        await conn.execute(text("DROP DATABASE without_tables WITH (FORCE)"))
    assert await counted(database) == {}


@pytest.mark.parametrize("wanted", [True, False])
async def test_nothing_is_learnt_where_it_is_not_wanted(know: Knowledge, database: Database, wanted: bool) -> None:
    async with learning(lambda: know, database, now, wanted=wanted) as learn:
        await Person(know, database, learn).say(UNKNOWN)
    assert bool(await counted(database)) is wanted
    assert bool(await kept(database)) is wanted


async def test_a_text_is_forgotten_after_thirty_days_and_a_count_after_the_year(database: Database) -> None:
    async with database.begin() as conn:
        await unanswered.keep(conn, ["养鹿给不给补贴"], day=(NOW - timedelta(days=30)).date())
        await unanswered.keep(conn, ["养貂给不给补贴"], day=(NOW - timedelta(days=29)).date())
        await unanswered.count(conn, {"livestock": 3}, day=(NOW - timedelta(days=450)).date())
        await unanswered.count(conn, {"livestock": 2}, day=NOW.date())
    await forget_due(database, NOW)
    assert await kept(database) == ["养貂给不给补贴"]
    assert await counted(database) == {"livestock": 2}


async def test_counts_of_one_month_add_up_and_a_text_is_kept_once(database: Database) -> None:
    async with database.begin() as conn:
        for _ in range(3):
            await unanswered.keep(conn, ["养鹿给不给补贴", "养鹿给不给补贴"], day=NOW.date())
            await unanswered.count(conn, {"livestock": 2, "loan": 1}, day=NOW.date())
        months = await conn.scalar(select(func.count()).select_from(metadata.tables["unanswered_count"]))
    assert months == 2
    assert await counted(database) == {"livestock": 6, "loan": 3}
    assert await kept(database) == ["养鹿给不给补贴"]


@pytest.mark.parametrize(
    ("topic", "times", "seen"),
    [
        ("livestock", 9, None),
        ("livestock", 10, 10),
        ("livestock", 13, 15),
        ("low-income", 19, None),
        ("disabled", 21, 20),
        (CARE, 19, None),
        (CARE, 20, 20),
    ],
)
def test_small_counts_are_not_shown_and_others_rounded(
    know: Knowledge, topic: str, times: int, seen: int | None
) -> None:
    assert shown(Count(date(2026, 11, 1), topic, times), know.library) == seen


async def test_a_fault_while_learning_keeps_nothing_and_shows_no_words(
    know: Knowledge, words: Vocabulary, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = replace(know, places=None)  # type: ignore[arg-type]
    learner = Learner(lambda: broken, words, database, now=now)
    learner.hear(Missed("livestock", UNKNOWN))
    await learner.close()
    told = capsys.readouterr()
    assert "鸵鸟" not in told.out + told.err
    assert "鸵鸟" not in repr(Missed("livestock", UNKNOWN))
    assert (await kept(database), await counted(database)) == ([], {"livestock": 1})
