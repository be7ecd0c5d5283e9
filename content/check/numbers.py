"""Every number said is in the quote; a number of a year that has passed is not told as of now."""

import re
from collections.abc import Iterator

from content.check.findings import Finding, Where, said
from content.library import Library
from content.programme import Claim, Earlier, Programme
from content.source_text import squeeze
from content.tables import Document

_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_UNITS = "元块亩户岁成倍头只口平方公里处万亿%％"
_CHINESE = re.compile(
    f"(?:[二三四五六七八九十两百千万][一二三四五六七八九十百千万零]*|一[百千万十][一二三四五六七八九十百千万零]*)[{_UNITS}]"
)


def numbers(text: str) -> list[str]:
    """Find the numbers of a sentence: digits, and Chinese numerals before a unit of measure."""
    squeezed = squeeze(text)
    return _DIGITS.findall(squeezed) + _CHINESE.findall(squeezed)


def check_numbers(programme: Programme, library: Library) -> Iterator[Finding]:
    """Hold the numbers of every sentence to its quote and of the one line to the sentences."""
    for where, item in said(programme):
        document = library.documents.get(item.source.doc)
        if document is not None:
            yield from _invented(where, item, document)
            yield from _lapsed(where, item, document)
    years = {str(document.year) for document in library.documents.values()}
    told = set(numbers("".join(item.says for _, item in said(programme)))) | years
    for number in numbers(programme.one_line):
        if number not in told:
            yield Finding(("one_line",), "one_line_more", {"word": number})


def _invented(where: Where, item: Claim | Earlier, document: Document) -> Iterator[Finding]:
    held = {*numbers(item.source.quote), str(document.year)}
    quote = squeeze(item.source.quote)
    for number in numbers(item.says):
        if number not in held and not (number[0] not in "0123456789" and number in quote):
            yield Finding((*where, "says"), "number", {"number": number})


def _lapsed(where: Where, item: Claim | Earlier, document: Document) -> Iterator[Finding]:
    """A claim (not `before`) may not tell a figure of a document whose targets have passed."""
    if document.lapsed is None or isinstance(item, Earlier) or item.lasting or "2030" in item.source.quote:
        return
    for number in numbers(item.says):
        if number != str(document.year):
            yield Finding((*where, "says"), "lapsed", {"number": number, "doc": document.called})
    old = re.search(r"到?20(1\d|2[0-5])年(底|前|末)?", squeeze(item.says).replace(f"{document.year}年", ""))
    if old:
        yield Finding((*where, "says"), "lapsed", {"number": old[0], "doc": document.called})
