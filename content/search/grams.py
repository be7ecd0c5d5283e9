"""What a text is compared by: characters with their pairs, and sounds with their pairs.

Each gram has a share: 1 where it carries the topic, less where it only asks for a part of a card (多少钱, 找谁),
because those words choose the part, not the card.
"""

from collections.abc import Mapping
from itertools import pairwise

from content.search.rewrite import topic_words
from content.search.sounds import syllables

Grams = Mapping[str, float]
ASKING = 0.2
"""Share of a gram that stands only in words that ask for a part."""


def characters(copy: str) -> Grams:
    """Characters and pairs of a search copy; a pair does not reach over a space."""
    return _shared(_characters(copy), _characters(topic_words(copy)))


def sounds(copy: str) -> Grams:
    """Folded syllables of a search copy, and their pairs."""
    return _shared(_sounds(copy), _sounds(topic_words(copy)))


def _shared(every: list[str], topic: list[str]) -> Grams:
    return dict.fromkeys(every, ASKING) | dict.fromkeys(topic, 1.0)


def _characters(copy: str) -> list[str]:
    found = [one for one in copy if not one.isspace()]
    return found + [copy[i : i + 2] for i in range(len(copy) - 1) if " " not in copy[i : i + 2]]


def _sounds(copy: str) -> list[str]:
    read = syllables(copy)
    return read + [f"{first}+{second}" for first, second in pairwise(read)]
