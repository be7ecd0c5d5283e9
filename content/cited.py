"""Which document, and which clause of it, a text names: 2026年文件第16条, 鄂党农牧组发〔2023〕7号, its title."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from content.search.fold import fold
from content.tables import Document

_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,8}发20\d\d第?\d{1,4}号(文件)?")
_CLAUSE = re.compile(r"第(?P<number>\d{1,2}|[一二三四五六七八九十]{1,3})条")
_ISSUER = r"自治区|内蒙古?|区里|鄂尔多斯|乌海"
_NAMED = re.compile(
    rf"(?P<before>{_ISSUER})?市?的?(?P<year>20\d\d)?年?(?:的|那份|那个)?(?P<after>{_ISSUER})?市?(?:的|那份)?"
    r"(?P<first>[一1]号)?(?:政策)?(?:文件|实施意见|意见|方案)"
)
_NOTHING = re.compile(
    r"(里头?|里面|上|都|是|说|讲|写|念|的|了|过|呢|吗|啊|啥|甚|什么|咋|怎么|内容|规定|要求|看|查|一?下|有|哪些|"
    r"关于|我|想|要|问|给|请|全文|原文|解读|中|和|跟|与|那|这|个|份|条|发|呀|哪|儿|找|能|不|没|听)*"
)
_DIGIT = {digit: number for number, digit in enumerate("一二三四五六七八九", 1)}
TITLE_RUN = 10
"""So many characters of a title in one run name the document."""


@dataclass(frozen=True)
class Cited:
    """What a text names and nothing else: documents of ours that it may be, and a clause's key if one is named.

    Without documents it names one that is not ours, or where `known` one of ours but a clause that it has not.
    """

    documents: tuple[Document, ...]
    clause: str | None
    known: bool


def cited(text: str, documents: Collection[Document]) -> Cited | None:
    """Read a text that names a document or a clause and has no other subject; None for any other text."""
    said = fold(text).replace(" ", "")
    clause, named = _CLAUSE.search(said), _named(said)
    held = [(one, run) for one in documents for run in [_of_title(said, one)] if run]
    found = [hit[0] for hit in (clause, _NUMBER.search(said), named) if hit] + [run for _, run in held]
    if not found or not _NOTHING.fullmatch(_without(said, found)):
        return None
    key = _key(clause["number"]) if clause else None
    meant = [one for one, _ in held] or _meant(said, named, documents)
    return Cited(tuple(one for one in meant if key is None or one.has(key)), key, known=bool(meant))


def _named(said: str) -> re.Match[str] | None:
    """Find 2023年文件, 鄂尔多斯的方案, 一号文件; the bare word 文件 names none."""
    return next((hit for hit in _NAMED.finditer(said) if any(hit.groupdict().values())), None)


def _meant(said: str, named: re.Match[str] | None, documents: Collection[Document]) -> list[Document]:
    if _NUMBER.search(said):
        return [one for one in documents if one.number and fold(one.number).replace(" ", "") in said]
    year, where = (named["year"], named["before"] or named["after"]) if named else (None, None)
    city = where if where in ("鄂尔多斯", "乌海") else None
    fitting = [one for one in documents if year in (None, str(one.year))]
    return [one for one in fitting if where is None or (one.city is None if city is None else one.city == city)]


def _of_title(said: str, document: Document) -> str:
    """The run of a text that stands in the title of a document; empty where none is long enough."""
    title = fold(document.title).replace(" ", "")
    starts = [start for start in range(len(said) - TITLE_RUN + 1) if said[start : start + TITLE_RUN] in title]
    return said[starts[0] : starts[-1] + TITLE_RUN] if starts and document.title_stated else ""


def _without(said: str, parts: Collection[str]) -> str:
    for part in sorted(parts, key=len, reverse=True):
        said = said.replace(part, "")
    return said


def _key(number: str) -> str:
    """Write a clause's number in digits: 十六 is 16."""
    if number.isdecimal():
        return number
    tens, ten, ones = number.rpartition("十")
    return str((_DIGIT.get(tens, 1) * 10 if ten else 0) + _DIGIT.get(ones, 0))
