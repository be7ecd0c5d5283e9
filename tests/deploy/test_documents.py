"""The documents of `deploy/`: what they lead to is there, commands of the Chinese ones too, with options that exist."""

import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import click
import pytest

from bot.cli import main
from bot.settings import Settings
from tests.policy.house import ROOT

DOCUMENTS = sorted((ROOT / "deploy").glob("*.md"))


def _name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "README.md"], ids=_name)
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text("utf-8"))
    assert [one for one in links if not (document.parent / one).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_setting_that_is_named_exists(document: Path) -> None:
    known = {f"MINGBAI_{name.upper()}" for name in Settings.model_fields}
    named = set(re.findall(r"MINGBAI_[A-Z_]+[A-Z]", document.read_text("utf-8")))
    assert named <= known


def _typed(text: str) -> Iterator[list[str]]:
    """The commands of `mb …`, which is `mingbai …` as the service's user, in blocks and in lines."""
    for line in re.findall(r"(?:^|`)mb ([^`\n]+)", text, re.MULTILINE):
        yield shlex.split(line, comments=True)


@pytest.mark.parametrize("words", list(_typed((ROOT / "deploy" / "operator.zh.md").read_text("utf-8"))), ids=" ".join)
def test_every_command_for_the_one_who_keeps_the_machine_is_there(words: list[str]) -> None:
    found: click.Command = main
    context = click.Context(main)
    while isinstance(found, click.Group) and words:
        below = found.get_command(context, words[0])
        assert below is not None, words
        found, words = below, words[1:]
    options = {option for one in found.params for option in one.opts}
    assert {one for one in words if one.startswith("--")} <= options


def test_no_backup_has_a_fixed_name_and_what_deletes_old_ones_meets_them_all() -> None:
    """A second one of the same name is refused, and one that stays holds what residents took back."""
    text = "".join(path.read_text("utf-8") for path in (*DOCUMENTS, *(ROOT / "deploy").glob("systemd/*.service")))
    names = [Path(one).name for one in re.findall(r'db backup "?(\S+\$\(.+?\)\.\w+|\S+\.\w+)', text)]
    deleted = re.findall(r"""-name ["'](\S+)["'] -mtime \+\d+ -delete""", text)
    assert len(names) >= len(deleted) == 2
    assert [one for one in names if "$(date" not in one or not any(fnmatch(one, like) for like in deleted)] == []


def test_the_same_system_packages_are_named_everywhere() -> None:
    from bot.notices.page import REMEDY

    packages = [one for one in REMEDY.split() if one.startswith(("lib", "fonts"))]
    for name in ("deploy/install.md", "deploy/operator.zh.md", "deploy/Dockerfile", "Makefile"):
        text = (ROOT / name).read_text("utf-8")
        assert [one for one in packages if one not in text] == [], name


def test_the_guides_are_named_in_the_front_door() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert [path.name for path in DOCUMENTS if f"deploy/{path.name}" not in text] == []
