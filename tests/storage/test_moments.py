"""Times: aware or refused, everywhere."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import inbox, residents
from storage.database import Database
from storage.errors import NaiveTime
from storage.inbox import MessageKey
from storage.moments import day, utc

SHANGHAI = timezone(timedelta(hours=8))
NAIVE = datetime(2026, 11, 22, 3, 0)  # noqa: DTZ001 - what this file is about
AWARE = NAIVE.replace(tzinfo=UTC)
KEY = MessageKey.of(channel="web", account="main", message_id="1")

CALLS: list[Callable[[AsyncConnection], Awaitable[object]]] = [
    lambda conn: residents.meet(conn, channel="web", account="main", address="aunt", now=NAIVE),
    lambda conn: residents.stop(conn, 1, NAIVE),
    lambda conn: inbox.take(conn, KEY, address="aunt", counting_since=AWARE, now=NAIVE),
    lambda conn: inbox.take(conn, KEY, address="aunt", counting_since=NAIVE, now=AWARE),
    lambda conn: inbox.mark_sent(conn, KEY, now=NAIVE),
    lambda conn: inbox.unsent(conn, channel="web", account="main", before=NAIVE),
]


@pytest.mark.parametrize("call", CALLS)
async def test_a_time_without_a_zone_is_refused(
    database: Database, call: Callable[[AsyncConnection], Awaitable[object]]
) -> None:
    async with database.begin() as conn:
        with pytest.raises(NaiveTime, match="no zone"):
            await call(conn)


def test_a_moment_is_the_same_in_every_zone() -> None:
    assert utc(datetime(2026, 11, 22, 11, 0, tzinfo=SHANGHAI)) == AWARE
    assert utc(datetime(2026, 11, 22, 11, 0, tzinfo=SHANGHAI)).tzinfo is UTC


def test_days_are_counted_in_utc() -> None:
    assert str(day(datetime(2026, 11, 22, 7, 59, tzinfo=SHANGHAI))) == "2026-11-21"
