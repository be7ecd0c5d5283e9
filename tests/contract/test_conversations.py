"""What every implementation of the port `Conversations` promises."""

import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from storage import residents
from storage.conversations import Conversations, MemoryConversations
from storage.database import Database
from storage.errors import NaiveTime
from storage.postgres_conversations import PostgresConversations

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
STATE = {"programme": "grain-soy-insurance", "list": ["看原话", "问人"], "page": 2, "home": None, "ᠮᠣᠩᠭᠣᠯ": True}


@dataclass(frozen=True)
class Talks:
    """An implementation, and two keys under which it may keep something."""

    conversations: Conversations
    mine: int
    yours: int


@pytest.fixture(params=["memory", "postgres"])
async def talks(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Talks]:
    async with database.begin() as conn:
        met = [await residents.meet(conn, channel="web", account="main", address=address, now=NOW) for address in "ab"]
        conversations = MemoryConversations() if request.param == "memory" else PostgresConversations(conn)
        yield Talks(conversations, met[0].id, met[1].id)


async def test_nobody_is_remembered_at_first(talks: Talks) -> None:
    assert await talks.conversations.load(talks.mine, NOW) is None


async def test_a_state_comes_back_as_it_was_kept(talks: Talks) -> None:
    await talks.conversations.save(talks.mine, STATE, NOW)
    assert await talks.conversations.load(talks.mine, NOW) == STATE


async def test_the_latest_state_counts(talks: Talks) -> None:
    await talks.conversations.save(talks.mine, STATE, NOW)
    await talks.conversations.save(talks.mine, {"page": 3}, NOW)
    assert await talks.conversations.load(talks.mine, NOW) == {"page": 3}


async def test_tuples_come_back_as_lists_everywhere(talks: Talks) -> None:
    await talks.conversations.save(talks.mine, {"list": ("一", "二")}, NOW)
    assert await talks.conversations.load(talks.mine, NOW) == {"list": ["一", "二"]}


async def test_a_kept_state_does_not_change_with_what_the_caller_holds(talks: Talks) -> None:
    state = {"list": ["一"]}
    await talks.conversations.save(talks.mine, state, NOW)
    state["list"].append("二")
    assert await talks.conversations.load(talks.mine, NOW) == {"list": ["一"]}


async def test_each_resident_has_a_talk_of_their_own(talks: Talks) -> None:
    await talks.conversations.save(talks.mine, STATE, NOW)
    assert await talks.conversations.load(talks.yours, NOW) is None


async def test_a_talk_is_remembered_for_almost_a_day(talks: Talks) -> None:
    await talks.conversations.save(talks.mine, STATE, NOW)
    assert await talks.conversations.load(talks.mine, NOW + timedelta(hours=23, minutes=59)) == STATE


async def test_a_talk_untouched_for_a_day_is_forgotten_for_good(talks: Talks) -> None:
    await talks.conversations.save(talks.mine, STATE, NOW)
    assert await talks.conversations.load(talks.mine, NOW + timedelta(hours=24)) is None
    assert await talks.conversations.load(talks.mine, NOW) is None


async def test_touching_a_talk_keeps_it_for_another_day(talks: Talks) -> None:
    await talks.conversations.save(talks.mine, STATE, NOW)
    await talks.conversations.save(talks.mine, STATE, NOW + timedelta(hours=20))
    assert await talks.conversations.load(talks.mine, NOW + timedelta(hours=40)) == STATE


async def test_forgetting_leaves_nothing_and_may_be_done_twice(talks: Talks) -> None:
    await talks.conversations.save(talks.mine, STATE, NOW)
    await talks.conversations.forget(talks.mine)
    await talks.conversations.forget(talks.mine)
    assert await talks.conversations.load(talks.mine, NOW) is None


async def test_a_character_that_a_database_refuses_loses_nothing_but_itself(talks: Talks) -> None:
    await talks.conversations.save(talks.mine, {"say": "a\0b\ud800c\\u0000"}, NOW)
    assert await talks.conversations.load(talks.mine, NOW) == {"say": "a\ufffdb\ufffdc\\u0000"}


async def test_mongolian_joiners_are_kept_to_the_letter(talks: Talks) -> None:
    said = "ᠮᠣᠩᠭᠣᠯ\u180b\u180c\u180d\u180e\u180f\u202f\u200c\u200d"
    await talks.conversations.save(talks.mine, {"say": said}, NOW)
    assert await talks.conversations.load(talks.mine, NOW) == {"say": said}


async def test_a_time_without_a_zone_is_refused(talks: Talks) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(NaiveTime):
        await talks.conversations.load(talks.mine, naive)
    with pytest.raises(NaiveTime):
        await talks.conversations.save(talks.mine, STATE, naive)


def test_talking_without_a_database_loads_no_database_library() -> None:
    code = "import sys, storage.conversations; print(sys.modules.keys() & {'sqlalchemy', 'psycopg', 'alembic'})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
