"""A sentence is never stronger than the verb of its quote (design.md §5): nobody is told that they get a thing."""

import re
from collections.abc import Iterator
from functools import cache

from content.check.findings import Finding, Where, asserted, said, words
from content.programme import Programme
from content.source_text import squeeze


@cache
def _without_nouns() -> re.Pattern[str]:
    return re.compile("|".join(words("strength")["not_verbs"]))


def weak_verbs(quote: str) -> list[tuple[str, dict[str, str]]]:
    """Find the verbs of a quote that only try or only encourage, with their rules."""
    bare = _without_nouns().sub("", quote)
    return [(hit[0], rule) for rule in words("strength")["weak"] if (hit := re.search(rule["verb"], bare))]


def check_strength(programme: Programme) -> Iterator[Finding]:
    """Compare every sentence with its quote."""
    for where, item in said(programme):
        yield from promises((*where, "says"), item.says, item.source.quote)
        yield from _too_strong((*where, "says"), item.says, item.source.quote)
        yield from _unsoftened((*where, "says"), item.says, item.source.quote)


def promises(where: Where, says: str, quote: str) -> Iterator[Finding]:
    """Words that promise; where the quote has the word with the two before it, they are the document's own."""
    for word in words("strength")["promises"]:
        for hit in re.finditer(word, says):
            own = squeeze(says[max(0, hit.start() - 2) : hit.end()])
            if len(own) <= len(word) or own not in squeeze(quote):
                yield Finding(where, "promise", {"word": word})


def _too_strong(where: Where, says: str, quote: str) -> Iterator[Finding]:
    bare = _without_nouns().sub("", quote)
    for rule in words("strength")["strong"]:
        hit = re.search(rule["says"], asserted(says))
        if hit and not re.search(rule["quote"], bare):
            yield Finding(where, "stronger", {"verb": quote, "word": hit[0], "instead": rule["instead"]})


def _unsoftened(where: Where, says: str, quote: str) -> Iterator[Finding]:
    rules = weak_verbs(quote) or [(quote, words("strength")["push"])]
    forbids = re.search(words("strength")["forbids"]["verb"], quote)
    if forbids:
        rules = [*rules, (forbids[0], words("strength")["forbids"])]
    for verb, rule in rules:
        if not re.search(rule["needs"], says):
            yield Finding(where, "softener", {"verb": verb, "instead": rule["instead"]})
