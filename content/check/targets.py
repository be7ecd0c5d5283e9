"""Figures that are targets: whose they are, and whether their time has passed (design.md §5)."""

import re
from collections.abc import Iterator, Sequence

from content.check.findings import Finding, Where, asserted, groups, words
from content.check.numbers import figures
from content.library import Library
from content.programme import Claim, Earlier, Programme
from content.source_text import squeeze
from content.tables import Document

_PAST = re.compile(r"到?20(?:1\d|2[0-5])年(?:底|前|末)?")


def check_targets(programme: Programme, library: Library) -> Iterator[Finding]:
    """Hold every figure to its owner and its year, and `lasting` to the figures of rules."""
    for where, items in groups(programme):
        for index, item in enumerate(items):
            document = library.documents.get(item.source.doc)
            if document is not None:
                place: Where = (*where, index)
                yield from _owner(place, item, document)
                if isinstance(item, Claim):
                    yield from _lapsed(place, item, document)
                    yield from _lasting(place, items[: index + 1], document)


def _owner(where: Where, item: Claim | Earlier, document: Document) -> Iterator[Finding]:
    """A target of government says whose it is: 10万亩 alone reads like a promise to the reader."""
    table, found = words("strength"), figures(item, document.year)
    sets = re.search(table["figure"], squeeze(item.source.quote))
    amounts = [one for one in found if not (one.unit in ("", "年") and re.fullmatch(r"20\d\d年?", one.shown))]
    if amounts and sets and not re.search(table["owner"], item.says):
        yield Finding((*where, "says"), "whose_target", {"number": amounts[0].shown})


def _lapsed(where: Where, claim: Claim, document: Document) -> Iterator[Finding]:
    if not claim.lasting:
        for number in _passed(claim, document):
            yield Finding((*where, "says"), "lapsed", {"number": number, "doc": document.called})


def _passed(claim: Claim, document: Document) -> list[str]:
    """The figures of a claim whose document's targets have passed; a year still to come clears its own claim."""
    if document.lapsed is None or "2030" in claim.source.quote:
        return []
    said = asserted(claim.says).replace(f"{document.year}年", "")
    return [one.shown for one in figures(claim, document.year)] or _PAST.findall(squeeze(said))


def _lasting(where: Where, items: Sequence[Claim | Earlier], document: Document) -> Iterator[Finding]:
    """`lasting` is needed, and the quote is a rule; or the sentence before it, of the same clause, names the year."""
    claim, before = items[-1], [*items[:-1]]
    if not isinstance(claim, Claim) or not claim.lasting:
        return
    led = bool(before) and (before[-1].source.doc, before[-1].source.clause) == (claim.source.doc, claim.source.clause)
    quote = claim.source.quote + (before[-1].source.quote if led else "")
    if not _passed(claim, document):
        yield Finding((*where, "lasting"), "lasting_needless")
    elif not re.search(words("strength")["rule_of"], quote):
        yield Finding((*where, "lasting"), "lasting_unfounded", {"quote": claim.source.quote})
