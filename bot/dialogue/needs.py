"""Which characters a pattern can't do without, so that most patterns need not be tried on most texts."""

import re
from collections.abc import Iterable
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

COMMON = frozenset("我你他她人家的了不在有是一个这那钱地村没上下里去来给到要能吗咋啥着把被让叫过得")
"""Characters of most messages: a pattern is better known by its other ones."""

Needs = frozenset[str] | None
"""Any match holds one of these characters; None: it may hold none of them that could be named."""


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
    if op is ops.MAX_REPEAT:
        return _sequence(value[2]) if value[0] else None
    return None


def _any(branches: Iterable[Needs]) -> Needs:
    """Of branches, one is matched: all their characters, if each has some."""
    every: frozenset[str] = frozenset()
    for one in branches:
        if one is None:
            return None
        every |= one
    return every


def _commonness(characters: frozenset[str]) -> int:
    return sum(10 if one in COMMON else 1 for one in characters)


class Lines:
    """Many patterns as one: those whose characters a text does not hold are not tried."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._lines = [(needs(one), re.compile(one)) for one in patterns]

    def of(self, text: str) -> list[re.Pattern[str]]:
        """The patterns that a text may match."""
        held = frozenset(text)
        return [line for wanted, line in self._lines if wanted is None or not wanted.isdisjoint(held)]
