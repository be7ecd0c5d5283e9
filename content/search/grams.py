"""What a text is compared by: characters with their pairs, and sounds with their pairs."""

from itertools import pairwise

from content.search.sounds import syllables


def characters(copy: str) -> list[str]:
    """Characters and pairs of a search copy; a pair does not reach over a space."""
    found = [one for one in copy if not one.isspace()]
    return found + [copy[i : i + 2] for i in range(len(copy) - 1) if " " not in copy[i : i + 2]]


def sounds(copy: str) -> list[str]:
    """Pairs of folded syllables of a search copy, and the syllables alone."""
    read = syllables(copy)
    return read + [f"{first}+{second}" for first, second in pairwise(read)]
