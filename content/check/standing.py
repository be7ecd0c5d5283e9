"""Standing follows the clauses that the programme itself cites (design.md §5)."""

import re
from collections.abc import Iterator

from content.check.findings import Finding, words
from content.check.strength import weak_verbs
from content.library import Library
from content.programme import Claim, Programme, Standing
from content.source_text import squeeze

_LONG = 4
"""A run of so many characters shared with the name is no chance, even where its words are common ones (基础设施)."""


def check_standing(programme: Programme, library: Library) -> Iterator[Finding]:
    """Hold `standing` to the documents and verbs of the claims."""
    reason = _contradiction(programme, newest(library))
    if reason:
        yield Finding(("standing",), "standing", {"standing": programme.standing.value, "why": reason})


def newest(library: Library) -> str:
    """The id of the region's newest document."""
    region = [document for document in library.documents.values() if document.city is None]
    return max(region, key=lambda document: document.year).id


def _contradiction(programme: Programme, current: str) -> str | None:
    now = [claim for claim in programme.claims if claim.source.doc == current]
    match programme.standing:
        case Standing.IN_FORCE:
            return _not_in_force(programme, now)
        case Standing.PILOT if not programme.claims or not weak_verbs(programme.claims[0].source.quote):
            return "第一条 claim 的原话里没有“试点、探索、争取、研究、鼓励”"
        case Standing.ENDED if programme.claims:
            return "已经结束的事不该还有 claims，应放 before"
        case Standing.LAST_WORD | Standing.DUTY if not programme.claims and not programme.local:
            return "没有 claims"
        case Standing.DUTY if not re.search(words("strength")["standing"]["duty"], _quotes(programme)):
            return "claims 的原话里没有一句是要人遵守的（不许、严禁、整治、管理…）"
    return None


def _not_in_force(programme: Programme, now: list[Claim]) -> str | None:
    if not now:
        return "claims 里没有一条出自最新的自治区文件"
    named = [claim for claim in now if names(programme, claim.source.quote)]
    if not named:
        return "最新的自治区文件只说到它那一大类，没点它的名，应是 last_word"
    if all(weak_verbs(claim.source.quote) for claim in named):
        return "最新的自治区文件只是试点、探索、争取或鼓励，应是 pilot"
    return None


def names(programme: Programme, quote: str) -> bool:
    """Whether a quote names the thing: it shares a word with the name that is neither common nor its family's."""
    table, called = words("strength")["standing"], programme.name + "，" + programme.short
    held = squeeze(quote)
    for family in table["families"]:
        if family not in programme.name:
            held = held.replace(family, "，")
    common = re.compile(table["common"])
    shared = _runs(common.sub("，", called), 2) & _runs(common.sub("，", held), 2)
    everywhere = re.compile(table["everywhere"])
    long = _runs(everywhere.sub("，", called), _LONG) & _runs(everywhere.sub("，", held), _LONG)
    return bool(shared or long)


def _runs(text: str, size: int) -> set[str]:
    runs = {text[at : at + size] for at in range(len(text) - size + 1)}
    return {run for run in runs if all("一" <= character <= "鿿" for character in run)}


def _quotes(programme: Programme) -> str:
    return "，".join(claim.source.quote for claim in programme.claims)
