"""`mingbai staff …` and `mingbai audit verify`, as an operator runs them, on the database of the tests."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from storage import staff
from storage.database import Database
from storage.tables.staff import trail
from tests.staff.conftest import VILLAGE

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(database: Database, tmp_path: Path) -> Run:
    """Run a command in a process of its own."""
    url = database.url.render_as_string(hide_password=False)
    chosen = {"MINGBAI_DATABASE_URL": url.replace("+psycopg", ""), "MINGBAI_DATA": str(tmp_path)}

    def command(*words: str, **extra: str) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, **chosen, **extra}
        return subprocess.run(
            [sys.executable, "-m", "bot", *words], env=environment, capture_output=True, text=True, check=False
        )

    return command


async def test_an_invitation_printed_by_the_command_lets_somebody_in(database: Database, run: Run) -> None:
    done = run("staff", "invite", "--role", "cadre", "--place", VILLAGE, "--name", "王主任")
    assert "翻身村" in done.stderr
    link, *code = done.stdout.split()
    address, _, token = link.partition("#")
    assert address == "http://127.0.0.1:8000/desk/enter"
    assert "".join(code) == staff.code_of(token)
    async with database.begin() as conn:
        now = (await conn.exec_driver_sql("SELECT now()")).scalar_one()
        member = await staff.join(conn, token, channel="telegram", address="77", now=now)
    assert member is not None
    assert (member.role, member.places, member.name) == ("cadre", (VILLAGE,), "王主任")
    listed = json.loads(run("staff", "list", "--json").stdout)
    assert listed == {
        "id": member.id, "role": "cadre", "places": [VILLAGE], "name": "王主任", "active_on": str(member.active_on),
    }  # fmt: skip
    assert "翻身村" in run("staff", "list").stdout
    assert "Gone" in run("staff", "revoke", str(member.id)).stdout
    assert "Nobody yet" in run("staff", "list").stderr
    again = run("staff", "revoke", str(member.id))
    assert again.returncode == 1
    assert "no member of staff" in again.stderr
    assert "2 row(s), none changed, missing or forked. Head: 2:" in run("audit", "verify").stdout


async def test_a_link_printed_by_the_command_opens_the_desk(database: Database, run: Run) -> None:
    invited = run("staff", "invite", "--role", "cadre", "--place", VILLAGE, MINGBAI_PUBLIC_URL="https://page.example")
    async with database.begin() as conn:
        now = (await conn.exec_driver_sql("SELECT now()")).scalar_one()
        member = await staff.join_at_desk(conn, "".join(invited.stdout.split()[1:]), now=now)
    assert member is not None
    made = run("staff", "link", str(member.id), MINGBAI_PUBLIC_URL="https://page.example").stdout
    assert made.startswith("https://page.example/desk/enter#")
    async with database.begin() as conn:
        now = (await conn.exec_driver_sql("SELECT now()")).scalar_one()
        assert await staff.sign_in(conn, "".join(made.split()[1:]), now=now) == member
    assert "no member of staff" in run("staff", "link", "999999").stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--role", "cadre", "--place", "999999"), "no place"),
        (("--role", "boss", "--place", "150600"), "boss"),
        (("--role", "cadre"), "--place"),
        (("--role", "cadre", "--place", "150600", "--minutes", "1441"), "1441"),
        (("--role", "cadre", "--place", "150600", "--minutes", "0"), "0"),
        (("--role", "cadre", "--place", "150600", "--name", "王" * 41), "at most 40"),
    ],
)
def test_an_invitation_that_can_t_be_is_told_in_a_sentence(run: Run, words: tuple[str, ...], told: str) -> None:
    done = run("staff", "invite", *words)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_trail_that_somebody_touched_fails_the_command(database: Database, run: Run, tmp_path: Path) -> None:
    for _ in range(3):
        run("staff", "invite", "--role", "cadre", "--place", VILLAGE)
    assert run("audit", "verify").returncode == 0
    async with database.begin() as conn:
        await conn.execute(delete(trail).where(trail.c.number == 3))
    cut = run("audit", "verify")
    assert cut.returncode == 1
    assert "rows from 3 on are missing" in cut.stderr
    async with database.begin() as conn:
        await conn.execute(update(trail).where(trail.c.number == 2).values(actor="staff:9"))
    assert "row 2 was changed" in run("audit", "verify").stderr
    (tmp_path / "trail.key").write_text("no key")
    refused = run("audit", "verify")
    assert refused.returncode == 1
    assert "can't be used" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_key_of_few_letters_is_refused_without_saying_it(run: Run) -> None:
    done = run("audit", "verify", MINGBAI_AUDIT_KEY="shortkey")
    assert done.returncode == 1
    assert "at least 16" in done.stderr
    assert "shortkey" not in done.stderr
