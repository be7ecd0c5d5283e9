"""A sentence of an older document is never read as one of today: where it may stand alone, it names its year.

An answer puts first the sentences about the thing asked, so a sentence may come to stand behind another than the one
that it was written behind. Every order that a resident may see is tried.
"""

import re
from collections.abc import Iterator, Sequence

from content.check.findings import Finding, Where
from content.library import Library
from content.programme import Claim, Earlier, Local, Programme
from content.tables import Document

Row = tuple[Where, Claim | Earlier]


def check_frame(programme: Programme, library: Library) -> Iterator[Finding]:
    """Yield each sentence that would be read as of another document in one of the orders."""
    found: dict[Where, Document] = {}
    for rows in _orders(programme):
        for above, (where, item) in zip([None, *rows], rows, strict=False):
            document = library.documents.get(item.source.doc)
            follows = above is not None and above[1].source.doc == item.source.doc
            if document is not None and not follows and not _named(item, document, programme, library):
                found[where] = document
    for where, document in found.items():
        yield Finding((*where, "says"), "unframed", {"doc": document.called, "year": document.year})


def _orders(programme: Programme) -> Iterator[list[Row]]:
    """Every list that is shown: for each place, whatever is asked; where nothing holds, the past."""
    own = _rows(("claims",), programme.claims)
    for place, local in {"": Local(), **programme.local}.items():
        rows = _rows(("local", place, "claims"), local.claims) + own
        past = _rows(("local", place, "before"), local.before) + _rows(("before",), programme.before)
        yield rows or sorted(past, key=lambda row: -row[1].year if isinstance(row[1], Earlier) else 0)
        for aspect in {aspect for _, item in rows if isinstance(item, Claim) for aspect in item.about}:
            asked = [row for row in rows if isinstance(row[1], Claim) and aspect in row[1].about]
            yield asked + [row for row in rows if row not in asked]


def _rows(above: Where, items: Sequence[Claim | Earlier]) -> list[Row]:
    rows: list[Row] = []
    for index, item in enumerate(items):
        rows.append(((*above, index), item))
    return rows


def _named(item: Claim | Earlier, document: Document, programme: Programme, library: Library) -> bool:
    """The year is named, and the city where the card is not the city's own; of the newest, that a document says it."""
    if document.city and document.city not in item.says and any(code != document.place for code in programme.places):
        return False
    newest = max((one.year for one in library.documents.values() if one.city is None), default=0)
    return f"{document.year}年" in item.says or (document.year == newest and bool(re.search("文件|解读", item.says)))
