"""What staff of places have published: windows and local details, as residents are shown them. A frozen snapshot.

It is handed in, read from wherever it is kept: content knows no storage.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, TypeVar

from content.places.place import LEVELS

REGION = "15"
"""Where a resident is who named no place: what holds for the whole region holds there too."""

Timing = Literal["dated", "open_ended", "yearly", "awaiting"]
Kind = Literal["standard", "where", "phone", "papers", "quota"]


@dataclass(frozen=True)
class Window:
    """When and where one can apply for a thing, in one place (a stem). The last day is itself open."""

    id: int
    programme: str | None
    matter: str | None
    place: str
    timing: Timing
    opens_on: date | None
    closes_on: date | None
    about: str | None
    where_to_go: str | None
    what_to_bring: str | None
    source: str
    topic: str | None = None
    sensitive: bool = False
    batch: str = ""


@dataclass(frozen=True)
class Detail:
    """What a place (a stem) adds to a thing, and where that stands; not shown after `lapses_on`."""

    programme: str | None
    matter: str | None
    place: str
    kind: Kind
    says: str
    source: str
    lapses_on: date


_Entry = TypeVar("_Entry", Window, Detail)


@dataclass(frozen=True)
class Local:
    """Everything published, to be asked by place: a place is told its own and what the levels above it say."""

    windows: tuple[Window, ...] = ()
    details: tuple[Detail, ...] = ()

    def windows_at(self, stem: str | None) -> tuple[Window, ...]:
        """The windows of a place and of the levels above it, the nearest level first."""
        return _at(self._windows, stem)

    def details_at(self, stem: str | None, today: date) -> tuple[Detail, ...]:
        """What a place and the levels above it add to anything, the nearest level first, without what has lapsed."""
        return tuple(one for one in _at(self._details, stem) if one.lapses_on >= today)

    def windows_of(self, programme: str, stem: str | None) -> tuple[Window, ...]:
        """Those of one programme."""
        return tuple(one for one in self.windows_at(stem) if one.programme == programme)

    def details_of(self, programme: str, stem: str | None, today: date) -> tuple[Detail, ...]:
        """What a place and the levels above it add to a programme, the nearest level first, without what has lapsed."""
        return tuple(one for one in self.details_at(stem, today) if one.programme == programme)

    def nearer(self, programme: str, stem: str | None) -> bool:
        """Whether some place below this one tells something of a programme: then it helps to know where exactly."""
        here = stem or ""
        return any(place.startswith(here) and len(place) > len(here) for place in self._places.get(programme, ()))

    @cached_property
    def _places(self) -> Mapping[str, frozenset[str]]:
        placed: dict[str, set[str]] = {}
        entries: tuple[Window | Detail, ...] = (*self.windows, *self.details)
        for one in entries:
            placed.setdefault(one.programme or "", set()).add(one.place)
        return {programme: frozenset(places) for programme, places in placed.items()}

    @cached_property
    def _windows(self) -> Mapping[str, tuple[Window, ...]]:
        return _by_place(self.windows)

    @cached_property
    def _details(self) -> Mapping[str, tuple[Detail, ...]]:
        return _by_place(self.details)


def _by_place(entries: Iterable[_Entry]) -> Mapping[str, tuple[_Entry, ...]]:
    placed: dict[str, list[_Entry]] = {}
    for one in entries:
        placed.setdefault(one.place, []).append(one)
    return {place: tuple(found) for place, found in placed.items()}


def _at(placed: Mapping[str, tuple[_Entry, ...]], stem: str | None) -> tuple[_Entry, ...]:
    here = stem or REGION
    levels = (here[:digits] for digits in sorted(LEVELS, reverse=True) if digits <= len(here))
    return tuple(one for level in levels for one in placed.get(level, ()))
