"""Standing follows the clauses that the programme itself cites (design.md §5)."""

import re
from collections.abc import Iterator

from content.check.findings import Finding, words
from content.programme import Programme, Standing

NEWEST = "nmg-2026"


def check_standing(programme: Programme) -> Iterator[Finding]:
    """Hold `standing` to the documents and verbs of the claims."""
    reason = _contradiction(programme)
    if reason:
        yield Finding(("standing",), "standing", {"standing": programme.standing.value, "why": reason})


def _contradiction(programme: Programme) -> str | None:
    newest = any(claim.source.doc == NEWEST for claim in programme.claims)
    quotes = "".join(claim.source.quote for claim in programme.claims)
    weak = any(re.search(rule["verb"], quotes) for rule in words("strength")["weak"])
    match programme.standing:
        case Standing.IN_FORCE if not newest:
            return "claims 里没有一条出自2026年文件"
        case Standing.PILOT if not weak:
            return "claims 的原话里没有“试点、探索、争取、研究、鼓励”"
        case Standing.ENDED if programme.claims:
            return "已经结束的事不该还有 claims，应放 before"
        case Standing.LAST_WORD | Standing.DUTY if not programme.claims and not programme.local:
            return "没有 claims"
    return None
