"""Every sentence rests on a verbatim quote: in the text where it is at hand, by its stored digest always."""

import hashlib
import re
from collections.abc import Iterator, Mapping

from content.check.findings import Finding, Where, said
from content.library import PACKAGE, Library
from content.programme import Programme, Source
from content.source_text import Clauses, squeeze

SEAL = PACKAGE / "quotes.sha256"
"""One line for each quote that was found in its clause: `doc clause digest`, sorted."""

CHECK = "核对"
"""A sentence that tells that its words are still to be checked may quote up to doubtful ones."""


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
    """Hold each quote to its clause, and every sentence away from words that the scan may have wrong."""
    rows = [(where, item.source, item.says) for where, item in said(programme)]
    rows += [(("conditions", index), item.source, "") for index, item in enumerate(programme.conditions)]
    for where, source, says in rows:
        document = library.documents.get(source.doc)
        if document is None or source.clause not in {clause.key for clause in document.clauses}:
            name = f"{source.doc} {source.clause}"
            yield Finding((*where, "source"), "unknown", {"name": name, "thing": "条款", "where": "sources.yaml"})
            continue
        yield from _verbatim((*where, "source", "quote"), source, texts, seal)
        clause = texts.get(source.doc, {}).get(source.clause, "")
        for doubtful in map(squeeze, document.doubtful):
            if doubtful in squeeze(source.quote + says) or (CHECK not in says and _cut(source, doubtful, clause)):
                yield Finding((*where, "source", "quote"), "doubtful", {"words": doubtful})


def _verbatim(where: Where, source: Source, texts: Mapping[str, Clauses], seal: frozenset[str]) -> Iterator[Finding]:
    """A quote is in its clause where the text is at hand; else, or when its digest is sealed, the digest is enough."""
    held = texts.get(source.doc)
    if digest(source) in seal:
        return
    if held is None:
        yield Finding(where, "quote_unsealed", {"quote": source.quote})
    elif squeeze(source.quote) not in held[source.clause]:
        facts = {"doc": source.doc, "clause": source.clause, "quote": source.quote}
        yield Finding(where, "quote_missing", facts)


def _cut(source: Source, doubtful: str, clause: str) -> bool:
    """Whether a quote ends or begins inside doubtful words, and more than a particle of them is cut away."""
    quote = squeeze(source.quote)
    start = clause.find(quote)
    if not clause or start < 0:
        return False
    end, spans = start + len(quote), [hit.span() for hit in re.finditer(re.escape(doubtful), clause)]
    rest = [clause[end:to] if at < end < to else clause[at:start] if at < start < to else "" for at, to in spans]
    return any(len(re.sub(r"\W", "", part)) > 1 for part in rest)
