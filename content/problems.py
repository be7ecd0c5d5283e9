"""Word a problem: the sentences are in `content/words/problems.yaml`, in Chinese, for editors."""

from functools import cache
from pathlib import Path

import yaml

from content.errors import Problem

_FILE = Path(__file__).parent / "words" / "problems.yaml"


@cache
def _sentences() -> dict[str, dict[str, str]]:
    """Read the wording once, and only when something is wrong."""
    sentences: dict[str, dict[str, str]] = yaml.load(_FILE.read_text("utf-8"), yaml.CSafeLoader)
    return sentences


def problem(rule: str, file: str, field: str, line: int | None = None, **facts: object) -> Problem:
    """Make the problem of `rule`; `facts` fill the sentence."""
    sentence = _sentences()[rule]
    return Problem(file, line, field, rule, sentence["what"].format(**facts), sentence["remedy"].format(**facts))
