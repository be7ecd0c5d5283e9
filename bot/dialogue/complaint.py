"""Hear a complaint about people, money or land: such a question is never handed to the village (design.md §8)."""

import re
from collections.abc import Mapping
from functools import cache

from bot.dialogue.hear import mongolian, table
from content.search.fold import MAX_LENGTH, fold

OVERLAP = 40
"""Characters that two pieces of a long text share, so that no words are cut in two."""


def complains(text: str) -> bool:
    """Whether a question is, or may be, such a complaint. A long text is looked at whole, piece by piece."""
    starts = range(0, max(len(text), 1), MAX_LENGTH - OVERLAP)
    pieces = [fold(text[start : start + MAX_LENGTH]).replace(" ", "") for start in starts]
    tells = not mongolian(text) and not any(map(_asks, pieces))
    return tells or any(map(_complains, pieces))


def _asks(piece: str) -> bool:
    return any(pattern.search(piece) for pattern in _patterns()["asks"])


def _complains(piece: str) -> bool:
    """Who names other people complains of them, unless only their phone or a favour of theirs is asked for."""
    sure, people, plain = (_patterns()[name] for name in ("sure", "people", "plain"))
    if any(pattern.search(piece) for pattern in sure):
        return True
    for pattern in plain:
        piece = pattern.sub("", piece)
    return any(pattern.search(piece) for pattern in people)


@cache
def _patterns() -> Mapping[str, tuple[re.Pattern[str], ...]]:
    return {name: tuple(map(re.compile, lines)) for name, lines in table("complaint").items()}
