"""Does a text speak of the programme in hand, and what does it ask of it?"""

import re
from dataclasses import dataclass
from functools import cache

from bot.dialogue.hear import table
from content.programme import Programme
from content.search.fold import fold
from content.search.rewrite import aspects, search_copy

LONGEST = 16
"""Characters; a longer text that leans on nothing else tells a story, and search should read it."""

LONGEST_BARE = 40
"""Characters; nobody asks with verbs alone for longer, and on a wall of them the pattern would try every cut."""

_ASKS = re.compile("[不没吗么咋啥甚呢嘛假说讲听绕]|怎么|多少|知道")


@dataclass(frozen=True)
class _Words:
    asks: tuple[tuple[str, re.Pattern[str]], ...]
    leaning: re.Pattern[str]
    general: re.Pattern[str]
    people: re.Pattern[str]
    same: re.Pattern[str]
    bare: re.Pattern[str]
    asking: re.Pattern[str]


@cache
def _words() -> _Words:
    raw = table("follow_up")
    one = {
        name: re.compile(re.sub(r"\s", "", raw[name]))
        for name in ("leaning", "general", "people", "same", "bare", "asking")
    }
    return _Words(tuple((name, re.compile(words)) for name, words in raw["asks"].items()), **one)


def asked(text: str) -> tuple[str, ...]:
    """Name what is asked of a card: aspects, `before` for what older documents said, `quotes` for the words."""
    copy = _copy(text)
    own = [name for name, words in _words().asks if words.search(copy)]
    return tuple(dict.fromkeys([*own, *aspects(search_copy(text))]))


def same(text: str) -> bool:
    """Whether a text says itself that it goes on with what was said."""
    return _words().same.search(_copy(text)) is not None


def asking(text: str) -> bool:
    """Whether a text asks anything, and does not only tell something."""
    return "?" in text or "？" in text or _words().asking.search(_copy(text)) is not None


def bare(text: str) -> bool:
    """Whether a text asks something of whatever the talk is about and names no subject itself: 公家管不管, 给涨不."""
    copy = _copy(text)
    if len(copy) > LONGEST_BARE or not _ASKS.search(copy):
        return False
    return _words().bare.fullmatch(copy) is not None


def empty(text: str) -> bool:
    """Whether a text names no subject at all: 我在那边, 那有没有."""
    left, words = _copy(text), _words()
    for pattern in (*(pattern for _, pattern in words.asks), words.people, words.leaning):
        left = pattern.sub("", left)
    return not left


def leans(text: str, programme: Programme) -> bool:
    """Whether nothing is left that could be another subject once the words that are none are taken out."""
    left, words = _copy(text), _words()
    if bare(text):
        return True
    if len(left) > LONGEST:
        return False
    for _, pattern in words.asks:
        left = pattern.sub("", left)
    left = words.general.sub(lambda hit: "" if hit[0] in f"{programme.name}{programme.short}" else hit[0], left)
    if asked(text) or same(text):
        left = words.people.sub("", left)
    return not words.leaning.sub("", left)


def _copy(text: str) -> str:
    return fold(text).replace(" ", "")
