"""Hear a plea for help: in dialect, in wrong characters, in pinyin, anywhere in a long story."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from content.search.fold import MAX_LENGTH, WORDS, fold
from content.search.sounds import syllables

AROUND = 18
"""Characters before and after a hit that may show it to be harmless."""

_MARKS = re.compile(r"[^\w\s]+|\n+")
_PIECE = re.compile(r"<([a-z]+)>")


@dataclass(frozen=True)
class _Kind:
    name: str
    sure: re.Pattern[str]
    said: re.Pattern[str]
    only: re.Pattern[str]
    sounds: re.Pattern[str]


@dataclass(frozen=True)
class _Table:
    harmless: re.Pattern[str]
    now: re.Pattern[str]
    kinds: tuple[_Kind, ...]


@cache
def _table() -> _Table:
    raw = yaml.load((WORDS / "pleas.yaml").read_text("utf-8"), yaml.CSafeLoader)
    pieces = raw["pieces"]
    kinds = tuple(_kind(row, pieces) for row in raw["kinds"])
    return _Table(_any(raw["harmless"], pieces), _any(raw["now"], pieces), kinds)


def _kind(row: Mapping[str, Any], pieces: Mapping[str, str]) -> _Kind:
    said = (_any(row.get(part, ()), pieces) for part in ("sure", "said", "not"))
    return _Kind(row["kind"], *said, _sounding(row["sounds"]))


def _any(patterns: Iterable[str], pieces: Mapping[str, str]) -> re.Pattern[str]:
    """One pattern for many lines; <name> becomes its piece. No lines: a pattern that never matches."""
    joined = "|".join(patterns) or "(?!)"
    while _PIECE.search(joined):
        joined = _PIECE.sub(lambda hit: f"(?:{pieces[hit[1]]})", joined)
    return re.compile(joined)


def _sounding(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern over syllables: 老公…打我 → `lao gong( \\w+){0,3} da wo`."""
    parts = ((" ".join(syllables(part)) for part in phrase.split("…")) for phrase in phrases)
    joined = "|".join(r"(?: \w+){0,3} ".join(part) for part in parts)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)")


def plea(text: str) -> str | None:
    """Name the kind of plea for help in a text, if it is one."""
    clauses = [fold(piece) for clause in _MARKS.split(text) for piece in _pieces(clause)]
    copy = "|".join(clause.replace(" ", "") for clause in clauses)
    aloud = " | ".join(" ".join(syllables(clause)) for clause in clauses)
    return next((kind.name for kind in _table().kinds if _pleads(kind, copy, aloud)), None)


def _pieces(clause: str) -> Iterable[str]:
    """Pieces that are folded whole: of a longer text, folding looks only at both ends."""
    return (clause[start : start + MAX_LENGTH] for start in range(0, len(clause), MAX_LENGTH))


def _pleads(kind: _Kind, copy: str, aloud: str) -> bool:
    if kind.sure.search(copy) or kind.sounds.search(aloud):
        return True
    return any(not _harmless(kind, copy, hit) for hit in kind.said.finditer(copy))


def _harmless(kind: _Kind, copy: str, hit: re.Match[str]) -> bool:
    """Whether the words around a hit show that it is a question about a policy, or about beasts."""
    around = copy[max(0, hit.start() - AROUND) : hit.end() + AROUND]
    if kind.only.search(around):
        return True
    return bool(_table().harmless.search(around)) and not _table().now.search(around)
