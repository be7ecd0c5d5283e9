"""Split text for a channel that takes only so much at once: where a paragraph ends, else a sentence, else a clause."""

import re
from collections.abc import Callable, Iterator

Size = Callable[[str], int]
"""Length of a text in a platform's own units; never smaller for a longer text."""

ENDS = (
    re.compile(r"\n+"),
    re.compile(r"[。！？!?…]+[”’）」』)]*|[.](?=\s)"),
    re.compile(r"[；;]+"),
    re.compile(r"[，、,：:\s]+"),
)
"""Where a text may be cut, best first."""

_JOINED = re.compile(
    r"[\u0300-\u036f\u180b-\u180f\u200c\u200d\u202f\ufe00-\ufe0f\u20d0-\u20ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
"""Belongs to the character before it: accents, Mongolian and emoji selectors, joiners, skin tones."""

_JOINERS = "\u200d\u202f\u180e"

_IN_RUN = re.compile(r"(?<=[0-9A-Za-z.\-:/])(?=[0-9A-Za-z.\-:/])|(?<=\d)(?=[ ,]\d)|(?<=\d[ ,])(?=\d)")
"""Within a phone, a sum, an hour, an address or a word: half of one says something else."""


def utf16(text: str) -> int:
    """Size in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def utf8(text: str) -> int:
    """Size in bytes, as WeChat counts."""
    return len(text.encode(errors="surrogatepass"))


def split(text: str, limit: int, size: Size) -> list[str]:
    """Cut a text into pieces of at most `limit` units, each as long as it can be and cut at the best place it holds.

    Nothing is lost but white space at the cuts. A phone, sum or address is cut only where it alone is too long. A text
    that fits is one piece; one without words is none. Raises ValueError for a limit that does not hold one character.
    """
    return [piece for piece in _pieces(text, limit, size) if piece]


def _pieces(text: str, limit: int, size: Size) -> Iterator[str]:
    rest = text.strip()
    while size(rest) > limit:
        longest = _most(rest, limit, size)
        cut = next(filter(None, (_last_end(end, rest, longest) for end in ENDS)), 0) or _between(rest, longest)
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    yield rest


def _most(text: str, limit: int, size: Size) -> int:
    """How many characters fit: by halving, so that a long text costs few measurements."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= limit else (low, middle - 1)
    if low == 0:
        raise ValueError(f"{limit} units do not hold one character")
    return low


def _last_end(end: re.Pattern[str], text: str, longest: int) -> int:
    """Where the last end of this kind stands in what fits; 0 where it would leave the piece less than half full."""
    cuts = (hit.end() for hit in end.finditer(text, 0, longest + 1) if longest // 2 < hit.end() <= longest)
    return max((cut for cut in cuts if not tears(text, cut)), default=0)


def tears(text: str, cut: int) -> bool:
    """Whether a cut here leaves half a phone, a sum, an address."""
    return _IN_RUN.match(text, cut) is not None


def _between(text: str, longest: int) -> int:
    """A cut inside a sentence, but not inside a run, nor a character that is written with several."""
    cuts = [at for at in range(longest, 0, -1) if not (_JOINED.match(text, at) or text[at - 1] in _JOINERS)]
    return next((at for at in cuts if not tears(text, at)), cuts[0] if cuts else longest)
