"""The rule: what is counted, how few are too few, and how a figure is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

VERSION = 1
"""Which rule made a release. Changed with any number or sentence of this module; a release is never made anew."""

SMALLEST = 10  # people in a cell; fewer are not shown
SMALLEST_SENSITIVE = 20
STEP = 5  # figures are rounded to it
ENOUGH = 30  # active people in a unit; with fewer it shows nothing at all
MOST_TOPICS = 3  # of one resident in a month
VERIFYING = ("telegram", "wechat")
"""Channels that verify an account. Others (the web page) count at region level only: anybody can be many visitors."""

REGION = "15"
LEAGUE_DIGITS, BANNER_DIGITS, TOWNSHIP_DIGITS = 4, 6, 9


class Measure(StrEnum):
    """What of interest is counted: distinct residents a month."""

    ASKED = "asked"
    SUBSCRIBED = "subscribed"  # newly
    UNANSWERED = "unanswered"  # found no card; filed under the nearest topic
    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"


class Part(StrEnum):
    """The tables of a release. `subject` of a cell is a topic, a programme or a channel, as said here."""

    UNIT = "unit"  # unit × topic
    BANNER = "banner"  # sums of what its units show; so are the next two
    LEAGUE = "league"
    REGION = "region"
    SENSITIVE = "sensitive"  # banner × sensitive topic, in no other table
    PROGRAMME = "programme"  # league × programme
    CHANNEL = "channel"  # league × channel, asked only
    WEB = "web"  # visitors of the page × topic, the whole region


SUMS = (Part.BANNER, Part.LEAGUE, Part.REGION)


class Cell(NamedTuple):
    """Where a figure stands. `place` is a unit's id or a stem."""

    part: Part
    place: str
    subject: str
    measure: Measure


class Note(NamedTuple):
    """What is said of a whole block of cells; `subject` is empty, or the topic whose programmes are meant."""

    part: Part
    place: str
    subject: str = ""


@dataclass(frozen=True)
class Frame:
    """What could be counted, known to everybody: topics, programmes and places, as they were at the close."""

    topics: frozenset[str]
    sensitive: frozenset[str]  # topics; none of them is in `topics`
    topic_of: Mapping[str, str]  # programme → topic, without those of sensitive topics
    banners: frozenset[str]  # stems, the pseudo-banners of those who said no banner included: 15, 1506, 150621


def frame(
    topics: Iterable[str], sensitive: Iterable[str], topic_of: Mapping[str, str], banners: Iterable[str]
) -> Frame:
    """Put a frame together. `banners` are stems of six digits."""
    kept = frozenset(sensitive)
    stems = frozenset(banners)
    wide = {REGION} | {stem[:LEAGUE_DIGITS] for stem in stems}
    shown = {programme: topic for programme, topic in topic_of.items() if topic not in kept}
    return Frame(frozenset(topics) - kept, kept, shown, stems | wide)


@dataclass(frozen=True)
class Unit:
    """A group that figures are shown for. `members` are stems of townships, or the banner's own: no township said.

    `rest` takes every stem of the banner that no unit names.
    """

    id: str
    banner: str
    members: tuple[str, ...]
    rest: bool

    @property
    def league(self) -> str:
        """The league's stem; the region's for those who said no league."""
        return self.banner[:LEAGUE_DIGITS]


@dataclass(frozen=True)
class Release:
    """A month as it is shown. A cell without a figure is not shown, and nobody can tell 0 from too few.

    `enough` are units, banners, leagues (and the page's visitors) with at least ENOUGH active people; `withheld` are
    blocks that the audit took out.
    """

    month: date
    units: tuple[Unit, ...]
    figures: Mapping[Cell, int]
    enough: frozenset[Note]
    withheld: frozenset[Note]


def smallest(part: Part) -> int:
    """How many people a cell of this part needs to be shown."""
    return SMALLEST_SENSITIVE if part is Part.SENSITIVE else SMALLEST


def written(part: Part, count: int) -> int | None:
    """Return the figure shown for a count, None where it is not shown."""
    return None if count < smallest(part) else STEP * ((count + STEP // 2) // STEP)


def behind(part: Part, figure: int | None) -> tuple[int, int]:
    """Return the counts that a figure may stand for: the least and the most. The rule itself tells so much."""
    if figure is None:
        return 0, smallest(part) - 1
    return max(smallest(part), figure - STEP // 2), figure + STEP // 2
