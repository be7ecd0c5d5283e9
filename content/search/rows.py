"""Everything that is searched: one row for each phrasing and each sentence of a card, and each outside question."""

from collections.abc import Iterable

from content.library import Library
from content.programme import Local, Programme
from content.search.index import Row
from content.search.rewrite import search_copy, topic_words

TOLD = 0.85
"""A sentence of the card counts less than a phrasing."""


def all_rows(library: Library, *, told: float = TOLD) -> tuple[list[Row], list[str]]:
    """List everything that is searched, and the names of what it belongs to: programmes, then outside groups."""
    rows: list[Row] = []
    for number, card in enumerate(library.programmes.values()):
        rows += [_row(number, text, 1.0) for text in dict.fromkeys([card.name, card.short, *card.phrasings])]
        rows += [_row(number, text, told) for text in sentences(card)]
    for number, group in enumerate(library.outside.values(), len(library.programmes)):
        rows += [_row(number, text, 1.0) for text in group]
    return rows, [*library.programmes, *library.outside]


def sentences(card: Programme) -> Iterable[str]:
    """List what a card tells anyone: here, in a city of its own, and what older documents said."""
    told: list[Programme | Local] = [card, *card.local.values()]
    claims = [claim.says for one in told for claim in one.claims]
    return dict.fromkeys([*claims, *(before.says for one in told for before in one.before)])


def _row(card: int, text: str, weight: float) -> Row:
    copy = search_copy(text)
    return Row(card, text, copy, topic_words(copy), weight)
