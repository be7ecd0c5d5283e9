"""A sentence is never stronger than the verb of its quote (design.md §5): nobody is told that they get a thing."""

import re
from collections.abc import Iterator
from functools import cache

from content.check.findings import Finding, Where, said, words
from content.programme import Programme


@cache
def _without_nouns() -> re.Pattern[str]:
    return re.compile("|".join(words("strength")["not_verbs"]))


def check_strength(programme: Programme) -> Iterator[Finding]:
    """Compare every sentence with its quote, and the one line with the sentences."""
    for where, item in said(programme):
        quote = _without_nouns().sub("", item.source.quote)
        yield from _promises((*where, "says"), item.says)
        yield from _too_strong((*where, "says"), item.says, quote)
        yield from _unsoftened((*where, "says"), item.says, quote)
    yield from _promises(("one_line",), programme.one_line)
    yield from _one_line(programme)


def _promises(where: Where, says: str) -> Iterator[Finding]:
    for word in words("strength")["promises"]:
        if word in says:
            yield Finding(where, "promise", {"word": word})


def _too_strong(where: Where, says: str, quote: str) -> Iterator[Finding]:
    for rule in words("strength")["strong"]:
        hit = re.search(rule["says"], says)
        if hit and not re.search(rule["quote"], quote):
            yield Finding(where, "stronger", {"verb": quote, "word": hit[0], "instead": rule["instead"]})


def _unsoftened(where: Where, says: str, quote: str) -> Iterator[Finding]:
    table = words("strength")
    found = [(hit[0], rule) for rule in table["weak"] if (hit := re.search(rule["verb"], quote))]
    for verb, rule in found or [(quote, table["push"])]:
        if not re.search(rule["needs"], says):
            yield Finding(where, "softener", {"verb": verb, "instead": rule["instead"]})


def _one_line(programme: Programme) -> Iterator[Finding]:
    """Strong words of the one line must be words of a sentence, which its own quote holds."""
    claims = "".join(claim.says for claim in programme.claims)
    claims += "".join(claim.says for local in programme.local.values() for claim in local.claims)
    for rule in words("strength")["strong"]:
        for word in re.findall(rule["says"], programme.one_line):
            if word not in claims:
                yield Finding(("one_line",), "one_line_more", {"word": word})
