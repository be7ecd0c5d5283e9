"""`mingbai ask --stdin`: whatever stands in one line, the others are answered; each error says which line it was."""

import json
from typing import Any

import click
import pytest
from click.testing import CliRunner

from bot import ask_command, serve_commands
from bot.ask_command import ask
from bot.dialogue.turn import Knowledge
from bot.serve_commands import chat

GOOD = '{"id": "good", "turns": ["低保咋申请"], "region": "150600"}'.encode()


@pytest.fixture
def runner(know: Knowledge, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    for module in (ask_command, serve_commands):
        monkeypatch.setattr(module, "knowledge", lambda *_, **__: know)
    return CliRunner()


def answered(runner: CliRunner, *lines: bytes) -> list[dict[str, Any]]:
    done = runner.invoke(ask, ["--stdin"], input=b"\n".join(lines))
    assert done.exception is None
    return [json.loads(line) for line in done.stdout_bytes.decode("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("line", "id_", "why"),
    [
        ('{"id": "a", "turns": ["低保咋申请"]}'.encode("gbk"), None, "not in UTF-8"),
        (b"[" * 3000, None, "RecursionError"),
        (b'{"id": "a", "turns": ["x"]', None, "JSONDecodeError"),
        (b"[]", None, "AttributeError"),
        (b'{"id": "a"}', "a", "'turns'"),
        (b'{"id": 7, "turns": []}', 7, "turns: at least one"),
        (b'{"id": "a", "turns": ["x"], "region": "999999"}', "a", "999999"),
        (b'{"id": "\\ud83d", "turns": []}', "\ud83d", "turns: at least one"),
        (b'{"id": [[]], "turns": []}', None, "turns: at least one"),
    ],
)
def test_a_line_that_is_no_good_gets_an_error_in_its_place_and_the_rest_go_on(
    runner: CliRunner, line: bytes, id_: object, why: str
) -> None:
    bad, good = answered(runner, line, GOOD)
    assert bad["id"] == id_
    assert bad["error"].startswith("line 1: ")
    assert why in bad["error"]
    assert (good["id"], good["kind"]) == ("good", "answer")


def test_half_a_character_in_an_id_comes_back_as_it_came(runner: CliRunner) -> None:
    half, good = answered(runner, GOOD.replace(b"good", b"\\ud83d"), GOOD)
    assert half == good | {"id": "\ud83d"}


@pytest.mark.parametrize(("command", "words"), [(ask, ["低保咋申请"]), (chat, [])])
def test_a_place_that_is_none_is_told_in_a_sentence(
    runner: CliRunner, command: click.Command, words: list[str]
) -> None:
    done = runner.invoke(command, [*words, "--place", "999999"])
    assert isinstance(done.exception, SystemExit)
    assert "999999" in done.output
