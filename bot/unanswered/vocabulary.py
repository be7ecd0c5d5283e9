"""The words that may stay in a text: those that people ask with, and the dictionary's that name nobody and no place.

Whatever is in neither, and whatever two characters never stood together in what we know, may be somebody's name.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from content.library import Library
from content.readability import everyday
from content.search.fold import fold

SHARED = 2
"""A word of so many programmes is nobody's name, whoever wrote the phrasings."""

SINGLE = 4
"""A single character is a word by itself if so many programmes use it so."""

USUAL = 30
"""The dictionary's frequency from which a word of two characters counts as an ordinary one."""

LONG = 3
"""From so many characters on, and so often, a word that the dictionary does not call a name is none."""

_ORDINARY = frozenset(
    ["a", "ad", "an", "b", "c", "d", "f", "i", "l", "n", "p", "q", "r", "s", "u", "v", "vd", "vn", "y", "z"]
)


@dataclass(frozen=True)
class Vocabulary:
    """Which words and which neighbours are known, and how a text is cut into words."""

    common: frozenset[str]  # of several programmes
    single: frozenset[str]
    ordinary: frozenset[str]  # of the dictionary and of everyday talk, names left out
    together: frozenset[str]  # a word of one character with the first of the next, as people ask with them
    cut: Callable[[str], Iterable[str]]

    @classmethod
    def load(cls, library: Library) -> "Vocabulary":
        """Read jieba's dictionary and the library: about a second, 90 MB. Never on the way of an answer."""
        import jieba  # noqa: PLC0415 - see above

        jieba.setLogLevel("ERROR")
        tokenizer = jieba.Tokenizer()
        tokenizer.initialize()
        used, together = _used(library, lambda text: tokenizer.cut(text, HMM=False))
        common = frozenset(word for word, times in used.items() if times >= SHARED and len(word) > 1)
        single = frozenset(word for word, times in used.items() if times >= SINGLE and len(word) == 1)
        ordinary = frozenset(_dictionary(Path(jieba.__file__).with_name("dict.txt"))) | everyday()
        return cls(common, single, ordinary, together, lambda text: tokenizer.cut(text, HMM=False))

    def side_by_side(self, before: str, after: str) -> bool:
        """Whether a word of one character is known to stand before the next one."""
        return len(before) == 1 and before + after[:1] in self.together


def _used(library: Library, cut: Callable[[str], Iterable[str]]) -> tuple[Counter[str], frozenset[str]]:
    """Count in how many programmes each word is used, and collect the neighbours."""
    used: Counter[str] = Counter()
    together: set[str] = set()
    for phrasings in _asked(library):
        asked = [list(cut(fold(one).replace(" ", ""))) for one in phrasings]
        used.update({word for one in asked for word in one})
        together.update(a + b[0] for one in asked for a, b in pairwise(one) if len(a) == 1)
    return used, frozenset(together)


def _asked(library: Library) -> Iterator[tuple[str, ...]]:
    for programme in library.programmes.values():
        yield (programme.name, programme.short, *programme.phrasings, *(claim.says for claim in programme.claims))
    yield from (tuple(group) for group in library.outside.values())


def _dictionary(path: Path) -> Iterator[str]:
    """Read the words that the dictionary knows as ordinary ones."""
    for line in path.read_text("utf-8").splitlines():
        word, times, kind = line.split()
        least = USUAL if len(word) < LONG else LONG
        if kind in _ORDINARY and int(times) >= least and len(word) > 1:
            yield word
