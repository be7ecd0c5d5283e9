"""`mingbai windows …`, as an operator runs it, on the database of the tests."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.database import Database
from tests.windows.test_import import GOOD, sheet

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(database: Database, tmp_path: Path) -> Run:
    """Run a command in a process of its own."""
    url = database.url.render_as_string(hide_password=False)
    chosen = {"MINGBAI_DATABASE_URL": url.replace("+psycopg", ""), "MINGBAI_DATA": str(tmp_path)}

    def command(*words: str) -> "subprocess.CompletedProcess[str]":
        environment = os.environ | chosen
        return subprocess.run(
            [sys.executable, "-m", "bot", "windows", *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return command


def test_what_a_sheet_brings_is_listed_windows_and_details_alike(run: Run, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", GOOD | {"截止": "2099年12月25日", "标准": "每亩25元", "有效到": "2099-12-31"})
    assert run("import", str(path)).returncode == 0
    window, standard = run("list", "--place", "150621").stdout.splitlines()
    assert "粮食大豆保险" in window
    assert "2099-12-25 已发布" in window
    assert "标准：每亩25元 到2099-12-31 已发布" in standard


@pytest.mark.parametrize(
    "words", [("template", "{none}/a.xlsx"), ("import", "{none}/a.xlsx"), ("list", "--place", "99")]
)
def test_what_can_not_be_done_is_told_in_a_sentence(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run(*(word.format(none=tmp_path / "none") for word in words))
    assert done.returncode != 0
    assert "Error: " in done.stderr
    assert "Traceback" not in done.stderr


def test_nobody_enters_as_the_demo_whose_windows_are_taken_out(run: Run, tmp_path: Path) -> None:
    done = run("import", str(sheet(tmp_path / "a.xlsx", GOOD)), "--by", "demo")
    assert done.returncode != 0
    assert "demo" in done.stderr
