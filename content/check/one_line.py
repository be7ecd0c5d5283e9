"""The one line says no more than the sentences: no bolder word, no other number, year, person or thing."""

import re
from collections.abc import Iterator

from content.check.findings import Finding, asserted, said, words
from content.check.numerals import quantities, same
from content.check.strength import promises, weak_verbs
from content.library import Library
from content.programme import Claim, Earlier, Programme, Standing
from content.source_text import squeeze

_LED = re.compile(r"(20\d\d)年([^。]*?)(?=20\d\d年|。|$)")
_PLAIN = frozenset(
    "的了在是说要也还都就和跟与及或这那些个把给让对里上下等着能会可有没不从到往向用做办为以之其中一二三两年时候什么怎么样接再更好得点名文件解读提过几"
)
"""Characters that join words, or that any sentence has: what is new must show in the others."""
MOST_NEW = 0.34
"""Of the pairs of characters said after a year, so many may be missing in the sentences of that year: wording only."""


def check_one_line(programme: Programme, library: Library) -> Iterator[Finding]:
    """Hold the one line to the sentences that hold now, or where none does to the older ones."""
    line, where = programme.one_line, ("one_line",)
    if not line:
        return
    told = _told(programme)
    yield from promises(where, line, "".join(item.source.quote for item in told))
    yield from _bolder(line, told)
    yield from _unsoftened(programme, told)
    yield from _years(line, told, library, programme)


def _told(programme: Programme) -> list[Claim | Earlier]:
    every = [item for _, item in said(programme)]
    return [item for item in every if isinstance(item, Claim)] or every


def _bolder(line: str, told: list[Claim | Earlier]) -> Iterator[Finding]:
    """Strong words and numbers of the one line are those of a sentence, which its own quote holds."""
    says = "".join(item.says for item in told)
    strong = [hit for rule in words("strength")["strong"] for hit in re.findall(rule["says"], asserted(line))]
    held = list(quantities(says))
    numbers = [one for one in quantities(line) if one.unit != "年" and (one.unit or not one.chinese)]
    other = [one.shown for one in numbers if not any(same(one, each) for each in held)]
    for word in [*(word for word in strong if word not in says), *other]:
        yield Finding(("one_line",), "one_line_more", {"word": word})


def _unsoftened(programme: Programme, told: list[Claim | Earlier]) -> Iterator[Finding]:
    """A pilot's one line says so, and every other that it is a document's plan, or what is only named."""
    table, line = words("strength"), programme.one_line
    weak = weak_verbs(told[0].source.quote) if told and programme.standing is Standing.PILOT else []
    some = "|".join([table["push"]["needs"], "点了名", *(rule["needs"] for rule in table["weak"])])
    for verb, rule in weak or [(line, table["push"] | {"needs": some})]:
        if not re.search(rule["needs"], line):
            yield Finding(("one_line",), "softener", {"verb": verb, "instead": rule["instead"]})


def _years(line: str, told: list[Claim | Earlier], library: Library, programme: Programme) -> Iterator[Finding]:
    """What it says of a year, a sentence of that year says; and a year it must name."""
    if not re.search(r"20\d\d", line):
        yield Finding(("one_line",), "one_line_year", {})
    for year, rest in _LED.findall(line):
        of_year = [item for item in told if _year(item, library) == int(year) or f"{year}年" in item.source.quote]
        held = "".join(item.says + squeeze(item.source.quote) for item in of_year) + programme.name + programme.short
        pairs = _pairs(rest)
        new = [pair for pair in pairs if pair not in held]
        if not of_year or len(new) > MOST_NEW * len(pairs):
            yield Finding(("one_line",), "one_line_more", {"word": f"{year}年…{''.join(new[:2])}"})


def _year(item: Claim | Earlier, library: Library) -> int:
    document = library.documents.get(item.source.doc)
    return document.year if document else 0


def _pairs(text: str) -> list[str]:
    """The pairs of neighbouring Han characters that carry meaning."""
    kept = "".join(" " if one in _PLAIN or not "一" <= one <= "鿿" else one for one in text)
    return [kept[at : at + 2] for at in range(len(kept) - 1) if " " not in kept[at : at + 2]]
