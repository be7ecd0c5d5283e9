"""What is slow to find out of content: measured in a thread, once for each state of the content, then kept."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from content.check.findings import said
from content.coverage import Coverage, coverage
from content.library import Library
from content.programme import Programme
from content.readability import Plain, Readability, readability
from content.tables import Document

Result = TypeVar("Result")

CATALOGUE = "catalogue.yaml"
"""The list of all measures of the documents, if the own folder of a deployment holds one."""


@dataclass(frozen=True)
class Told:
    """How much of a document the cards rest on. `silent` are its clauses that no card cites, as one calls them."""

    document: Document
    cards: int
    cited: int
    silent: tuple[str, ...]


@dataclass
class Measures:
    """The newest measures. One at a time is made: it fills a processor for some seconds."""

    _kept: dict[str, tuple[Library, object]] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def readable(self, library: Library) -> list[tuple[Programme, Readability]]:
        """How plain each card is, the hardest first."""
        return await self._of("readable", library, _readable)

    async def told(self, library: Library) -> list[Told]:
        """What of each document the cards rest on."""
        return await self._of("told", library, _told)

    async def covered(self, library: Library, own: Path | None) -> Coverage | None:
        """How much of the catalogue is told; None where there is no catalogue."""
        catalogue = own / CATALOGUE if own else None
        if catalogue is None or not await asyncio.to_thread(catalogue.exists):
            return None
        return await self._of("covered", library, lambda one: coverage(one, catalogue))

    async def _of(self, name: str, library: Library, measure: Callable[[Library], Result]) -> Result:
        async with self._turn:
            of, found = self._kept.get(name, (None, None))
            if of is not library:
                found = await asyncio.to_thread(measure, library)
                self._kept[name] = library, found
            return found  # type: ignore[return-value]


def _readable(library: Library) -> list[tuple[Programme, Readability]]:
    plain = Plain.load()
    made = [(one, readability(one, plain)) for one in library.programmes.values() if not one.is_stub]
    return sorted(made, key=lambda row: -row[1].share)


def _told(library: Library) -> list[Told]:
    cards: Counter[str] = Counter()
    cited: dict[str, set[str]] = {}
    for programme in library.programmes.values():
        sources = [item.source for _, item in said(programme)]
        cards.update({source.doc for source in sources})
        for source in sources:
            cited.setdefault(source.doc, set()).add(source.clause)
    return [_of_document(one, cards[one.id], cited.get(one.id, set())) for one in library.documents.values()]


def _of_document(document: Document, cards: int, cited: set[str]) -> Told:
    silent = tuple(clause.label for clause in document.clauses if clause.key not in cited)
    return Told(document, cards, len(document.clauses) - len(silent), silent)
