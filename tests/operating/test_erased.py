"""Erased is erased: a rare name is looked for in every table, every file of the data folder, every line of the log."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import structlog
from sqlalchemy import insert, select, text

from bot.dialogue.turn import Knowledge
from bot.incoming import Incoming
from bot.logs import configure
from bot.pipeline import Pipeline
from scheduler.limits import is_small_hours
from storage import rewriting, tickets
from storage.audit import Trail
from storage.backup import LIST, back_up
from storage.backup.programs import run
from storage.database import Database
from storage.erasures import Erasures
from storage.tables import resident
from storage.tables.operating import rewritten
from storage.tables.staff import staff, staff_talk, ticket

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
NAME = "饕餮螭魅魍魉"
ADDRESS = "o-rare-openid-7f3a19c2"
KEY = b"the trail's key, long enough"


@pytest.fixture
def logs() -> Iterator[StringIO]:
    configure("DEBUG")
    told = StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(told))
    yield told
    structlog.reset_defaults()


async def in_tables(database: Database, *wanted: str) -> set[str]:
    """The tables, of any schema, in which one of these words stands."""
    async with database.begin() as conn:
        asked = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
        names = (await conn.scalars(text(asked))).all()
        found = text("SELECT count(*) FROM {} AS t WHERE strpos(t::text, :word) > 0")
        return {
            name
            for name in names
            for word in wanted
            if await conn.scalar(text(found.text.format(name)), {"word": word})
        }


def in_files(folder: Path, *wanted: str) -> set[str]:
    """The files of the data folder, the server's own and its log among them, in which one of these words stands."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path) for path in files if any(word.encode() in path.read_bytes() for word in wanted)}


async def plant(database: Database, pipeline: Pipeline) -> None:
    """A resident talks, hands over a question with a rare name in it, and a cadre is about to answer."""
    for number, words in enumerate((f"我叫{NAME}，能领低保不", "达旗", f"{NAME}")):
        await pipeline.handle(Incoming("wechat", "main", ADDRESS, f"n{number}", NOW, text=words), welcoming=True)
    async with database.begin() as conn:
        who = (await conn.scalars(select(resident.c.id))).one()
        for _ in range(3):
            id_ = await tickets.hand_over(conn, who, place="150621", question=f"我是{NAME}，房子漏雨", now=NOW)
        cadre = {"role": "cadre", "places": ["150621"], "name": "王", "joined_on": NOW, "active_on": NOW}
        staff_id = await conn.scalar(insert(staff).values(cadre).returning(staff.c.id))
        assert staff_id is not None
        await tickets.answer(conn, id_, f"{NAME}您好，来村委会", staff_id=staff_id, now=NOW)
        await Trail(KEY).record(conn, actor="staff:1", verb="answered", object_id=f"ticket:{id_}", now=NOW)
    await everywhere(database, "ANALYZE", "CHECKPOINT")


async def everywhere(database: Database, *statements: str) -> None:
    conn = await database.connect_apart()
    await conn.execution_options(isolation_level="AUTOCOMMIT")
    for statement in statements:
        await conn.execute(text(statement))
    await conn.close()


async def test_a_rare_name_is_nowhere_after_its_owner_erased_it(
    database: Database, database_folder: Path, know: Knowledge, logs: StringIO, tmp_path: Path
) -> None:
    pipeline = Pipeline(lambda: know, database, per_minute=20, now=lambda: NOW, erasures=Erasures(KEY))
    await plant(database, pipeline)
    assert await in_tables(database, NAME) == {"public.ticket"}, "no other table holds what a resident wrote"
    assert await in_tables(database, ADDRESS) == {"public.resident"}
    assert await asyncio.to_thread(in_files, database_folder, NAME), "what is looked for can be found"

    for number, words in enumerate(("删掉我的记录", "确认删除")):
        await pipeline.handle(Incoming("wechat", "main", ADDRESS, f"e{number}", NOW, text=words), welcoming=False)
    assert await in_tables(database, NAME, ADDRESS) == set()

    await rewriting.rewrite(database, rewriting.tables(), NOW)
    await everywhere(database, "VACUUM", "CHECKPOINT")
    assert await asyncio.to_thread(in_files, database_folder, NAME, ADDRESS) == set()
    assert NAME not in logs.getvalue()
    assert ADDRESS not in logs.getvalue()

    await back_up(database, tmp_path / "a.dump", erasures=Erasures(KEY), now=NOW)
    said = run("pg_restore", "--file=-", str(tmp_path / "a.dump")) + (tmp_path / LIST).read_text()
    assert NAME not in said
    assert ADDRESS not in said


async def test_tables_are_written_anew_once_a_night_or_after_three_days(database: Database) -> None:
    async def due(now: datetime, *, night: bool) -> int:
        async with database.begin() as conn:
            return len(await rewriting.due(conn, now, night=night))

    every = len(rewriting.tables())
    assert await due(NOW, night=True) == 0, "seen for the first time"
    assert await due(NOW + timedelta(hours=21), night=False) == 0
    assert await due(NOW + timedelta(hours=21), night=True) == every
    assert await due(NOW + timedelta(days=4), night=False) == every
    async with database.begin() as conn:
        wanted = await rewriting.due(conn, NOW + timedelta(days=4), night=False)
    assert await rewriting.rewrite(database, wanted[:2], NOW + timedelta(days=4)) == 2
    assert await due(NOW + timedelta(days=4), night=True) == every - 2


async def test_a_table_in_use_is_left_for_the_next_look(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "LIMITS", "SET lock_timeout = '100ms'")
    async with database.begin() as conn:
        await conn.execute(select(ticket))
        assert await rewriting.rewrite(database, [ticket, staff_talk], NOW) == 1
    async with database.begin() as conn:
        assert list(await conn.scalars(select(rewritten.c.name))) == ["staff_talk"]


def test_the_small_hours_are_those_of_inner_mongolia() -> None:
    hours = [hour for hour in range(24) if is_small_hours(datetime(2026, 11, 22, hour, 30, tzinfo=UTC))]
    assert hours == [17, 18, 19, 20]
