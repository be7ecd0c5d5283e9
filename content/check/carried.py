"""The quote carries the whole sentence: its verb, whom it names, what it puts in “”, the places.

A quote may be true and still too short: 大豆保险保障 alone does not say 要加强, and cut behind 鼓励有条件的 it hides
that only some are meant.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from content.check.findings import Finding, Where, asserted, said, words
from content.check.strength import weak_verbs
from content.library import Library
from content.places.load import read_table
from content.programme import Claim, Earlier, Programme, Source
from content.source_text import Clauses, squeeze

_BRACKETS = re.compile(r"（[^）]*）")
_QUOTED = re.compile(r"“([^”]*)”")
_MARKS = re.compile(r"[“”‘’、，,。]")


def check_carried(programme: Programme, library: Library, texts: Mapping[str, Clauses]) -> Iterator[Finding]:
    """Hold every sentence to what its own quote has."""
    for where, item in said(programme):
        place: Where = (*where, "says")
        says, quote = asserted(_BRACKETS.sub("", item.says)), squeeze(item.source.quote)
        if not pairs(item.says) & (pairs(quote) | _plain_pairs(quote)):
            yield Finding(place, "unrelated", {"quote": quote})
        yield from _kept(place, says, quote)
        yield from _named(place, says, quote + programme.name + programme.short)
        yield from _quoted(place, item.says, quote + programme.name)
        yield from _places(place, says, item, library)
        yield from _cut((*where, "source", "quote"), item.source, texts)


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters of a text, without the words that every text shares."""
    rest = re.sub(words("strength")["joining"], "，", squeeze(text))
    found = {rest[at : at + 2] for at in range(len(rest) - 1)}
    return {pair for pair in found if pair.isalnum()}


@cache
def _plain_pairs(quote: str) -> set[str]:
    """The pairs of the plain words that stand for the officialese of a quote."""
    plain = [entry for word, entry in words("officialese").items() if word in quote]
    return pairs("，".join(entry["plain"] if isinstance(entry, dict) else entry for entry in plain))


def _kept(where: Where, says: str, quote: str) -> Iterator[Finding]:
    for rule in words("strength")["kept"]:
        hit = re.search(rule["says"], says)
        if hit and not re.search(rule["quote"], quote):
            yield Finding(where, "verb_missing", {"verb": hit[0], "quote": quote})


def _named(where: Where, says: str, held: str) -> Iterator[Finding]:
    for rule in words("strength")["who"]:
        hit = re.search(rule["says"], says)
        if hit and not re.search(rule["quote"], held) and hit[0] not in held:
            yield Finding(where, "who_missing", {"who": hit[0]})


def _quoted(where: Where, says: str, held: str) -> Iterator[Finding]:
    """What stands in “” is a quotation, so it is verbatim; marks inside it aside."""
    for words_ in _QUOTED.findall(says):
        if squeeze(_MARKS.sub("", words_)) not in squeeze(_MARKS.sub("", held)):
            yield Finding(where, "not_verbatim", {"words": words_})


def _places(where: Where, says: str, item: Claim | Earlier, library: Library) -> Iterator[Finding]:
    """Banners and cities that a sentence names stand in its quote; the document's own city may be named."""
    document = library.documents.get(item.source.doc)
    city = (document and document.city) or ""
    for name in _banners().findall(says):
        if name not in item.source.quote and name != city:
            yield Finding(where, "place_missing", {"place": name})


@cache
def _banners() -> re.Pattern[str]:
    """The names of leagues, cities, banners and counties, with and without 旗 or 县."""
    full = [name for stem, name in read_table("banners.tsv").items() if len(stem) > len("15")]
    short = [name[:-1] for name in full if len(name) > len("赤峰市") or name[-1] in "市盟"]
    return re.compile("|".join(sorted({*short, *(name for name in full)}, key=len, reverse=True)))


def _cut(where: Where, source: Source, texts: Mapping[str, Clauses]) -> Iterator[Finding]:
    """Where the text is at hand: the same phrase began with a weak verb, and the quote begins behind it."""
    clause, quote = texts.get(source.doc, {}).get(source.clause, ""), squeeze(source.quote)
    phrase = re.split(r"[,;:。；]", clause.partition(quote)[0])[-1] if quote in clause else ""
    if weak_verbs(phrase) and not weak_verbs(quote):
        yield Finding(where, "weak_verb_cut", {"verb": weak_verbs(phrase)[0][0], "phrase": phrase + quote})
