"""What the README and the design promise is there: settings, commands."""

import re
from collections.abc import Iterator
from typing import Any

import click
import pytest

from bot.cli import main
from bot.settings import PREFIX, Settings
from tests.policy.house import ROOT, SHARED

NOT_BUILT_YET: set[str] = set()
"""Commands that design.md §9 names and that come with later issues. A command that is there does not stand here."""


def readme() -> str:
    return (ROOT / "README.md").read_text("utf-8")


def test_the_settings_table_is_that_of_the_code() -> None:
    rows = dict(re.findall(rf"^\| `({PREFIX}\w+)` \| (.*) \|$", readme(), re.MULTILINE))
    wanted = {f"{PREFIX}{name.upper()}": _row(field) for name, field in Settings.model_fields.items()}
    assert rows == wanted, "README.md, settings: | `NAME` | `default` or *unset* | the description in bot/settings.py |"


def _row(field: Any) -> str:
    default = "*unset*" if field.default is None else f"`{field.default}`"
    return f"{default} | {field.description}"


def commands(group: click.Command, above: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command of the program: `content`, `content check`, …"""
    if above:
        yield " ".join(above)
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            inner = group.get_command(context, name)
            assert inner is not None
            yield from commands(inner, (*above, name))


def named_in(text: str) -> set[str]:
    """Every command that a text names after `mingbai`: `content check | coverage` are two of one group."""
    found = set()
    for line in re.findall(r"`mingbai ([^`]+)`((?: / `[a-z-]+`)*)", text):
        first, *others = re.split(r" \| | / ", (line[0] + line[1]).replace("`", ""))
        words = _words(first)
        found.add(" ".join(words))
        found |= {" ".join([*words[:-1], *_words(other)]) for other in others if _words(other)}
    return found - {""}


def _words(text: str) -> list[str]:
    """The words of a command, up to its first argument."""
    words = []
    for word in text.split():
        if not re.fullmatch(r"[a-z]+(?:-[a-z]+)*", word):
            break
        words.append(word)
    return words


def _missing(text: str) -> set[str]:
    there = set(commands(main))
    names = {one.removeprefix("mingbai ") for one in named_in(text)}
    known = there | NOT_BUILT_YET
    return {one for one in names if one not in known and one.split()[0] not in _with_arguments(there)}


def _with_arguments(there: set[str]) -> set[str]:
    """Commands that are no groups: what follows them is an argument, not a command (`mingbai ask 低保`)."""
    return {one for one in there if " " not in one and not any(other.startswith(f"{one} ") for other in there)}


def test_commands_are_found_however_they_are_named() -> None:
    text = "`mingbai content check | new`, `mingbai ask --stdin`, `mingbai content show` / `readability`, "
    text += "`mingbai a X | b`"
    assert named_in(text) == {"content check", "content new", "ask", "content show", "content readability", "a", "b"}


def test_every_command_of_the_readme_is_there() -> None:
    assert not _missing(readme()), "name only what can be run, or add it to NOT_BUILT_YET with the issue that brings it"


def test_every_command_of_the_editors_guide_is_there() -> None:
    assert not _missing((ROOT / "content" / "README.md").read_text("utf-8"))


@pytest.mark.parametrize("name", ["upgrade.md", "runbook.md"])
def test_every_command_of_the_operators_guides_is_there(name: str) -> None:
    guide = (ROOT / "deploy" / name).read_text("utf-8")
    assert not _missing(guide)
    typed = re.findall(r"^(?:MINGBAI_\w+=\S+ )?mingbai (.+)$", guide, re.MULTILINE)
    assert {" ".join(_words(one)) for one in typed} <= set(commands(main))


def test_every_command_of_the_design_is_there_or_known_to_be_missing() -> None:
    if not (SHARED / "design.md").exists():
        pytest.skip("the design is not at hand (../shared/design.md)")
    assert not _missing((SHARED / "design.md").read_text("utf-8"))


def test_what_is_built_is_not_called_missing() -> None:
    assert not set(commands(main)) & NOT_BUILT_YET


def test_every_command_says_what_it_does() -> None:
    silent = [name for name in commands(main) if not _help(name)]
    assert not silent


def _help(name: str) -> str | None:
    command: click.Command | None = main
    for word in name.split():
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), word)
    return command.help if command else None


def test_the_makefile_and_ci_run_commands_that_are_there() -> None:
    text = (ROOT / "Makefile").read_text("utf-8") + (ROOT / ".ci" / "run").read_text("utf-8")
    used = {" ".join(_words(rest)) for rest in re.findall(r"mingbai ((?:[a-z-]+ ?)+)", text)}
    assert {one for one in used if one} <= set(commands(main))
