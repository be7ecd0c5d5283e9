"""The answer to "您在哪个旗县" and the questions after it: exact, short, old and unfinished names."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from content.places.lexicon import Lexicon
from content.places.mentions import find_hits
from content.places.names import SHORTEST
from content.places.place import LEVELS
from content.places.spelling import bare_above, bare_below

Stems = tuple[str, ...]

BETWEEN: Final = re.compile(r"[^㐀-鿿A-Za-z0-9]+")
BEFORE: Final = re.compile(r"^(?:我|咱|俺)?(?:们|家|妈|爸|爹|娘)*就?(?:是|在|住|来自)*")
AFTER: Final = re.compile(r"(?:(?:这|那)(?:边|里|儿|块)|的|人|呢|吧|啊|呀|哇|嘛|了|附近|一带)+$")


def find_answer(said: str, lexicon: Lexicon, within: str | None) -> Stems:
    """The places that an answer names; "鄂尔多斯 达旗 树林召" is read from left to right."""
    found: Stems = ()
    for word in filter(None, BETWEEN.split(said)):
        scope = found[0] if len(found) == 1 else within
        found = find_word(word, lexicon, scope) or found
    return found


def find_word(word: str, lexicon: Lexicon, within: str | None) -> Stems:
    """As it was said; without 我在 … 那边; and as a sentence that names a place."""
    core = AFTER.sub("", BEFORE.sub("", word))
    for said in dict.fromkeys((word, core)):
        if len(said) >= SHORTEST and (found := look_up(said, lexicon, within)):
            return found
    return tuple(dict.fromkeys(stem for hit in find_hits(word, lexicon, within)[-1:] for stem in hit.stems))


def look_up(said: str, lexicon: Lexicon, within: str | None) -> Stems:
    """The best places below `within`; if there is none, the best anywhere."""
    scope = within if within and LEVELS[len(within)] != "province" else None
    ways = near(said, lexicon, prefixes=LEVELS[len(scope)] != "league") if scope else ()
    inside = (tuple(stem for stem in stems if stem.startswith(scope or "")) for stems in ways)
    return next(filter(None, chain(inside, anywhere(said, lexicon))), ())


def anywhere(said: str, lexicon: Lexicon) -> Iterator[Stems]:
    """What a name may mean, the surest way of reading it first. A table is read only when the ways before it fail."""
    below = bare_below(said)
    yield lexicon.above.called(said)
    yield lexicon.full_townships.called(said)
    yield lexicon.full_villages.called(said) if said != below else ()
    yield lexicon.above.called(bare_above(said))
    yield tuple(stem for stem in lexicon.above.beginning(said) if LEVELS[len(stem)] in ("league", "banner"))
    yield lexicon.bare_townships.called(below) if len(below) > SHORTEST else ()


def near(said: str, lexicon: Lexicon, *, prefixes: bool) -> Iterator[Stems]:
    """Ways for a known neighbourhood only: elsewhere 西安 is no 西安村, 河北 no 河北街道 and 上海 no 上海庙镇."""
    yield from anywhere(said, lexicon)
    yield lexicon.bare_townships.called(bare_below(said))
    yield lexicon.full_townships.beginning(said) if prefixes else ()
    yield lexicon.full_villages.called(said)
    yield lexicon.bare_villages.called(bare_below(said))
    yield lexicon.full_villages.beginning(said) if prefixes else ()
