"""What needs a second person: an account or a code to pay to, a request to transfer, a code to hand over, a link."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from urllib.parse import urlsplit

from bot.notices.found import Flag, Found, table

KINDS: tuple[Flag, ...] = ("account", "transfer", "code")

_SENTENCE = re.compile(r"[^。！？!?\n;；]+")
ADDRESS = re.compile(
    r"(?:https?|hxxps?)://[\w\-.@:]+(?:[/?#][\w\-./?%&=#~+:]*)?"
    r"|(?:[a-z0-9](?:[a-z0-9-]{0,61})\.)+[a-z]{2,18}(?![a-z0-9-])(?:[:/?#][\w\-./?%&=#~+:]*)?"
    r"|(?<![\d.])(?=[\d.]*(?:\d{3}|[:/]\w))(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d)(?:[:/?#][\w\-./?%&=#~+:]*)?",
    re.IGNORECASE | re.ASCII,
)
"""With or without a scheme; four numbers alone only where one has three digits or a path follows: 1.2.3.4组."""


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(table()[name]) for name in (*KINDS, "warned", "between", "unmasked")}


def asked_for(text: str) -> Iterator[Found]:
    """Ways to pay, and what nobody should be asked for, but for what is itself warned of."""
    for sentence in _SENTENCE.findall(text):
        for kind in KINDS:
            hits = _patterns()[kind].finditer(sentence)
            asked = next((hit for hit in hits if not _warned(sentence, hit)), None)
            if asked is not None:
                yield Found(kind, asked[0])


def _warned(sentence: str, hit: re.Match[str]) -> bool:
    """Whether a warning stands near before it or in it, with no comma between, or what follows calls it a fraud.

    A 不 or 凡 elsewhere in the sentence is none: 为了不影响待遇，请转账.
    """
    found, part = _patterns(), 1 + max(sentence.rfind(comma, 0, hit.end()) for comma in ",，")
    if found["unmasked"].match(sentence, hit.end()):
        return True
    before = [one.end() for one in found["warned"].finditer(sentence, part, hit.end())]
    return any(end > hit.start() or found["between"].fullmatch(sentence, end, hit.start() + 1) for end in before)


def links(text: str, known: Sequence[str]) -> Iterator[Found]:
    """Addresses whose host is none of the known ones, nor ends with one."""
    for hit in ADDRESS.finditer(text):
        host = _host(hit[0])
        if not any(host == one or host.endswith(f".{one}") for one in known):
            yield Found("link", hit[0][:60])


def known_hosts(public_url: str | None) -> tuple[str, ...]:
    """The hosts that a notice may link to: those of the table, and the service's own."""
    own = urlsplit(public_url).hostname if public_url else None
    return (*table()["known_links"], *([own.lower()] if own else []))


def _host(address: str) -> str:
    with_scheme = address if "://" in address else f"//{address}"
    return (urlsplit(with_scheme).hostname or "").lower()
