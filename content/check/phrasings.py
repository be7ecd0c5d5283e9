"""Phrasings over the whole library: none shared by two programmes, none copied from a document."""

from collections.abc import Iterator, Mapping

from content.check.findings import Finding, said
from content.check.shape import bare
from content.library import Library
from content.source_text import Clauses, squeeze

MIN_COPIED = 7
"""Shorter runs (低保标准) are ordinary words that a document uses too."""


def check_phrasings(library: Library, texts: Mapping[str, Clauses]) -> Iterator[tuple[str, Finding]]:
    """Yield (programme id, finding)."""
    owners: dict[str, str] = {}
    documents = "\n".join(text for held in texts.values() for text in held.values())
    for programme in library.programmes.values():
        quotes = documents or "\n".join(squeeze(item.source.quote) for _, item in said(programme))
        for index, phrasing in enumerate(programme.phrasings):
            folded = bare(phrasing)
            owner = owners.setdefault(folded, programme.id)
            if owner != programme.id:
                facts = {"phrasing": phrasing, "other": owner}
                yield programme.id, Finding(("phrasings", index), "same_phrasing", facts)
            if len(folded) >= MIN_COPIED and folded in quotes and phrasing not in (programme.name, programme.short):
                yield programme.id, Finding(("phrasings", index), "copied_phrasing", {"phrasing": phrasing})
