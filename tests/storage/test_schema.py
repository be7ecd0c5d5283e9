"""Migrations: up, down and up again, one at a time, and to the very tables that the code knows."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, func, insert, inspect, select, text

from storage import schema
from storage.database import Database
from storage.errors import SchemaBusy, SchemaOutdated
from storage.tables import inbox, metadata, resident
from tests.storage.migrating import VERSIONS, connect, fill, revisions, rows, tables_of

SOMEONE = {"channel": "web", "account": "main", "address": "aunt", "created_on": func.now(), "seen_on": func.now()}
SHAPES = (
    "SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default, identity_generation"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
)


def shape(url: URL) -> set[tuple[object, ...]]:
    """Return all columns, constraints and indexes, without Alembic's own."""
    with connect(url) as conn:
        found = {tuple(row) for query in SHAPES for row in conn.execute(text(query))}
    return {row for row in found if row[0] != "alembic_version"}


def test_both_routes_build_the_same_tables(empty: URL) -> None:
    with connect(empty) as conn:
        metadata.create_all(conn)
        conn.commit()
        by_metadata = shape(empty)
        metadata.drop_all(conn)
        conn.commit()
    schema.upgrade(empty)
    assert shape(empty) == by_metadata


def test_alembic_finds_no_difference_between_migrations_and_tables(empty: URL) -> None:
    schema.upgrade(empty)
    with connect(empty) as conn:
        context = MigrationContext.configure(conn, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_every_migration_can_be_undone_and_done_again_with_rows_in_place(empty: URL) -> None:
    for revision in revisions():
        schema.upgrade(empty, revision)
        with connect(empty) as conn:
            fill(conn, tables_of(conn))
        built = shape(empty)
        schema.downgrade(empty, "-1")
        schema.upgrade(empty, revision)
        assert shape(empty) == built
    schema.downgrade(empty, "base")
    assert shape(empty) == set()


def test_every_row_that_a_migration_down_can_keep_is_kept(empty: URL) -> None:
    schema.upgrade(empty)
    for revision in reversed(revisions()):
        with connect(empty) as conn:
            fill(conn, tables_of(conn))
        schema.downgrade(empty, "-1")
        with connect(empty) as conn:
            bare = [table.name for table in tables_of(conn).sorted_tables if not rows(conn, table)]
        assert not bare, f"undoing {revision} emptied them"


def test_migrating_what_is_current_changes_nothing(empty: URL) -> None:
    schema.upgrade(empty)
    with connect(empty) as conn:
        conn.execute(insert(resident).values(SOMEONE))
        conn.commit()
        schema.upgrade(empty)
        assert conn.scalar(select(func.count()).select_from(resident)) == 1


def test_revisions_are_numbered_in_order_with_one_head() -> None:
    numbers = revisions()
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert [path.name[:4] for path in sorted(VERSIONS.glob("*.py"))] == numbers
    assert schema.head() == numbers[-1]


def test_two_programs_that_migrate_at_once_take_turns(empty: URL) -> None:
    code = f"from sqlalchemy import make_url; from storage import schema; schema.upgrade(make_url({str(empty)!r}))"
    programs = [subprocess.Popen([sys.executable, "-c", code], cwd=VERSIONS.parents[2]) for _ in range(3)]
    assert [program.wait(timeout=60) for program in programs] == [0, 0, 0]


def test_a_migration_that_waits_too_long_for_a_table_gives_up(empty: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "LIMITS", "SET lock_timeout = '100ms'")
    schema.upgrade(empty)
    with connect(empty) as conn:
        conn.execute(select(inbox))
        with pytest.raises(SchemaBusy, match="lock timeout"):
            schema.downgrade(empty, "base")
        assert inspect(conn).has_table("resident")


async def test_tables_of_another_revision_are_refused_with_the_remedy(empty: URL, tmp_path: Path) -> None:
    database = await Database.open(empty.render_as_string(), tmp_path)
    async with database.begin() as conn:
        assert not await schema.is_current(conn)
        with pytest.raises(SchemaOutdated, match="mingbai db upgrade"):
            await schema.require_current(conn)
    await asyncio.to_thread(schema.upgrade, database.url)
    async with database.begin() as conn:
        assert await schema.is_current(conn)
        await schema.require_current(conn)
    await database.close()
