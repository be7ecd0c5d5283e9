"""What a text is compared by: characters with their pairs, and sounds with their pairs.

Each gram has a share: 1 where it carries the topic, less where it only asks for a part of a card (多少钱, 找谁),
because those words choose the part, not the card.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from operator import add

from content.search.sounds import syllables

Grams = Mapping[str, float]
Cut = Callable[[str], list[str]]
ASKING = 0.2
"""Share of a gram that stands only in words that ask for a part."""


def shared(cut: Cut, copy: str, topic: str) -> Grams:
    """Cut a search copy into grams with their shares; `topic` is the copy without its asking words."""
    if copy == topic:
        return dict.fromkeys(cut(copy), 1.0)
    return dict.fromkeys(cut(copy), ASKING) | dict.fromkeys(cut(topic), 1.0)


def characters(copy: str) -> list[str]:
    """Characters and pairs of a search copy; a pair does not reach over a space."""
    pairs = map(add, copy, copy[1:])
    return [*copy.replace(" ", ""), *(pairs if " " not in copy else [pair for pair in pairs if " " not in pair])]


def sounds(copy: str) -> list[str]:
    """Folded syllables of a search copy, and their pairs."""
    read = syllables(copy)
    return read + [f"{first}+{second}" for first, second in pairwise(read)]
