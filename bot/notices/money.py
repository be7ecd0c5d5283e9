"""What needs a second person: an account or a code to pay to, a request to transfer, a code to hand over, a link."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from urllib.parse import urlsplit

from bot.notices.found import Flag, Found, table

KINDS: tuple[Flag, ...] = ("account", "transfer", "code")

_CLAUSE = re.compile(r"[^。！？!?\n;；]+")
ADDRESS = re.compile(
    r"(?:https?|hxxps?)://[\w\-.@:]+(?:[/?#][\w\-./?%&=#~+:]*)?"
    r"|(?:[a-z0-9](?:[a-z0-9-]{0,61})\.)+[a-z]{2,18}(?![a-z0-9-])(?:[:/?#][\w\-./?%&=#~+:]*)?",
    re.IGNORECASE | re.ASCII,
)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(table()[name]) for name in (*KINDS, "warned")}


def asked_for(text: str) -> Iterator[Found]:
    """Ways to pay, and what nobody should be asked for; not where the same sentence warns of it."""
    found = _patterns()
    for clause in _CLAUSE.finditer(text):
        for kind in KINDS:
            hit = found[kind].search(clause[0])
            if hit is not None and not found["warned"].search(clause[0], 0, hit.end()):
                yield Found(kind, hit[0])


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
