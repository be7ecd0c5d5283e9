"""The tables of sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Said:
    """A sentence, and the kinds of plea of which any is right; none for a harmless one."""

    text: str
    kinds: frozenset[str] = frozenset()


def pleas(name: str = "said") -> list[Said]:
    """Sentences by kind; "text|kind" names another kind that is right too."""
    return [_plea(kind, line) for kind, line in _lines(name)]


def harmless(name: str = "alike") -> list[Said]:
    """Sentences that are no plea."""
    return [Said(line) for _, line in _lines(name)]


def _plea(kind: str, line: str) -> Said:
    text, *others = line.split("|")
    return Said(text, frozenset((kind, *others)))


def _lines(name: str) -> Iterator[tuple[str, str]]:
    table = yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))
    return ((group, line) for group, lines in table.items() for line in lines)
