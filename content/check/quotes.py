"""Every sentence rests on a verbatim quote: in the text where it is at hand, by its stored digest always."""

import hashlib
from collections.abc import Iterator, Mapping

from content.check.findings import Finding, said
from content.library import PACKAGE, Library
from content.programme import Programme, Source
from content.source_text import Clauses, squeeze

SEAL = PACKAGE / "quotes.sha256"
"""One line for each quote that was found in its clause: `doc clause digest`, sorted."""


def digest(source: Source) -> str:
    """Identify a quote in its clause without keeping the text: document, clause, 32 hex digits."""
    named = f"{source.doc} {source.clause} {squeeze(source.quote)}"
    return f"{source.doc} {source.clause} {hashlib.sha256(named.encode()).hexdigest()[:32]}"


def sealed() -> frozenset[str]:
    """Read the digests of the quotes that were checked against the texts."""
    return frozenset(SEAL.read_text("utf-8").splitlines()) if SEAL.exists() else frozenset()


def check_quotes(
    programme: Programme, library: Library, texts: Mapping[str, Clauses], seal: frozenset[str]
) -> Iterator[Finding]:
    """Hold each quote to its clause, and claims away from words that the scan may have wrong."""
    sources = [(where, item.source) for where, item in said(programme)]
    sources += [(("conditions", index), item.source) for index, item in enumerate(programme.conditions)]
    for where, source in sources:
        document = library.documents.get(source.doc)
        if document is None or source.clause not in {clause.key for clause in document.clauses}:
            name = f"{source.doc} {source.clause}"
            yield Finding((*where, "source"), "unknown", {"name": name, "thing": "条款", "where": "sources.yaml"})
            continue
        held = texts.get(source.doc)
        if held is not None and squeeze(source.quote) not in held[source.clause]:
            facts = {"doc": source.doc, "clause": source.clause, "quote": source.quote}
            yield Finding((*where, "source", "quote"), "quote_missing", facts)
        elif held is None and digest(source) not in seal:
            yield Finding((*where, "source", "quote"), "quote_unsealed", {"quote": source.quote})
        for doubtful in document.doubtful:
            if squeeze(doubtful) in squeeze(source.quote):
                yield Finding((*where, "source", "quote"), "doubtful", {"words": doubtful})
