"""The true counts of a month: made in the database, held in memory while it is closed, written nowhere.

A resident counts in the unit of their first mark and for at most three topics: those lowest by HMAC-SHA256 of the
month's key, so that nobody can choose them and, the key once dropped, nobody can tell which they were.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.interest.marks import Tables, is_there, tables
from storage.interest.rule import (
    BANNER_DIGITS,
    LEAGUE_DIGITS,
    MOST_TOPICS,
    REGION,
    VERIFYING,
    Cell,
    Measure,
    Note,
    Part,
    Unit,
)
from storage.interest.units import placed

_BLOCK = 64  # bytes of a block of SHA-256, see RFC 2104


@dataclass(frozen=True)
class Counts:
    """Distinct residents: in each cell, and active in each unit, banner and league (and visitors of the page)."""

    cells: Mapping[Cell, int] = field(default_factory=dict)
    active: Mapping[Note, int] = field(default_factory=dict)


async def count(conn: AsyncConnection, month: date, units: Sequence[Unit], sensitive: Sequence[str]) -> Counts:
    """Count a month's marks. `sensitive` are topics; their programmes and visitors of the page are counted nowhere."""
    its = tables(month)
    if not await is_there(conn, its.key):
        return Counts()
    await _place(conn, its, units)
    await _choose(conn, its, sensitive)
    cells = {
        Cell(Part(row.part), row.place, row.subject, Measure(row.measure)): int(row.people)
        for row in await conn.execute(text(_CELLS), {"region": REGION})
    }
    active = {Note(Part(row.part), row.place): int(row.people) for row in await conn.execute(text(_ACTIVE))}
    return Counts(cells, active)


async def _place(conn: AsyncConnection, its: Tables, units: Sequence[Unit]) -> None:
    """Say of each home which unit, banner and league it counts in."""
    homes = (await conn.scalars(text(f"SELECT DISTINCT home FROM {its.people}"))).all()  # noqa: S608
    found = placed(units, homes)
    rows = {
        "homes": list(found),
        "units": [unit.id for unit in found.values()],
        "banners": [unit.banner for unit in found.values()],
    }
    await conn.execute(text(_PLACED.format(league=LEAGUE_DIGITS)), rows)


async def _choose(conn: AsyncConnection, its: Tables, sensitive: Sequence[str]) -> None:
    key = bytes(await conn.scalar(text(f"SELECT key FROM {its.key}"))).ljust(_BLOCK, b"\0")  # noqa: S608
    given = {
        "inner": bytes(byte ^ 0x36 for byte in key),
        "outer": bytes(byte ^ 0x5C for byte in key),
        "verifying": list(VERIFYING),
        "sensitive": list(sensitive),
    }
    await conn.execute(text(_COUNTED.format(marks=its.marks, people=its.people, most=MOST_TOPICS)), given)


_PLACED = """
CREATE TEMPORARY TABLE interest_placed ON COMMIT DROP AS
SELECT home, unit, banner, left(banner, {league}) AS league
FROM unnest(CAST(:homes AS text[]), CAST(:units AS text[]), CAST(:banners AS text[])) AS given (home, unit, banner)
"""

_COUNTED = """
CREATE TEMPORARY TABLE interest_counted ON COMMIT DROP AS
WITH lots AS (
  SELECT resident_id, topic, sha256(:outer || sha256(:inner || convert_to(resident_id || '‖' || topic, 'UTF8'))) AS lot
  FROM (SELECT DISTINCT resident_id, topic FROM {marks}) AS asked
), chosen AS (
  SELECT resident_id, topic, row_number() OVER (PARTITION BY resident_id ORDER BY lot, topic) AS turn FROM lots
)
SELECT resident_id, topic, measure, programme, channel, unit, banner, league,
  channel = ANY(CAST(:verifying AS text[])) AS verified, topic = ANY(CAST(:sensitive AS text[])) AS sensitive
FROM chosen JOIN {marks} USING (resident_id, topic) JOIN {people} USING (resident_id)
LEFT JOIN interest_placed USING (home)
WHERE turn <= {most}
"""


def _cells(part: Part, place: str, subject: str, which: str) -> str:
    return (
        f"SELECT '{part}' AS part, {place} AS place, {subject} AS subject, measure,"  # noqa: S608
        f" count(DISTINCT resident_id) AS people FROM interest_counted WHERE {which} GROUP BY 2, 3, 4"
    )


def _active(part: Part, place: str, which: str) -> str:
    return (
        f"SELECT '{part}' AS part, {place} AS place, count(DISTINCT resident_id) AS people"  # noqa: S608
        f" FROM interest_counted WHERE {which} GROUP BY 2"
    )


_VERIFIED = "verified AND unit IS NOT NULL"
_REAL_BANNER = f"length(banner) = {BANNER_DIGITS}"
_REAL_LEAGUE = f"length(league) = {LEAGUE_DIGITS}"

_CELLS = "\nUNION ALL ".join(
    (
        _cells(Part.UNIT, "unit", "topic", f"{_VERIFIED} AND NOT sensitive"),
        _cells(Part.SENSITIVE, "banner", "topic", f"{_VERIFIED} AND sensitive AND {_REAL_BANNER}"),
        _cells(
            Part.PROGRAMME,
            "league",
            "programme",
            f"{_VERIFIED} AND NOT sensitive AND programme <> '' AND {_REAL_LEAGUE}",
        ),
        _cells(Part.CHANNEL, "league", "channel", f"{_VERIFIED} AND measure = 'asked' AND {_REAL_LEAGUE}"),
        _cells(Part.WEB, "CAST(:region AS text)", "topic", "channel = 'web' AND NOT sensitive"),
    )
)

_ACTIVE = "\nUNION ALL ".join(
    (
        _active(Part.UNIT, "unit", _VERIFIED),
        _active(Part.BANNER, "banner", _VERIFIED),
        _active(Part.LEAGUE, "league", _VERIFIED),
        _active(Part.WEB, f"'{REGION}'", "channel = 'web' AND NOT sensitive"),
    )
)
