"""A migration suits the version before it: what that one reads is there, and what it writes is taken.

With several machines the tables are migrated first and the processes started anew one after the other, so the old code
works on the new tables for a while (deploy/upgrade.md, "Two steps").
"""

import importlib.util
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from storage import schema
from tests.storage.migrating import VERSIONS, connect, fill, revisions, tables_of

SETTLED = "0012"
"""The tables were still being drawn up till this revision; the rule holds from the next one on."""

KEPT = (
    "SELECT table_name, column_name, data_type, udt_name, is_nullable FROM information_schema.columns"
    " WHERE table_schema = 'public' AND table_name NOT LIKE 'alembic%'",
    # What an upsert of the old code names: a unique key must go on being one.
    "SELECT tablename, 'key', regexp_replace(indexdef, '^.* USING ', '') FROM pg_indexes"
    " WHERE schemaname = 'public' AND indexdef LIKE 'CREATE UNIQUE%' AND tablename NOT LIKE 'alembic%'",
)


def promised(url: URL) -> set[tuple[str, ...]]:
    """The columns and unique keys that code may rest on."""
    with connect(url) as conn:
        return {tuple(row) for query in KEPT for row in conn.execute(text(query))}


def taken_away(url: URL, revision: str) -> set[str]:
    """Migrate from the revision before to this one; the columns and keys (`table.column`) that the old code misses."""
    before = f"{int(revision) - 1:04}"
    schema.upgrade(url, before)
    there = promised(url)
    with connect(url) as conn:
        old = tables_of(conn)
    schema.upgrade(url, revision)
    with connect(url) as conn:
        fill(conn, old)  # what the old code writes is taken
    return {f"{row[0]}.{row[1]}" for row in there - promised(url)}


def declared(revision: str) -> set[str]:
    """What a migration says that it takes away, as its second step: `takes_away = {"table.column"}`."""
    (path,) = VERSIONS.glob(f"{revision}_*.py")
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return set(getattr(module, "takes_away", ()))


@pytest.mark.parametrize("revision", [one for one in revisions() if one > SETTLED])
def test_the_version_before_goes_on_with_the_tables_of_the_next(empty: URL, revision: str) -> None:
    remedy = "keep it until no code reads it, then say so in the migration: takes_away = {...}"
    assert taken_away(empty, revision) == declared(revision), remedy


def test_a_key_that_the_old_code_names_is_missed(empty: URL) -> None:
    """0012 put a column more into the key of reminders: an old process could no longer have noted one."""
    assert taken_away(empty, "0012") == {"reminder.key"}
