"""Counts, references and order: what a card needs to be of use."""

import re
from collections.abc import Container, Iterator
from functools import cache

from content.check.findings import Finding, Where, groups, said, words
from content.library import Library
from content.places.load import read_table
from content.places.place import to_stem
from content.programme import (
    MAX_SOURCES,
    MIN_PHRASINGS,
    MIN_PHRASINGS_MOST_ASKED,
    Claim,
    Earlier,
    Local,
    Programme,
)

MAX_CLAIMS = 8
MIN_SAID = 2
MIN_PHRASINGS_STUB = 8


def check_shape(programme: Programme, library: Library) -> Iterator[Finding]:
    """Hold a programme to the counts, and its references to what exists."""
    yield from _references(programme, library)
    yield from _places(programme)
    yield from _phrasings(programme)
    if programme.ask[0] != "village-committee":
        yield Finding(("ask",), "ask_first")
    if programme.is_stub:
        if programme.claims or programme.before or programme.local or programme.one_line:
            yield Finding(("standing",), "stub_content")
        return
    yield from _sizes(programme)
    yield from _reach(programme, library)
    yield from _unstated(programme)
    yield from _before(programme, library)


def _references(programme: Programme, library: Library) -> Iterator[Finding]:
    yield from _unknown(("topic",), (programme.topic,), library.topics, "话题", "topics.yaml")
    yield from _unknown(("ask",), programme.ask, library.contacts, "联系人", "contacts.yaml")
    yield from _unknown(("unstated",), programme.unstated, library.aspects, "问题", "aspects.yaml")
    yield from _unknown(("related",), programme.related, library.programmes, "事项", "programmes/")
    for where, item in said(programme):
        if isinstance(item, Claim):
            yield from _unknown((*where, "about"), item.about, library.aspects, "问题", "aspects.yaml")
    for index, condition in enumerate(programme.conditions):
        fact = library.facts.get(condition.fact)
        answers = fact.answers if fact else {}
        place: Where = ("conditions", index)
        yield from _unknown((*place, "fact"), (condition.fact,), library.facts, "家庭情况", "facts.yaml")
        yield from _unknown((*place, "any"), condition.any if fact else (), answers, "回答", "facts.yaml")


def _unknown(where: Where, names: tuple[str, ...], known: Container[str], thing: str, file: str) -> Iterator[Finding]:
    for name in names:
        if name not in known:
            yield Finding(where, "unknown", {"name": name, "thing": thing, "where": file})


def _places(programme: Programme) -> Iterator[Finding]:
    """Every code names a place of the region; what `local` adds lies within the programme's places."""
    known = _stems()
    rows: list[tuple[Where, str]] = [(("places", index), code) for index, code in enumerate(programme.places)]
    for where, code in [*rows, *((("local", code), code) for code in programme.local)]:
        if to_stem(code) not in known:
            yield Finding(where, "number_in_place", {"code": code})
    within = tuple(map(to_stem, programme.places))
    for code in programme.local:
        if not to_stem(code).startswith(within):
            yield Finding(("local", code), "local_elsewhere", {"code": code})


@cache
def _stems() -> frozenset[str]:
    tables = ("banners.tsv", "townships.tsv", "villages.tsv")
    return frozenset({"15"}.union(*(read_table(table) for table in tables)))


def _phrasings(programme: Programme) -> Iterator[Finding]:
    least = MIN_PHRASINGS_MOST_ASKED if programme.most_asked else MIN_PHRASINGS
    least = MIN_PHRASINGS_STUB if programme.is_stub else least
    if len(set(programme.phrasings)) < least:
        yield Finding(("phrasings",), "few_phrasings", {"count": len(set(programme.phrasings)), "least": least})


def _sizes(programme: Programme) -> Iterator[Finding]:
    """At most 8 sources and 8 claims on the card of any place; at least 2 things said in all."""
    if len(list(said(programme))) < MIN_SAID:
        yield Finding(("claims",), "few_claims", {"count": len(list(said(programme)))})
    if not programme.one_line:
        yield Finding(("one_line",), "missing")
    for local in (Local(), *programme.local.values()):
        shown: tuple[Claim | Earlier, ...] = (*programme.claims, *local.claims, *programme.before, *local.before)
        count = len({(item.source.doc, item.source.clause) for item in shown})
        if count > MAX_SOURCES:
            yield Finding(("claims",), "too_many_sources", {"count": count, "most": MAX_SOURCES})
        if len(programme.claims) + len(local.claims) > MAX_CLAIMS:
            yield Finding(("claims",), "too_long", {"max_length": MAX_CLAIMS})


def _reach(programme: Programme, library: Library) -> Iterator[Finding]:
    """A document is told only where it holds; and a condition shuts people out only where its clause does."""
    for where, items in groups(programme):
        codes = (str(where[1]),) if where[0] == "local" else programme.places
        for index, item in enumerate(items):
            document = library.documents.get(item.source.doc)
            for code in codes if document else ():
                if document and not to_stem(code).startswith(to_stem(document.place)):
                    facts = {"doc": document.called, "city": document.city or document.place, "code": code}
                    yield Finding((*where, index, "source"), "source_elsewhere", facts)
    for index, condition in enumerate(programme.conditions):
        if condition.excludes and not re.search(words("strength")["shuts_out"], condition.source.quote):
            facts = {"quote": condition.source.quote}
            yield Finding(("conditions", index, "excludes"), "excludes_unfounded", facts)


def _unstated(programme: Programme) -> Iterator[Finding]:
    if not programme.unstated:
        yield Finding(("unstated",), "unstated_empty")
    told = {aspect for claim in programme.claims for aspect in claim.about}
    for aspect in programme.unstated:
        if aspect in told:
            yield Finding(("unstated",), "unstated_said", {"aspect": aspect})


def _before(programme: Programme, library: Library) -> Iterator[Finding]:
    rows: dict[Where, tuple[Earlier, ...]] = {("before",): programme.before}
    rows |= {("local", place, "before"): local.before for place, local in programme.local.items()}
    for where, before in rows.items():
        years = [item.year for item in before]
        if years != sorted(years, reverse=True):
            yield Finding(where, "before_order")
        for index, item in enumerate(before):
            document = library.documents.get(item.source.doc)
            if document is not None and item.year != document.year:
                facts = {"year": item.year, "doc": item.source.doc}
                yield Finding((*where, index), "before_year", facts)


def bare(phrasing: str) -> str:
    """Fold a phrasing to what counts as the same question: no punctuation, no spaces, lower case."""
    return re.sub(r"[\W_]+", "", phrasing).lower()
