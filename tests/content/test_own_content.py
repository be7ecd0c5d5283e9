"""A deployment's own folder (MINGBAI_CONTENT): taken up without a restart when it keeps the rules, else kept out."""

import os
import threading
import time
from pathlib import Path

import pytest

from bot import knowledge as module
from bot.dialogue.turn import Knowledge, Service
from bot.knowledge import EVERY, Held, checked, knowledge, stamp
from content.errors import Problem
from content.library import Library, read_library
from content.places import Places
from content.readability import Plain
from tests.content.own import CARD, TEXT, write

SERVICE = Service("测试", "12345")


class NoSearch:
    """Stands for the index, which takes seconds to learn a folder's words and is not what these tests are about."""

    def __init__(self, library: Library, **_: object) -> None:
        self.library = library


class Reports(list[tuple[Path, list[Problem]]]):
    """What was reported, in order."""

    def __call__(self, own: Path, problems: list[Problem]) -> None:
        self.append((own, problems))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, plain: Plain) -> None:
    monkeypatch.setattr(module, "Search", NoSearch)
    monkeypatch.setattr(Plain, "load", lambda: plain)
    places = Places.load()
    monkeypatch.setattr(Places, "load", lambda: places)


@pytest.fixture
def reports() -> Reports:
    return Reports()


def ids(know: Knowledge) -> set[str]:
    return set(know.library.programmes)


def held(own: Path, reports: Reports, now: list[float]) -> Held:
    return Held(SERVICE, own=own, report=reports, clock=lambda: now[0])


def test_an_own_folder_that_keeps_the_rules_is_served_at_once(tmp_path: Path, reports: Reports) -> None:
    write(tmp_path)
    know = knowledge(SERVICE, own=tmp_path, report=reports)
    assert reports == []
    assert "tongliao-cattle" in ids(know)
    assert "牛舍" in know.texts["tongliao-2026"]["1"]


def test_at_start_a_folder_with_problems_is_kept_out_loudly_and_the_package_serves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, CARD.replace("要支持农牧户建设牛舍", "给您家五万元盖牛舍"))
    know = knowledge(SERVICE, own=tmp_path)
    assert ids(know) == set(read_library().programmes)
    told = capsys.readouterr().err
    assert "tongliao-cattle.yaml" in told
    assert "五万" in told


@pytest.mark.parametrize("broken", ["id: [", "- 一", "id: x\n"])
def test_a_file_that_cant_be_read_keeps_the_folder_out(tmp_path: Path, reports: Reports, broken: str) -> None:
    write(tmp_path).write_text(broken, "utf-8")
    assert ids(knowledge(SERVICE, own=tmp_path, report=reports)) == set(read_library().programmes)
    assert len(reports) == 1


def test_a_folder_that_is_not_there_is_a_problem_and_not_silence(tmp_path: Path, reports: Reports) -> None:
    knowledge(SERVICE, own=tmp_path / "typo", report=reports)
    assert [one.rule for one in reports[0][1]] == ["no_folder"]


def test_an_own_quote_is_held_to_the_imported_text(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "sources" / "tongliao-2026.txt").write_text(TEXT.replace("标准化牛舍", "标准化羊舍"), "utf-8")
    found = checked(tmp_path)
    assert not isinstance(found, Library)
    assert "quote_missing" in {one.rule for one in found}
    (tmp_path / "sources" / "tongliao-2026.txt").unlink()
    found = checked(tmp_path)
    assert not isinstance(found, Library)
    assert "quote_unsealed" in {one.rule for one in found}


def test_the_cards_of_the_package_hold_whatever_scan_a_deployment_imports(tmp_path: Path) -> None:
    """Another scan has other errors; our quotes were checked against ours, and their digests say so."""
    write(tmp_path)
    document = read_library().documents["nmg-2026"]
    marks = "\n".join(clause.mark for clause in document.clauses)
    (tmp_path / "sources" / "nmg-2026.txt").write_text(marks, "utf-8")
    assert isinstance(checked(tmp_path), Library)


def test_templates_topics_and_rules_of_a_folder_are_not_read(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "topics.yaml").write_text("- {id: evil, name: 坏, about: 坏}\n", "utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "card.j2").write_text("{{ 1/0 }}", "utf-8")
    found = checked(tmp_path)
    assert isinstance(found, Library)
    assert "evil" not in found.topics


def test_a_change_is_taken_up_without_a_restart(tmp_path: Path, reports: Reports) -> None:
    now = [0.0]
    know = held(tmp_path, reports, now)
    before = know()
    write(tmp_path)
    know.look()
    assert "tongliao-cattle" not in ids(before)
    assert "tongliao-cattle" in ids(know())
    assert reports == []


def test_an_invalid_change_is_kept_out_and_told_once(tmp_path: Path, reports: Reports) -> None:
    path = write(tmp_path)
    know = held(tmp_path, reports, [0.0])
    good = know()
    path.write_text("id: [", "utf-8")
    know.look()
    know.look()
    assert know() is good
    assert len(reports) == 1
    write(tmp_path)
    os.utime(path, ns=(1, 1))  # the same words as before, saved anew: no problem any more
    know.look()
    assert "tongliao-cattle" in ids(know())
    assert len(reports) == 1


def test_a_folder_that_is_emptied_leaves_the_package(tmp_path: Path, reports: Reports) -> None:
    path = write(tmp_path)
    know = held(tmp_path, reports, [0.0])
    path.unlink()
    know.look()
    assert ids(know()) == set(read_library().programmes)


def test_the_folder_is_looked_at_at_most_every_few_seconds_and_never_by_the_answer(
    tmp_path: Path, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, looks = [0.0], []
    know = held(tmp_path, reports, now)
    monkeypatch.setattr(Held, "look", lambda self: looks.append(threading.current_thread().name))
    for second in (0.0, EVERY - 0.1, EVERY, EVERY + 0.1, 2 * EVERY - 0.1, 2 * EVERY):
        now[0] = second
        know()
    deadline = time.monotonic() + 60
    while len(looks) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert looks == ["own-content", "own-content"]


def test_a_folder_that_changes_while_it_is_read_is_left_for_the_next_look(
    tmp_path: Path, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    know = held(tmp_path, reports, [0.0])
    good = know()
    path = write(tmp_path)

    def slow(own: Path) -> Library | list[Problem]:
        found = checked(own)
        path.write_text(path.read_text("utf-8") + "# 还在写\n", "utf-8")
        return found

    monkeypatch.setattr(module, "checked", slow)
    know.look()
    assert know() is good
    monkeypatch.setattr(module, "checked", checked)
    know.look()
    assert "tongliao-cattle" in ids(know())


def test_whatever_goes_wrong_the_content_in_use_stays(
    tmp_path: Path, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    know = held(tmp_path, reports, [0.0])
    good = know()
    write(tmp_path)

    def breaks(own: Path) -> Library:
        raise OSError("the disk is gone")

    monkeypatch.setattr(module, "checked", breaks)
    know.look()
    assert know() is good


def test_without_an_own_folder_there_is_nothing_to_look_at(reports: Reports) -> None:
    know = Held(SERVICE, report=reports)
    know.look()
    assert know() is know()
    assert stamp(None) == ()
