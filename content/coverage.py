"""How much of the catalogue the programmes tell: each measure by a claim, or left out with a reason.

Runs where the catalogue (`clauses.yaml`) is at hand; the project itself does not contain it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from content.check.findings import said
from content.library import PACKAGE, Library
from content.load import records
from content.programme import Frozen
from content.source_text import squeeze

Reason = Literal["not_actionable", "repeats", "lapsed_target", "political"]

ALWAYS_TOLD = frozenset({
    "subsidy", "insurance", "loan", "employment", "training", "health", "education", "housing",
    "road-water-power-net", "land-rights", "elderly-child-disabled", "anti-poverty-monitoring", "low-income-aid",
    "duty-or-ban",
})  # fmt: skip
SHARED = 8
"""So many characters of a row, at least, must a claim's quote share with the quote of the measure that it tells."""


class LeftOut(Frozen):
    """A measure that no card tells, and why; `doc`, `clause` and `measure` name it as the catalogue does."""

    doc: str
    clause: str
    measure: str
    reason: Reason


@dataclass(frozen=True)
class Measure:
    """One measure of the catalogue."""

    doc: str
    clause: str
    id: str
    kind: str
    quote: str


@dataclass(frozen=True)
class Coverage:
    """What is told, what is left out with a reason, what is neither, and what may not be left out."""

    told: tuple[Measure, ...]
    left_out: tuple[Measure, ...]
    missing: tuple[Measure, ...]
    wrongly_left_out: tuple[Measure, ...]
    stale: tuple[LeftOut, ...]  # left out, and told all the same, or not in the catalogue


def measures(catalogue: Path) -> Iterator[Measure]:
    """Read the measures of resident-facing clauses from `clauses.yaml`."""
    documents: Mapping[str, Any] = yaml.load(catalogue.read_text("utf-8"), yaml.CSafeLoader)
    for doc, document in documents.items():
        for clause in document["clauses"]:
            for row in clause["measures"]:
                yield Measure(doc, clause["key"], row["id"], row["kind"], squeeze(row["quote"]))


def coverage(library: Library, catalogue: Path) -> Coverage:
    """Compare the library with the catalogue."""
    quotes = _quotes(library)
    reasons = {(row.doc, row.clause, row.measure): row for row in records(LeftOut, PACKAGE / "left_out.yaml", PACKAGE)}
    every = tuple(measures(catalogue))
    told = tuple(
        one for one in every if any(_shares(one.quote, quote) for quote in quotes.get((one.doc, one.clause), ()))
    )
    left = tuple(one for one in every if (one.doc, one.clause, one.id) in reasons and one not in told)
    fresh = {(one.doc, one.clause, one.id) for one in left}
    return Coverage(
        told=told,
        left_out=left,
        missing=tuple(one for one in every if one not in told and one not in left),
        wrongly_left_out=tuple(one for one in left if one.kind in ALWAYS_TOLD),
        stale=tuple(row for key, row in reasons.items() if key not in fresh),
    )


def _quotes(library: Library) -> dict[tuple[str, str], list[str]]:
    quotes: dict[tuple[str, str], list[str]] = {}
    for programme in library.programmes.values():
        for _, item in said(programme):
            quotes.setdefault((item.source.doc, item.source.clause), []).append(squeeze(item.source.quote))
    return quotes


def _shares(measure: str, quote: str) -> bool:
    """Whether the two quotes share a run of at least SHARED characters (or the whole of a shorter one)."""
    size = min(SHARED, len(measure), len(quote))
    runs = {measure[start : start + size] for start in range(len(measure) - size + 1)}
    return any(quote[start : start + size] in runs for start in range(len(quote) - size + 1))
