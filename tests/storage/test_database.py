"""Opening the database, and what is said when that fails."""

import asyncio
import os
import shutil
import stat
import traceback
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from storage.database import Database, url_of
from storage.errors import Busy, ConnectionLost, FolderUnusable, StatementRefused, Unreachable, UrlRefused
from storage.tables import inbox, resident

NOWHERE = Path("/nowhere")
A_MESSAGE = insert(inbox).values(channel="web", account="main", digest=b"1", received_at=func.now())
HANG_UP = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND state IS NOT NULL"
)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_urls_of_postgresql_are_taken_as_people_write_them(scheme: str) -> None:
    url = url_of(f"{scheme}://mingbai:s3cret@db.example:5433/mingbai?sslmode=require", NOWHERE)
    expected = "postgresql+psycopg://mingbai:s3cret@db.example:5433/mingbai?sslmode=require"
    assert url.render_as_string(hide_password=False) == expected


@pytest.mark.parametrize("url", ["mysql://u:s3cret@h/d", "s3cret", "", "postgresql://u:s3cret@h:port/d"])
def test_other_urls_are_refused_without_repeating_them(url: str) -> None:
    with pytest.raises(UrlRefused, match="postgresql://user:password@host") as refused:
        url_of(url, NOWHERE)
    assert "s3cret" not in str(refused.value)


async def test_a_url_where_nothing_listens_is_named_with_what_to_check(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"127.0.0.1.*See that PostgreSQL is up"):
        await Database.open("postgresql://u:s3cret@127.0.0.1:1/d", tmp_path)
    assert not (tmp_path / "postgres").exists()


async def test_a_database_that_does_not_exist_is_named(database: Database, tmp_path: Path) -> None:
    url = database.url.set(database="elsewhere", drivername="postgresql")
    with pytest.raises(Unreachable, match='"elsewhere" does not exist'):
        await Database.open(url.render_as_string(), tmp_path)


async def test_a_database_given_by_url_works_as_the_embedded_one(database: Database, tmp_path: Path) -> None:
    given = await Database.open(database.url.set(drivername="postgres").render_as_string(), tmp_path)
    async with given.begin() as conn:
        assert await conn.scalar(select(func.count()).select_from(inbox)) == 0
    await given.close()


async def test_a_folder_that_is_a_file_cannot_hold_a_database(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(FolderUnusable, match=r"taken.*Choose a folder"):
        await Database.open(None, tmp_path / "taken")


async def test_data_of_another_postgresql_is_left_alone(tmp_path: Path, database_folder: Path) -> None:
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("16\n")
    shutil.chown(data, (database_folder / "postgres").stat().st_uid)
    with pytest.raises(FolderUnusable, match=r"made by PostgreSQL 16, and this is 18\. Back it up"):
        await Database.open(None, tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make what belongs to someone else")
async def test_data_of_another_user_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    with pytest.raises(FolderUnusable, match="belongs to another user"):
        await Database.open(None, tmp_path)


def test_the_embedded_data_is_closed_to_other_users(database: Database, database_folder: Path) -> None:
    for path in (database_folder / "postgres", database_folder / "postgres" / ".s.PGSQL.5432"):
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path


async def test_the_embedded_server_listens_on_no_network(database: Database) -> None:
    async with database.begin() as conn:
        assert await conn.scalar(text("SHOW listen_addresses")) == ""


async def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    async def fail() -> None:
        async with database.begin() as conn:
            await conn.execute(A_MESSAGE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.begin() as conn:
        assert await conn.scalar(select(func.count()).select_from(inbox)) == 0


async def test_idle_connections_that_the_server_closed_are_replaced_unseen(database: Database) -> None:
    async with database.begin() as conn:
        await conn.execute(HANG_UP)
    for _ in range(3):
        async with asyncio.TaskGroup() as group:
            for _ in range(5):
                group.create_task(ask(database))


async def test_a_transaction_whose_connection_dies_says_that_it_may_be_done_again(database: Database) -> None:
    async def lose() -> None:
        async with database.begin() as conn:
            await conn.execute(A_MESSAGE)
            async with database.begin() as other:
                await other.execute(HANG_UP)
            await conn.execute(text("SELECT 1"))

    with pytest.raises(ConnectionLost, match="again"):
        await lose()
    async with database.begin() as conn:
        assert await conn.scalar(select(func.count()).select_from(inbox)) == 0


async def test_a_pool_with_no_connection_left_says_so(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.pool.WAIT", 0.1)
    small = await Database.open(database.url.render_as_string(), tmp_path, pool_size=1)
    async with small.begin():
        with pytest.raises(Busy, match="pool larger"):
            await ask(small)
    await small.close()


async def test_a_refused_statement_names_the_rule_and_nobody(database: Database, database_folder: Path) -> None:
    planted = "rare-name-51c2" + "x" * 200
    row = {"channel": "web", "account": "main", "address": planted, "created_on": func.now(), "seen_on": func.now()}
    with pytest.raises(StatementRefused, match="resident_address_length_check") as refused:
        async with database.begin() as conn:
            await conn.execute(insert(resident).values(**row))
    shown = "".join(traceback.format_exception(refused.value))
    assert "rare-name-51c2" not in shown
    assert "rare-name-51c2" not in (database_folder / "postgres" / "server.log").read_text()


async def ask(database: Database) -> None:
    async with database.begin() as conn:
        assert await conn.scalar(text("SELECT 1")) == 1
