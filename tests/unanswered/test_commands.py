"""What editors do with questions that found no card: list, drop, make one a phrasing."""

import asyncio
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from bot import settings as settings_module
from bot.cli import main
from bot.settings import Settings
from bot.stores import opened
from content.library import read_library
from content.phrase import with_phrasing
from storage import unanswered
from storage.database import Database
from storage.unanswered import Unanswered

DAY = date(2026, 11, 22)


@pytest.fixture
def data(database: Database, database_folder: Path) -> Path:
    """A deployment's data folder; its server runs, and its tables are empty."""
    return database_folder


class Editor:
    """Somebody at the command line of one deployment."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, data: Path, content: Path | None) -> None:
        monkeypatch.setenv("MINGBAI_DATA", str(data))
        if content is not None:
            monkeypatch.setenv("MINGBAI_CONTENT", str(content))
        settings_module.settings.cache_clear()
        self.settings = Settings()

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["search", "unanswered", *words])

    def keep(self, *texts: str) -> None:
        async def run() -> None:
            async with opened(self.settings) as database, database.begin() as conn:
                await unanswered.keep(conn, texts, day=DAY)
                await unanswered.count(conn, {"livestock": 12}, day=DAY)

        asyncio.run(run())

    def kept(self) -> list[Unanswered]:
        async def run() -> list[Unanswered]:
            async with opened(self.settings) as database, database.begin() as conn:
                return await unanswered.texts(conn)

        return asyncio.run(run())


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "own").mkdir()
    return tmp_path / "own"


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch, data: Path, own: Path) -> Iterator[Editor]:
    yield Editor(monkeypatch, data, own)
    settings_module.settings.cache_clear()


def test_texts_are_listed_with_the_cards_nearest_to_them(editor: Editor) -> None:
    editor.keep("养鹿要不要办证", "种薰衣草有扶持吗")
    told = json.loads(editor.run("list", "--json").output)
    (first, second) = told["texts"]
    assert {first["text"], second["text"]} == {"养鹿要不要办证", "种薰衣草有扶持吗"}
    assert first["on"] == "2026-11-22"
    assert len(first["near"]) == 3
    assert told["counts"] == [{"month": "2026-11", "topic": "livestock", "times": 10}]


def test_the_list_is_told_in_words_too(editor: Editor) -> None:
    assert "没有留下的问法" in editor.run("list").output
    editor.keep("养鹿要不要办证")
    told = editor.run("list").output
    assert "养鹿要不要办证" in told
    assert "养牛养羊  约10次" in told


def test_a_text_is_dropped_and_a_wrong_id_is_told(editor: Editor) -> None:
    editor.keep("养鹿要不要办证")
    (one,) = editor.kept()
    assert editor.run("drop", one.id).exit_code == 0
    assert editor.kept() == []
    refused = editor.run("drop", one.id)
    assert refused.exit_code == 1
    assert one.id in refused.output


def test_a_text_becomes_a_phrasing_in_the_own_folder(editor: Editor, own: Path) -> None:
    editor.keep("鸵鸟蛋孵化给不给补贴")
    (one,) = editor.kept()
    done = editor.run("phrase", one.id, "breeding-subsidy")
    assert done.exit_code == 0, done.output
    written = own / "programmes" / "subsidy" / "breeding-subsidy.yaml"
    before = read_library().programmes["breeding-subsidy"].phrasings
    assert yaml.safe_load(written.read_text("utf-8"))["phrasings"] == ["鸵鸟蛋孵化给不给补贴", *before]
    assert editor.kept() == []


def test_a_phrasing_of_another_programme_is_refused_and_nothing_is_written(editor: Editor, own: Path) -> None:
    taken = read_library().programmes["dibao"].phrasings[0]
    editor.keep("鸵鸟蛋孵化给不给补贴")
    (one,) = editor.kept()
    refused = editor.run("phrase", one.id, "breeding-subsidy", "--as", taken)
    assert refused.exit_code == 1
    assert not list(own.rglob("*.yaml"))
    assert editor.kept() == [one]


def test_a_text_with_gaps_wants_the_whole_words(editor: Editor, own: Path) -> None:
    editor.keep("某地养几头鸵鸟有补贴吗")
    (one,) = editor.kept()
    assert "--as" in editor.run("phrase", one.id, "breeding-subsidy").output
    assert editor.run("phrase", one.id, "breeding-subsidy", "--as", "养鸵鸟有补贴吗").exit_code == 0
    assert "养鸵鸟有补贴吗" in next(own.rglob("*.yaml")).read_text("utf-8")


def test_an_unknown_programme_or_id_is_told(editor: Editor) -> None:
    editor.keep("鸵鸟蛋孵化给不给补贴")
    (one,) = editor.kept()
    assert editor.run("phrase", one.id, "ostrich").exit_code == 1
    assert editor.run("phrase", "0000", "dibao").exit_code == 1
    assert editor.kept() == [one]


def test_without_an_own_folder_the_line_for_the_project_is_printed(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    monkeypatch.delenv("MINGBAI_CONTENT", raising=False)
    editor = Editor(monkeypatch, data, None)
    editor.keep("鸵鸟蛋孵化给不给补贴")
    (one,) = editor.kept()
    told = editor.run("phrase", one.id, "breeding-subsidy").output
    assert "\n- 鸵鸟蛋孵化给不给补贴" in told
    assert "breeding-subsidy.yaml" in told
    assert editor.kept() == [one]
    settings_module.settings.cache_clear()


@pytest.mark.parametrize("said", ["养鹿给补贴吗", "110: 谁管", "no", "#1", "'养鹿'", "- 养鹿", '"养"', "12", "*a"])
def test_whatever_is_added_is_read_as_it_was_written(said: str) -> None:
    file = "id: x\nphrasings:  # ways\n    - 一\n    - 二\nconditions: {}\n"
    assert yaml.safe_load(with_phrasing(file, said))["phrasings"] == [said, "一", "二"]
    assert with_phrasing(file, said).count("\n") == file.count("\n") + 1


def test_a_file_without_a_list_of_phrasings_is_left_alone() -> None:
    with pytest.raises(ValueError, match="phrasings"):
        with_phrasing("id: x\nphrasings: [一]\n", "二")
