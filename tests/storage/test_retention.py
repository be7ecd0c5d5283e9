"""Forgetting: what was kept for its period goes, and nothing else."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func, insert, select

from storage import residents
from storage.database import Database
from storage.errors import NaiveTime
from storage.retention import BITE, RULES, forget_due
from storage.tables import conversation, inbox, resident

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
NOTHING = {rule.name: 0 for rule in RULES}


def person(number: int, days_unseen: float, channel: str = "wechat", places: Sequence[str] = ()) -> dict[str, Any]:
    day = (NOW - timedelta(days=days_unseen)).date()
    who = {"channel": channel, "account": "main", "address": str(number), "places": list(places)}
    return who | {"created_on": day, "seen_on": day}


def message(number: int, age: timedelta, **columns: object) -> dict[str, Any]:
    base = {"channel": "wechat", "account": "main", "digest": number.to_bytes(16), "received_at": NOW - age}
    return base | {"reply": None} | columns


async def keep(database: Database, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    async with database.begin() as conn:
        key = next(iter(table.primary_key))
        return list((await conn.scalars(insert(table).returning(key), list(rows))).all())


async def count(database: Database, table: Table) -> int:
    async with database.begin() as conn:
        return int(await conn.scalar(select(func.count()).select_from(table)) or 0)


async def test_nothing_due_is_nothing_forgotten(database: Database) -> None:
    await keep(database, resident, [person(1, 399), person(2, 29, "web"), person(3, 29, "web", ["1506"])])
    await keep(database, inbox, [message(1, timedelta(days=6, hours=23)), message(2, timedelta(hours=23), reply={})])
    assert await forget_due(database, NOW) == NOTHING
    assert await count(database, resident) == 3


async def test_residents_unseen_for_400_days_go(database: Database) -> None:
    await keep(database, resident, [person(1, 400), person(2, 401, "telegram", ["1506"])])
    assert await forget_due(database, NOW) == NOTHING | {"resident": 2}


async def test_web_visitors_go_after_30_days(database: Database) -> None:
    await keep(database, resident, [person(1, 30, "web"), person(2, 30, "web", ["1506"]), person(3, 30)])
    assert await forget_due(database, NOW) == NOTHING | {"web visitor": 2}
    assert await count(database, resident) == 1


async def test_conversations_go_after_24_hours(database: Database) -> None:
    ids = await keep(database, resident, [person(1, 1), person(2, 1)])
    ages = (timedelta(hours=24), timedelta(hours=23))
    rows = [{"resident_id": i, "state": {}, "touched_at": NOW - age} for i, age in zip(ids, ages, strict=True)]
    await keep(database, conversation, rows)
    assert await forget_due(database, NOW) == NOTHING | {"conversation": 1}
    assert await count(database, conversation) == 1


async def test_unsent_replies_go_after_24_hours_and_the_message_stays_known(database: Database) -> None:
    await keep(database, inbox, [message(1, timedelta(hours=24), reply={"blocks": []})])
    assert await forget_due(database, NOW) == NOTHING | {"unsent reply": 1}
    assert await count(database, inbox) == 1


async def test_messages_are_known_for_a_week(database: Database) -> None:
    await keep(database, inbox, [message(1, timedelta(days=7))])
    assert await forget_due(database, NOW) == NOTHING | {"inbox": 1}


async def test_forgetting_goes_on_bite_after_bite_until_nothing_is_left(database: Database) -> None:
    due = 2 * BITE + 1
    await keep(database, inbox, [message(number, timedelta(days=8)) for number in range(due)])
    await keep(database, inbox, [message(due + 1, timedelta(days=1))])
    assert await forget_due(database, NOW) == NOTHING | {"inbox": due}
    assert await count(database, inbox) == 1


async def test_a_resident_in_a_talk_at_this_moment_is_left_for_the_next_time(database: Database) -> None:
    await keep(database, resident, [person(1, 500), person(2, 500)])
    async with database.begin() as conn:
        await residents.meet(conn, channel="wechat", account="main", address="1", now=NOW)
        assert await forget_due(database, NOW) == NOTHING | {"resident": 1}
    assert await count(database, resident) == 1


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(NaiveTime):
        await forget_due(database, NOW.replace(tzinfo=None))
