"""How a text sounds, without tones and with the sounds that the region does not tell apart folded together.

Voice input writes wrong characters that sound right, and some people type pinyin.
"""

import re
from functools import cache, lru_cache

from content.search.fold import WORDS

_REGIONAL = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"))
_LETTERS = re.compile(r"[a-z]+")
LONGEST = 6


@cache
def _readings() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Read the table: character → syllable, and words whose characters sound otherwise than alone."""
    characters: dict[str, str] = {}
    words: dict[str, tuple[str, ...]] = {}
    for line in (WORDS / "sounds.txt").read_text("utf-8").splitlines():
        first, *rest = line.split()
        if first.startswith("="):
            words[first[1:]] = tuple(rest)
        else:
            characters |= dict.fromkeys(rest[0], first)
    return characters, words


@cache
def _aloud() -> tuple[dict[str, str], dict[str, tuple[str, ...]], re.Pattern[str]]:
    """Fold the table once: characters, words, and the pattern of what is not read character by character."""
    characters, words = _readings()
    apart = "|".join((*map(re.escape, words), _LETTERS.pattern))
    folded_words = {word: tuple(map(folded, read)) for word, read in words.items()}
    return {one: folded(read) for one, read in characters.items()}, folded_words, re.compile(apart)


@cache
def folded(syllable: str) -> str:
    """Fold the sounds that the region does not tell apart: n/l, zh/z, ch/c, sh/s, in/ing, en/eng."""
    for sound, into in _REGIONAL:
        syllable = syllable.replace(sound, into)
    return f"l{syllable[1:]}" if syllable[:1] == "n" and len(syllable) > 1 else syllable


@cache
def _known() -> frozenset[str]:
    return frozenset(_readings()[0].values()) - {"n", "m", "o", "e"}


def syllables(text: str) -> list[str]:
    """Read a folded text aloud: one folded syllable a character; letters are cut into syllables where they can be."""
    characters, words, apart = _aloud()
    read: list[str] = []
    position = 0
    for hit in apart.finditer(text):
        read += [characters[one] for one in text[position : hit.start()] if one in characters]
        read += words.get(hit[0]) or map(folded, cut(hit[0]))
        position = hit.end()
    return read + [characters[one] for one in text[position:] if one in characters]


@lru_cache(maxsize=4096)
def cut(letters: str) -> tuple[str, ...]:
    """Cut typed pinyin into the fewest syllables; () where it is not pinyin. `yumi` → ("yu", "mi")."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - LONGEST), end):
            before, piece = best[start], letters[start:end]
            if before is None or piece not in _known():
                continue
            known = best[end]
            if known is None or len(before) + 1 < len(known):
                best[end] = (*before, piece)
    return best[-1] or ()


def typed(text: str) -> int:
    """Count the syllables of typed pinyin in a folded text."""
    return sum(len(cut(letters)) for letters in _LETTERS.findall(text))
