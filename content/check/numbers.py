"""Every number and time said is in the quote, in figures or words; what is only counted (两样) is there to count."""

import re
from collections.abc import Iterator

from content.check.findings import Finding, asserted, said, words
from content.check.numerals import Quantity, quantities, same
from content.library import Library
from content.programme import Claim, Earlier, Programme
from content.source_text import squeeze

_COUNTS = "种样项条句类级"
_ORDINAL = re.compile(r"第(?:\d+|[一二三四五六七八九十百]+)")
_NAME = re.compile(r"\d+[A-Za-z]+")
"""A figure in a name (5G): the quote has it letter for letter."""

_LIST = re.compile(r"[、和及或+]|以及")


def check_numbers(programme: Programme, library: Library) -> Iterator[Finding]:
    """Hold the numbers of every sentence to its quote."""
    for where, item in said(programme):
        document = library.documents.get(item.source.doc)
        if document is None:
            continue
        held = [*quantities(item.source.quote), Quantity(document.year, "年", "", chinese=False)]
        told = asserted(item.says)
        other = [
            number.shown
            for number in quantities(told)
            if not any(same(number, one) for one in held) and not _counted(number, item.source.quote)
        ]
        other += [ordinal for ordinal in _ORDINAL.findall(squeeze(told)) if ordinal not in squeeze(item.source.quote)]
        other += [name for name in _NAME.findall(told) if name not in squeeze(item.source.quote)]
        other += [part for part in re.findall(words("strength")["literal"], told) if part not in item.source.quote]
        yield from (Finding((*where, "says"), "number", {"number": number}) for number in other)


def _counted(number: Quantity, quote: str) -> bool:
    """Whether a Chinese numeral is the quote's own word (三大), or counts no more things than the quote lists."""
    if not number.chinese:
        return False
    things = len(_LIST.findall(quote)) + 1
    return number.shown in squeeze(quote) or (number.shown[-1] in _COUNTS + "个" and number.value <= things)


def figures(item: Claim | Earlier, year: int) -> list[Quantity]:
    """Find the figures of a sentence: what is neither the year of its document nor a count of things named."""
    found = [one for one in quantities(asserted(item.says)) if one.value != year or one.unit not in ("", "年")]
    return [one for one in found if not one.chinese or one.unit]
