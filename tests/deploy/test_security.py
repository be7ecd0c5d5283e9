"""The threat model names tests that are there, and says for each attacker what remains."""

import ast
import re
from functools import cache

import pytest

from tests.policy.house import ROOT

TEXT = (ROOT / "deploy" / "security.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", TEXT)))
ATTACKERS = re.findall(r"^## \d+\. (.+?)$(.*?)(?=^## )", TEXT, flags=re.MULTILINE | re.DOTALL)


@cache
def _tests(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_test_that_is_named_is_there() -> None:
    missing = [f"{path}::{name}" for path, name in NAMED if not (ROOT / path).exists() or name not in _tests(path)]
    assert not missing, "a test was renamed: name it anew in deploy/security.md, or take the claim away"


def test_nothing_that_looks_like_a_test_is_left_unread() -> None:
    assert len(re.findall(r"test_\w+\.py::", TEXT)) == len(re.findall(r"`tests/[\w/]+\.py::test_\w+`", TEXT))


@pytest.mark.parametrize(("who", "told"), ATTACKERS, ids=[who for who, _ in ATTACKERS])
def test_of_every_attacker_it_says_what_is_shown_and_what_remains(who: str, told: str) -> None:
    assert re.search(r"::test_\w+`", told), who
    assert "**Remains:**" in told, who


def test_nobody_whom_the_project_promised_to_think_of_is_left_out() -> None:
    expected = ["fake notice", "stolen staff phone", "collects residents", "poisons", "floods", "sybils", "curious"]
    expected += ["backup", "library"]
    headings = " ".join(who for who, _ in ATTACKERS)
    assert [one for one in expected if one not in headings] == []
