"""Names of places by their letters, each with what it may mean and what it needs to count."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from content.places.load import Needs

SHORTEST: Final = 2
"""A name of one letter is no name: it would be found everywhere."""


class Name(NamedTuple):
    """What one name may mean, and where it must stand. A `bare` name is said without 镇, 苏木, 村 … behind it."""

    stems: tuple[str, ...]
    needs: Needs
    bare: bool = False


def gather(pairs: Iterable[tuple[str, str]], needs: Callable[[str], Needs], *, bare: bool = False) -> dict[str, Name]:
    """(name, stem) pairs → every name with all places that have it, in code order."""
    stems: dict[str, set[str]] = {}
    for name, stem in pairs:
        if len(name) >= SHORTEST:
            stems.setdefault(name, set()).add(stem)
    return {name: Name(tuple(sorted(found)), needs(name), bare) for name, found in stems.items()}


class Names:
    """Names by their letters, and a quick way to see which of them stand in a text."""

    def __init__(self, entries: dict[str, Name]) -> None:
        self._entries = entries
        self._lengths: dict[str, set[int]] = {}
        for name in entries:
            self._lengths.setdefault(name[0], set()).add(len(name))

    def in_text(self, text: str) -> Iterator[tuple[int, int, Name]]:
        """(start, end, name) of every name in the text, also inside other words and other names."""
        for start, first in enumerate(text):
            for length in self._lengths.get(first, ()):
                name = self._entries.get(text[start : start + length])
                if name is not None and start + length <= len(text):
                    yield start, start + length, name

    def called(self, said: str) -> tuple[str, ...]:
        """The stems of the places with exactly this name."""
        name = self._entries.get(said)
        return name.stems if name else ()

    def beginning(self, said: str) -> tuple[str, ...]:
        """The stems of the places with a name that begins so, in code order."""
        found = {stem for name, entry in self._entries.items() if name.startswith(said) for stem in entry.stems}
        return tuple(sorted(found))
