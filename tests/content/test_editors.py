"""The editor's way in: a new card, a look at a card, the text of a document."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.content_commands import content
from bot.settings import settings
from content.check import check
from content.library import Library, read_library
from content.new import skeleton
from content.programme import Programme
from content.source_text import Texts, clauses, squeeze
from tests.content.conftest import SOURCES
from tests.content.own import TEXT, write

needs_texts = pytest.mark.skipif(not SOURCES.exists(), reason="the documents are not at hand (../shared/sources)")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A deployment's own folder, named by the setting."""
    monkeypatch.setenv("MINGBAI_CONTENT", str(tmp_path / "own"))
    (tmp_path / "own").mkdir()
    settings.cache_clear()
    yield tmp_path / "own"
    settings.cache_clear()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(content, arguments)


def test_a_new_card_loads_and_its_comments_lead_to_what_is_missing(own: Path) -> None:
    made = run("new", "milk-tea", "--topic", "selling", "--name", '奶茶"补贴"：{一}, 二')
    assert made.exit_code == 0, made.output
    library = read_library(own)
    assert library.programmes["milk-tea"].name == '奶茶"补贴"：{一}, 二'
    missing = {one.rule for one in check(library) if "milk-tea" in one.file}
    assert {"few_claims", "few_phrasings", "unstated_empty"} <= missing


def test_the_empty_card_names_every_field_there_is(library: Library) -> None:
    text = skeleton(library, id_="milk-tea", topic="selling", name="奶茶补贴", today=date(2026, 11, 22))
    assert [field for field in Programme.model_fields if f"\n{field}:" not in text] == []


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("new", "dibao", "--topic", "low-income", "--name", "低保"), "已经有了"),
        (("new", "Milk Tea", "--topic", "selling", "--name", "奶茶补贴"), "不行"),
        (("new", "milk-tea", "--topic", "tea", "--name", "奶茶补贴"), "没有叫“tea”的话题"),
        (("new", "milk-tea", "--topic", "selling", "--name", "奶"), "不行"),
    ],
)
def test_nothing_is_written_where_it_would_harm(own: Path, arguments: tuple[str, ...], why: str) -> None:
    made = run(*arguments)
    assert made.exit_code != 0
    assert why in made.output
    assert not list(own.rglob("*.yaml"))


def test_a_new_card_never_takes_the_place_of_one_that_cant_be_read(own: Path) -> None:
    path = own / "programmes" / "selling" / "milk-tea.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("id: [", "utf-8")
    made = run("new", "milk-tea", "--topic", "selling", "--name", "奶茶补贴")
    assert made.exit_code != 0
    assert path.read_text("utf-8") == "id: ["


def test_a_card_is_shown_with_everything_behind_it(library: Library) -> None:
    card = library.programmes["grain-soy-insurance"]
    shown = run("show", card.id).output
    for part in (card.name, card.claims[0].says, card.claims[0].source.quote, card.before[0].says, card.phrasings[-1]):
        assert part in shown
    assert "2020年乌海" not in shown
    assert "2020年乌海" in run("show", card.id, "--place", "150300").output


def test_a_card_or_a_place_that_is_not_there_is_told(library: Library) -> None:
    assert "dibao" in run("show", "dibo").output
    assert "没有代码" in run("show", "dibao", "--place", "310000").output
    assert run("show", "stub-income-tax").exit_code == 0


@needs_texts
def test_a_document_that_a_deployment_holds_is_imported_with_every_clause(own: Path, library: Library) -> None:
    made = run("import-source", str(SOURCES / "nmg-2026.txt"), "--as", "nmg-2026")
    assert made.exit_code == 0, made.output
    held = Texts(own / "sources", library.documents)
    assert list(held) == ["nmg-2026"]
    assert "强化三大主粮、大豆完全成本和种植收入保险保障" in held["nmg-2026"]["16"]
    again = run("import-source", str(SOURCES / "nmg-2026.txt"), "--as", "nmg-2026")
    assert again.exit_code != 0
    assert "--replace" in again.output


@needs_texts
def test_a_document_in_pages_and_in_an_old_encoding_is_imported(own: Path, tmp_path: Path) -> None:
    text = (SOURCES / "nmg-2023.txt").read_text("utf-8")
    pages = tmp_path / "pages"
    pages.mkdir()
    for number, start in enumerate(range(0, len(text), 5000)):
        (pages / f"{number:02}.txt").write_bytes(text[start : start + 5000].encode("gb18030"))
    assert run("import-source", str(pages), "--as", "nmg-2023").exit_code == 0
    assert (own / "sources" / "nmg-2023.txt").exists()


def test_a_text_that_lacks_clauses_is_not_imported_and_each_is_named(own: Path, tmp_path: Path) -> None:
    write(own)
    half = tmp_path / "half.txt"
    half.write_text(TEXT.split("第二条")[0], "utf-8")
    made = run("import-source", str(half), "--as", "tongliao-2026", "--replace")
    assert made.exit_code != 0
    assert "第2条" in made.output
    assert "第1条" not in made.output
    assert (own / "sources" / "tongliao-2026.txt").read_text("utf-8") == TEXT


@pytest.mark.parametrize(
    ("arguments", "why"), [(("--as", "no-such"), "没有叫“no-such”的文件"), (("--as", "nmg-2026"), "没有 .txt")]
)
def test_what_cant_be_imported_is_told(own: Path, tmp_path: Path, arguments: tuple[str, ...], why: str) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    made = run("import-source", str(empty), *arguments)
    assert made.exit_code != 0
    assert why in made.output


def test_without_a_folder_of_its_own_a_deployment_is_told_to_name_one(tmp_path: Path) -> None:
    settings.cache_clear()
    assert "MINGBAI_CONTENT" in run("import-source", str(tmp_path), "--as", "nmg-2026").output


def test_a_text_is_read_only_when_it_is_asked_for(tmp_path: Path, library: Library) -> None:
    (tmp_path / "nmg-2026.txt").write_text("这不是那份文件", "utf-8")
    held = Texts(tmp_path, library.documents)
    assert len(held) == 1
    assert "nmg-2021" not in held


def test_a_clause_ends_where_the_next_begins(tmp_path: Path) -> None:
    write(tmp_path)
    document = read_library(tmp_path).documents["tongliao-2026"]
    cut = clauses(document, TEXT)
    assert cut["1"] == squeeze("第一条 养牛的农牧户，支持建设标准化牛舍，提高养牛水平。")
    assert cut["2"].startswith("第二条种草")
