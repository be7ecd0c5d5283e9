"""Seeing it: what became of a notice, counted and never named, by the port and by `mingbai broadcast`."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text

from bot.cli import main
from bot.settings import settings
from scheduler.broadcast import plan
from scheduler.clock import now
from storage import broadcasts
from storage.broadcasts import BroadcastState
from storage.database import Database
from storage.states import State
from storage.tables.staff import trail
from tests.notices.broadcasting import (
    BANNER,
    NEXT_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    a_cadre,
    approved,
    claimed,
    submitted,
    villagers,
)
from tests.scheduler.sending import NOON

Run = Callable[..., Awaitable[Result]]


async def test_counts_by_state_and_channel_the_rate_and_the_time_left(database: Database) -> None:
    await villagers(database, 10)
    by = await a_cadre(database)
    frozen = await submitted(database, by)
    async with database.begin() as conn:
        await broadcasts.approve(conn, frozen.id, hash_=frozen.hash, by=by.id, now=NOON)
        waiting = await broadcasts.progress(conn, frozen.id, now=NOON)
    assert (waiting.waiting, waiting.counts) == (10, {})
    await plan.look(database, "notice", NOON)
    await claimed(database, *[State.SENT] * 5, State.UNKNOWN)
    async with database.begin() as conn:
        found = await broadcasts.progress(conn, frozen.id, now=NOON + timedelta(seconds=30))
        later = await broadcasts.progress(conn, frozen.id, now=NOON + timedelta(minutes=2))
    assert found.counts == {State.SENT: 5, State.UNKNOWN: 1, State.QUEUED: 4}
    assert found.channels == {"telegram": found.counts}
    assert (found.per_second, found.left) == (0.2, timedelta(seconds=20)), "six in the thirty seconds since it began"
    assert (later.per_second, later.left) == (0, None)
    async with database.begin() as conn:
        await broadcasts.stop(conn, frozen.id, now=NOON)
        stopped = await broadcasts.progress(conn, frozen.id, now=NOON + timedelta(seconds=30))
    assert (stopped.per_second, stopped.left) == (0, None)


async def test_by_place_few_are_not_shown_and_followers_not_at_all(database: Database) -> None:
    await villagers(database, 13)
    await villagers(database, 3, place=NEXT_VILLAGE)
    by, other = await a_cadre(database, BANNER, role="administrator"), await a_cadre(database, BANNER, role="editor")
    one = await approved(database, await submitted(database, by, VILLAGE, NEXT_VILLAGE), other)
    await claimed(database, *[State.SENT] * 16)
    wide = await approved(database, await submitted(database, by, TOWNSHIP), other)
    await claimed(database, *[State.SENT] * 16)
    async with database.begin() as conn:
        assert await broadcasts.by_place(conn, one) == {VILLAGE: 10, NEXT_VILLAGE: None}
        assert await broadcasts.by_place(conn, wide) == {VILLAGE: 10, NEXT_VILLAGE: None}
        await conn.execute(text("UPDATE broadcast SET follows = '{topic:land}'"))
        followed = await broadcasts.get(conn, one.id)
        assert followed is not None
        assert await broadcasts.by_place(conn, followed) == {}


async def test_what_touches_a_place_is_listed_for_it(database: Database) -> None:
    by = await a_cadre(database, BANNER, role="administrator")
    wide, own = await submitted(database, by, BANNER), await submitted(database, by, VILLAGE)
    other = await submitted(database, by, NEXT_VILLAGE)
    async with database.begin() as conn:
        assert await broadcasts.listed(conn, within=[VILLAGE]) == [own, wide]
        assert await broadcasts.listed(conn, within=[TOWNSHIP]) == [other, own, wide]
        assert await broadcasts.listed(conn, within=["150622"]) == []
        assert await broadcasts.listed(conn, states=[BroadcastState.APPROVED]) == []


async def test_by_its_number_anybody_learns_who_sent_it_and_only_when_it_was_approved(database: Database) -> None:
    by = await a_cadre(database)
    frozen = await submitted(database, by, send_at=NOON + timedelta(hours=2))
    async with database.begin() as conn:
        assert await broadcasts.by_number(conn, frozen.number) is None
    await approved(database, frozen, by)
    async with database.begin() as conn:
        found = await broadcasts.by_number(conn, frozen.number)
    assert found is not None
    assert (found.office, found.place, found.title) == ("哈业乌素村委会", VILLAGE, "打疫苗")
    assert found.sent_at == NOON + timedelta(hours=2)


@pytest.fixture
def run(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run `mingbai broadcast …` on the database of the tests."""
    url = database.url.render_as_string(hide_password=False).replace("+psycopg", "")
    monkeypatch.setenv("MINGBAI_DATABASE_URL", url)
    monkeypatch.setenv("MINGBAI_DATA", str(tmp_path))
    settings.cache_clear()

    async def command(*words: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, main, ["broadcast", *words])

    yield command
    settings.cache_clear()


async def test_the_operator_lists_shows_stops_and_resumes(database: Database, run: Run) -> None:
    assert "还没有提交过通知" in (await run("list")).stdout
    await villagers(database, 12)
    by = await a_cadre(database)
    frozen = await approved(database, await submitted(database, by, now=now()), by, now())
    await claimed(database, *[State.SENT] * 11, now=now())
    assert f"{frozen.number}　批了　通知" in (await run("list")).stdout
    told = (await run("show", frozen.number.lower())).stdout
    assert all(words in told for words in ("哈业乌素村委会", "发到了11人，等着发1人", "Telegram"))
    assert "停下了" in (await run("stop", frozen.number)).stdout
    again = await run("stop", frozen.number)
    assert (again.exit_code, "已经变了" in again.stderr) == (1, True)
    assert "接着发了" in (await run("resume", frozen.number)).stdout
    assert "没有这条通知" in (await run("show", "Z99999")).stderr
    async with database.begin() as conn:
        rows = await conn.execute(select(trail.c.actor, trail.c.verb).order_by(trail.c.number))
        assert [tuple(row) for row in rows] == [("operator", "stopped"), ("operator", "resumed")]


async def test_the_operator_is_told_no_number_of_followers_either(database: Database, run: Run) -> None:
    await villagers(database, 2)
    by = await a_cadre(database)
    frozen = await approved(database, await submitted(database, by, now=now()), by, now())
    async with database.begin() as conn:
        await conn.execute(text("UPDATE broadcast SET follows = '{topic:land}'"))
    await claimed(database, State.SENT, State.UNKNOWN, now=now())
    await plan.look(database, "notice", now())
    told = [(await run(*words)).stdout for words in (["list"], ["show", frozen.number], ["watch", frozen.number])]
    assert not any(re.search(r"\d人|每秒", one) for one in told)
    assert all("有不知道收到没有的" in one for one in told[1:])


async def test_watching_ends_when_all_of_it_was_tried(database: Database, run: Run) -> None:
    await villagers(database, 2)
    by = await a_cadre(database)
    frozen = await approved(database, await submitted(database, by, now=now()), by, now())
    await claimed(database, State.SENT, State.HELD, now=now())
    await plan.look(database, "notice", now())
    told = (await run("watch", frozen.number, "--every", "0.2")).stdout.splitlines()
    assert "发到了1人，等他们下次来1人" in told[0]
    assert told[-1] == "都试过一遍了。"
