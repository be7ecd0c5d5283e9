"""Many patterns as one: of hundreds, a text is held only against the few whose characters it has."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

COMMON = frozenset("我你他她人家的了不在有是一个这那钱地村没上下里去来给到要能吗咋啥着把被让叫过得")
"""Characters of most messages: a pattern is better known by its other ones."""

Needs = frozenset[str] | None
"""Any match holds one of these characters; None: there are none that could be named."""

Pattern = re.Pattern[str]


class Lines:
    """Patterns, each by the characters that it can't do without."""

    def __init__(self, patterns: Iterable[str]) -> None:
        """Take patterns apart where they offer a choice."""
        self._always: list[str] = []
        self._by_character: dict[str, list[str]] = {}
        for one in (choice for pattern in patterns for choice in choices(pattern)):
            wanted = needs(one)
            groups = [self._by_character.setdefault(each, []) for each in wanted] if wanted else [self._always]
            for group in groups:
                group.append(one)

    def hits(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """Every hit of every pattern between two places, also one inside another: 救命钱，救命."""
        stop = len(text) if end is None else min(end, len(text))
        for pattern in self._of(text[start:stop]):
            at = start
            while at <= stop and (hit := pattern.search(text, at, stop)):
                yield hit
                at = hit.start() + 1

    def any(self, text: str) -> bool:
        """Whether there is a hit."""
        return any(pattern.search(text) for pattern in self._of(text))

    def _of(self, text: str) -> Iterable[Pattern]:
        if self._by_character.keys().isdisjoint(text):  # most often, and quickly known
            return map(compiled, self._always)
        found = (self._by_character[character] for character in dict.fromkeys(text) if character in self._by_character)
        return map(compiled, dict.fromkeys([*self._always, *(pattern for group in found for pattern in group)]))


@cache
def compiled(pattern: str) -> Pattern:
    """Compile a pattern when a text first needs it; most are never needed in a short run."""
    return re.compile(pattern)


def choices(pattern: str) -> Iterator[str]:
    """The parts of a pattern between bars that stand in no bracket."""
    start = depth = 0
    for at, character in enumerate(pattern):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(character, 0) if pattern[at - 1 : at] != "\\" else 0
        if character == "|" and not depth and pattern[at - 1 : at] != "\\":
            yield pattern[start:at]
            start = at + 1
    yield pattern[start:]


def needs(pattern: str) -> Needs:
    """Find the rarest characters of which any match of a pattern holds at least one."""
    return _sequence(parser.parse(pattern))


def _sequence(items: Iterable[tuple[Any, Any]]) -> Needs:
    found = [one for one in (_item(op, value) for op, value in items) if one]
    return min(found, key=_commonness, default=None)


def _item(op: Any, value: Any) -> Needs:
    if op is ops.LITERAL:
        return frozenset(chr(value))
    if op is ops.IN:
        return frozenset(chr(at) for _, at in value) if all(kind is ops.LITERAL for kind, _ in value) else None
    if op is ops.BRANCH:
        return _any(_sequence(branch) for branch in value[1])
    if op is ops.SUBPATTERN:
        return _sequence(value[-1])
    return _sequence(value[2]) if op in (ops.MAX_REPEAT, ops.MIN_REPEAT) and value[0] else None


def _any(branches: Iterable[Needs]) -> Needs:
    """Of branches, one is matched: all their characters, if each has some."""
    each = list(branches)
    return frozenset[str]().union(*filter(None, each)) if all(one is not None for one in each) else None


def _commonness(characters: frozenset[str]) -> int:
    return sum(10 if one in COMMON else 1 for one in characters)
