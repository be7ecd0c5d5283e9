"""What an editor is told of a file that can't be read: file, line, field, remedy, in Chinese; and of all at once."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from content.errors import InvalidContent, Problem
from content.library import read_library
from tests.content.own import write

Spoil = Callable[[Path], object]


def problems(own: Path) -> list[Problem]:
    with pytest.raises(InvalidContent) as told:
        read_library(own)
    return told.value.problems


def edit(old: str, new: str) -> Spoil:
    def spoil(path: Path) -> None:
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return spoil


@pytest.mark.parametrize(
    ("spoil", "rule", "field", "line"),
    [
        (edit("topic: livestock", "topic: [livestock"), "yaml", "", 3),
        (edit("short: 通辽养牛", "short: 通辽养牛\nshort: 养牛"), "yaml", "", 1),
        (edit("short: 通辽养牛", "short: 通辽养牛的牛舍到底怎么盖才给钱"), "string_too_long", "short", 4),
        (edit("short: 通辽养牛\n", ""), "missing", "short", 1),
        (edit("short: 通辽养牛", "short: 通辽养牛\nshrot: 养牛"), "extra_forbidden", "shrot", 5),
        (edit("standing: last_word", "standing: maybe"), "enum", "standing", 6),
        (edit("name: 通辽养牛牛舍支持", "name: [通辽]"), "string_type", "name", 3),
        (edit("name: 通辽养牛牛舍支持", "name: 牛"), "string_too_short", "name", 3),
        (edit('places: ["150500"]', 'places: ["15"]'), "string_pattern_mismatch", "places.0", 5),
        (edit("checked_on: 2026-11-22", "checked_on: 去年"), "date", "checked_on", None),
        (edit("养牛的农牧户，支持建设标准化牛舍}", "养牛的农牧户,支持建设标准化牛舍}"), "extra_forbidden", None, 9),
        (lambda path: path.write_bytes(path.read_text("utf-8").encode("gb18030")), "utf8", "", None),
        (lambda path: path.write_text("- 一\n- 二\n", "utf-8"), "shape", "", None),
        (lambda path: path.write_text("", "utf-8"), "shape", "", None),
    ],
)
def test_a_spoiled_file_is_told_with_its_place_and_its_remedy(
    tmp_path: Path, spoil: Spoil, rule: str, field: str | None, line: int | None
) -> None:
    spoil(write(tmp_path))
    found = next(one for one in problems(tmp_path) if one.rule == rule)
    assert found.file == "programmes/livestock/tongliao-cattle.yaml"
    assert field is None or found.field == field
    assert line is None or found.line == line
    assert re.search("[一-鿿]{2}", found.what)
    assert re.search("[一-鿿]{2}", found.remedy)


def test_an_unquoted_comma_in_braces_gets_the_hint_that_mends_it(tmp_path: Path) -> None:
    """`quote: 甲,乙}` is read as a key 乙 of its own, and "no such field" alone puzzled every editor."""
    edit("养牛的农牧户，支持建设标准化牛舍}", "养牛的农牧户,支持建设标准化牛舍}")(write(tmp_path))
    (found,) = problems(tmp_path)
    assert "逗号" in found.remedy
    assert "引号" in found.remedy


def test_a_file_in_the_wrong_folder_is_told_where_it_belongs(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "programmes" / "loan").mkdir()
    path.rename(tmp_path / "programmes" / "loan" / path.name)
    (found,) = problems(tmp_path)
    assert found.rule == "file_name"
    assert "programmes/livestock/tongliao-cattle.yaml" in found.what


def test_two_files_of_one_folder_with_one_id_are_told(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.with_name("tongliao-cattle-2.yaml").write_text(path.read_text("utf-8"), "utf-8")
    assert {one.rule for one in problems(tmp_path)} == {"same_id", "file_name"}


def test_an_own_file_may_take_the_place_of_a_card_of_the_package(tmp_path: Path) -> None:
    path = tmp_path / "programmes" / "insurance" / "grain-soy-insurance.yaml"
    path.parent.mkdir(parents=True)
    package = Path(__file__).parents[2] / "content" / "programmes" / "insurance" / "grain-soy-insurance.yaml"
    path.write_text(package.read_text("utf-8").replace("short: 粮食大豆保险", "short: 本地粮食保险"), "utf-8")
    library = read_library(tmp_path)
    assert library.programmes["grain-soy-insurance"].short == "本地粮食保险"
    assert len(library.programmes) == len(read_library().programmes)


def test_the_problems_of_many_files_come_together_and_no_other_is_lost(tmp_path: Path) -> None:
    path = write(tmp_path)
    text = path.read_text("utf-8")
    for number, (old, new) in enumerate([("short: 通辽养牛\n", ""), ("standing: last_word", "standing: maybe")]):
        path.with_name(f"bad-{number}.yaml").write_text(text.replace(old, new), "utf-8")
    edit("topic: livestock", "topic: [livestock")(path)
    found = problems(tmp_path)
    assert [one.rule for one in found] == ["missing", "enum", "yaml"]
    assert found == sorted(found)


def test_the_problems_of_one_file_come_together(tmp_path: Path) -> None:
    path = write(tmp_path)
    edit("short: 通辽养牛\n", "")(path)
    edit("standing: last_word", "standing: maybe")(path)
    assert {one.field for one in problems(tmp_path)} == {"short", "standing"}


@pytest.mark.parametrize("table", ["sources.yaml", "contacts.yaml"])
def test_a_table_is_told_like_a_programme(tmp_path: Path, table: str) -> None:
    write(tmp_path)
    (tmp_path / table).write_text("- {id: Bad Id}\n", "utf-8")
    found = problems(tmp_path)
    assert {one.file for one in found} == {table}
    assert "string_pattern_mismatch" in {one.rule for one in found}


@pytest.mark.xfail(strict=True, reason="content/library.py reads programmes, then each table, and stops at the first")
def test_a_bad_programme_and_a_bad_table_are_told_together(tmp_path: Path) -> None:
    edit("short: 通辽养牛\n", "")(write(tmp_path))
    (tmp_path / "contacts.yaml").write_text("- {id: Bad Id}\n", "utf-8")
    assert {one.file for one in problems(tmp_path)} == {"contacts.yaml", "programmes/livestock/tongliao-cattle.yaml"}


@pytest.mark.xfail(strict=True, reason="content/library.py looks where files lie only once all of them can be read")
def test_a_misplaced_file_is_told_beside_one_that_cant_be_read(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.with_name("other-name.yaml").write_text(path.read_text("utf-8"), "utf-8")
    edit("topic: livestock", "topic: [livestock")(path)
    assert {one.rule for one in problems(tmp_path)} == {"yaml", "file_name"}


@pytest.mark.xfail(strict=True, raises=ValueError, reason="content/yaml_file.py lets PyYAML's ValueError through")
def test_a_day_that_is_not_in_the_calendar_is_told(tmp_path: Path) -> None:
    edit("checked_on: 2026-11-22", "checked_on: 2026-13-45")(write(tmp_path))
    problems(tmp_path)


@pytest.mark.xfail(
    strict=True, reason="content/load.py words only some kinds of error; the rest keep pydantic's English"
)
def test_a_value_of_another_kind_is_told_in_chinese(tmp_path: Path) -> None:
    edit("unstated: [amount, how, where]", "unstated: amount")(write(tmp_path))
    (found,) = problems(tmp_path)
    assert not re.search("[a-z]{4}", found.what)
