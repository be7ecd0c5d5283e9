"""The trail at the desk: in words, and its head told every day where the database does not reach."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import get_args

from sqlalchemy import delete

from bot.desk.trail import deed
from scheduler.trail import tell_head
from storage import alerts
from storage.audit import Head, Trail
from storage.database import Database
from storage.entries import Step
from storage.tables.staff import trail as table
from tests.desk.conftest import KEY
from tests.policy.house import modules

NIGHT = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # half past midnight on the 23rd here


def verbs() -> Iterator[str]:
    """Every verb that any code puts on the trail, as it is written there."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record":
                said = next(
                    (one.value for one in node.keywords if one.arg == "verb"), node.args[0] if node.args else None
                )
                yield from whole(said) if said else ()
    yield from (f"{what} {step}" for what in ("window", "detail") for step in get_args(Step))


def whole(said: ast.AST) -> Iterator[str]:
    """The strings in an expression; not the pieces of one that is put together."""
    if isinstance(said, ast.Constant) and isinstance(said.value, str):
        yield said.value
    elif not isinstance(said, ast.JoinedStr):
        for part in ast.iter_child_nodes(said):
            yield from whole(part)


def test_every_verb_of_the_trail_is_said_in_chinese() -> None:
    found = set(verbs())
    assert {"answered", "entered", "invited", "window published"} <= found
    unsaid = sorted(one for one in found if deed(one) == one)
    assert not unsaid, "give the verb a word in the macro `deed` of content/templates/text/desk.j2"


async def written(database: Database, *deeds: str, at: datetime, key: bytes = KEY) -> None:
    """Put deeds on the trail."""
    for one in deeds:
        async with database.begin() as conn:
            await Trail(key).record(conn, actor="staff:1", verb="answered", object_id=one, now=at)


async def told(database: Database) -> list[str]:
    """What the alert channel was given about the trail, oldest first."""
    async with database.begin() as conn:
        return [one.about for one in await alerts.untold(conn, 100) if one.kind == "trail_head"]


async def test_the_day_s_head_is_told_once_however_often_it_is_looked_at(database: Database) -> None:
    assert await tell_head(database, NIGHT) == ""
    await written(database, "ticket:1", "ticket:2", at=NIGHT.replace(hour=15))
    first = await tell_head(database, NIGHT)
    await written(database, "ticket:3", at=NIGHT)
    assert await tell_head(database, NIGHT.replace(hour=22)) == first
    assert await told(database) == [f"2026-11-22 {first}"]
    assert Head.read(first).number == 2
    next_day = await tell_head(database, NIGHT.replace(day=23))
    assert Head.read(next_day).number == 3
    assert await told(database) == [f"2026-11-22 {first}", f"2026-11-23 {next_day}"]


async def test_a_trail_written_anew_with_its_own_key_shows_against_the_head_that_was_told(database: Database) -> None:
    await written(database, "ticket:1", "ticket:2", at=NIGHT.replace(hour=15))
    noted = Head.read(await tell_head(database, NIGHT))
    async with database.begin() as conn:
        await conn.execute(delete(table))
    await written(database, "ticket:1", "ticket:9", "ticket:10", at=NIGHT.replace(hour=15))
    async with database.begin() as conn:
        assert not (await Trail(KEY).verify(conn)).faults, "who has the key can write another trail"
        (fault,) = (await Trail(KEY).verify(conn, noted=noted)).faults
    assert (fault.kind, fault.number) == ("forked", 2)
