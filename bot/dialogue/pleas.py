"""Hear a plea for help: in dialect, in wrong characters, in pinyin, anywhere in a long story."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from bot.dialogue.lines import Lines
from content.search.fold import MAX_LENGTH, WORDS, fold
from content.search.sounds import syllables

AROUND = 18
"""Characters before and after a hit that may show it to be harmless."""

NEXT = 8
"""Characters before and after a hit in which words that only look alike may begin and end."""

_MARKS = re.compile(r"[^\w\s]+|\n+")
_LETTERS = re.compile(r"[^a-z]+")
_PIECE = re.compile(r"<([a-z]+)>")


@dataclass(frozen=True)
class _Kind:
    """How one kind is heard; see content/words/pleas.yaml. `no` holds its own words, `weak` the common groups."""

    name: str
    sure: Lines
    said: Lines
    alike: Lines
    no: Lines
    weak: Lines
    sounds: re.Pattern[str]
    typed: re.Pattern[str]


@dataclass(frozen=True)
class _Clause:
    """What stands between two marks: its characters without spaces, its syllables, those typed as letters."""

    copy: str
    aloud: str
    typed: str

    @classmethod
    def of(cls, text: str) -> "_Clause":
        folded = fold(text).replace("著", "着")
        letters = _LETTERS.sub(" ", folded)
        return cls(folded.replace(" ", ""), " ".join(syllables(folded)), " ".join(syllables(letters)))


@dataclass(frozen=True)
class _Table:
    kinds: tuple[_Kind, ...]
    now: Lines


@cache
def _table() -> _Table:
    raw = yaml.load((WORDS / "pleas.yaml").read_text("utf-8"), yaml.CSafeLoader)
    pieces = raw["pieces"]
    kinds = (_kind(row, raw["harmless"], pieces) for row in raw["kinds"])
    return _Table(tuple(kinds), _lines(raw["now"], pieces))


def _kind(row: Mapping[str, Any], groups: Mapping[str, list[str]], pieces: Mapping[str, str]) -> _Kind:
    sure, said, alike, no = (_lines(row[part], pieces) for part in ("sure", "said", "alike", "not"))
    weak = _lines((line for name in row["harmless"] for line in groups[name]), pieces)
    return _Kind(row["kind"], sure, said, alike, no, weak, _sounding(row["sounds"]), _sounding(row["typed"]))


def _lines(lines: Iterable[str], pieces: Mapping[str, str]) -> Lines:
    return Lines(whole(line, pieces) for line in lines)


def whole(line: str, pieces: Mapping[str, str]) -> str:
    """Put in the pieces for <name>."""
    while _PIECE.search(line):
        line = _PIECE.sub(lambda hit: f"(?:{pieces[hit[1]]})", line)
    return line


def _sounding(phrases: Iterable[str]) -> re.Pattern[str]:
    r"""A pattern over syllables: 老公…打我 is `lao gong(?: \w+){0,3} da wo`."""
    parts = ((" ".join(syllables(part)) for part in phrase.split("…")) for phrase in phrases)
    joined = "|".join(r"(?: \w+){0,3} ".join(part) for part in parts)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)")


def plea(text: str) -> str | None:
    """Name the kind of plea for help in a text, if it is one."""
    said = _clauses(text)
    copy = _copy(said)
    return next((kind.name for kind in _table().kinds if _cries(kind, copy) or _sounds_so(kind, said)), None)


def met(text: str) -> bool:
    """Whether some pattern knows the text, be it a plea or not: 救命钱."""
    copy = _copy(_clauses(text))
    return any(kind.sure.any(copy) or kind.said.any(copy) for kind in _table().kinds)


def _clauses(text: str) -> list[_Clause]:
    return [_Clause.of(piece) for clause in _MARKS.split(text) for piece in _pieces(clause)]


def _pieces(clause: str) -> Iterator[str]:
    """Pieces that are folded whole: of a longer text, folding looks only at both ends."""
    return (clause[start : start + MAX_LENGTH] for start in range(0, len(clause), MAX_LENGTH))


def _copy(clauses: Iterable[_Clause]) -> str:
    return "|".join(clause.copy for clause in clauses)


def _cries(kind: _Kind, copy: str) -> bool:
    """Whether the characters plead."""
    if any(not _alike(kind, copy, hit) for hit in kind.sure.hits(copy)):
        return True
    return any(not _harmless(kind, copy, hit) for hit in kind.said.hits(copy))


def _sounds_so(kind: _Kind, clauses: Iterable[_Clause]) -> bool:
    """Whether a clause sounds like a plea, and nothing in it says that it is none."""
    heard = (one for one in clauses if kind.sounds.search(one.aloud) or kind.typed.search(one.typed))
    return any(not any(lines.any(one.copy) for lines in (kind.alike, kind.no, kind.weak)) for one in heard)


def _alike(kind: _Kind, copy: str, hit: re.Match[str]) -> bool:
    """Whether a hit is part of words that only look so."""
    near = kind.alike.hits(copy, max(0, hit.start() - NEXT), hit.end() + NEXT)
    return any(one.start() < hit.end() and hit.start() < one.end() for one in near)


def _harmless(kind: _Kind, copy: str, hit: re.Match[str]) -> bool:
    """Whether the words around a hit show that it is a question about a policy, or about beasts."""
    around = copy[max(0, hit.start() - AROUND) : hit.end() + AROUND]
    if _alike(kind, copy, hit) or kind.no.any(around):
        return True
    return kind.weak.any(around) and not _table().now.any(around)
