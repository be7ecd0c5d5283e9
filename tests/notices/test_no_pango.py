"""A machine without Pango: what can be made is made, and what brings the rest is told."""

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.checks.machine import of_paper
from bot.cli import main
from bot.settings import settings
from scheduler.clock import now
from storage.database import Database
from tests.notices.broadcasting import a_cadre, approved, submitted


@pytest.fixture(autouse=True)
def no_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.notices.page.find_library", lambda _: None)


async def test_the_command_writes_the_texts_and_names_the_remedy(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGBAI_DATABASE_URL", database.url.render_as_string(hide_password=False))
    settings.cache_clear()
    by = await a_cadre(database)
    frozen = await approved(database, await submitted(database, by, now=now()), by, now())
    words = ["broadcast", "paper", frozen.number, "--folder", str(tmp_path)]
    told = await asyncio.to_thread(CliRunner().invoke, main, words)
    settings.cache_clear()
    assert told.exit_code == 1
    assert "no Pango. As root: apt-get install -y libpango-1.0-0" in told.stderr
    assert told.stdout.split() == [f"{tmp_path}/{frozen.number}-{name}.txt" for name in ("group", "loudspeaker")]


def test_the_check_notes_it_with_its_remedy() -> None:
    (found,) = of_paper()
    assert (found.level, "libpango-1.0-0" in found.remedy) == ("note", True)
