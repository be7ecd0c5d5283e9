"""A small region with residents who ask, and the plain reckoning that the close is held to."""

import hmac
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from random import Random

from sqlalchemy import insert, text

from storage.database import Database
from storage.interest import closing, marks, rule
from storage.interest.counting import Counts
from storage.interest.marks import Mark
from storage.interest.rule import Cell, Frame, Measure, Note, Part, Unit
from storage.interest.units import placed
from storage.tables import resident

NOVEMBER = date(2026, 11, 1)
DECEMBER = datetime(2026, 12, 2, 2, 0, tzinfo=UTC)
TOPICS = ("subsidy", "insurance", "loan", "work")
SENSITIVE = ("low-income",)
PROGRAMMES = {
    "grain": "subsidy",
    "machine": "subsidy",
    "crop": "insurance",
    "cow": "insurance",
    "farm-loan": "loan",
    "jobs": "work",
    "dibao": "low-income",
}
BANNERS = ("150621", "150622", "150521")
TOWNS = ("150621100", "150621101", "150622100", "150521100")
FRAME: Frame = rule.frame(TOPICS, SENSITIVE, PROGRAMMES, BANNERS)


async def people(
    database: Database, count: int, *, channel: str = "wechat", home: str = "", first: int = 0
) -> list[int]:
    """Make residents and return their ids."""
    today = date(2026, 11, 1)
    rows = [
        {
            "channel": channel, "account": "main", "address": f"{home}-{number}", "places": [home] if home else [],
            "created_on": today, "seen_on": today,
        }
        for number in range(first, first + count)
    ]  # fmt: skip
    async with database.begin() as conn:
        return list((await conn.scalars(insert(resident).returning(resident.c.id), rows)).all())


def asked(
    ids: Iterable[int], programme: str, home: str, *, channel: str = "wechat", month: date = NOVEMBER
) -> list[Mark]:
    topic = PROGRAMMES[programme]
    return [Mark(month, one, Measure.ASKED, topic, programme, home[:9], channel) for one in ids]


async def write(database: Database, given: Sequence[Mark]) -> None:
    async with database.begin() as conn:
        await marks.write(conn, given)


async def close(database: Database, month: date = NOVEMBER, at: datetime = DECEMBER) -> closing.Closed | None:
    async with database.begin() as conn:
        return await closing.close(conn, month, FRAME, today=at.date(), now=at)


async def drop_months(database: Database) -> None:
    async with database.begin() as conn:
        for month in await marks.open_months(conn):
            await marks.drop(conn, month)


async def tables_there(database: Database) -> list[str]:
    async with database.begin() as conn:
        return list(
            (await conn.scalars(text("SELECT tablename FROM pg_tables WHERE tablename ~ '^interest_open'"))).all()
        )


def reckoned(given: Sequence[Mark], key: bytes, units: Sequence[Unit]) -> Counts:
    """What the close must count, by the words of the rule and without a database."""
    first = {mark.resident_id: mark for mark in reversed(given)}
    where = placed(units, {mark.home for mark in first.values()})
    topics = defaultdict(set)
    for mark in given:
        topics[mark.resident_id].add(mark.topic)
    chosen = {who: set(sorted(mine, key=lambda topic: _lot(key, who, topic))[:3]) for who, mine in topics.items()}
    cells: set[tuple[Cell, int]] = set()
    active: set[tuple[Note, int]] = set()
    for mark in given:
        if mark.topic in chosen[mark.resident_id]:
            start = first[mark.resident_id]
            for cell in _cells(mark, start, where.get(start.home)):
                cells.add((cell, mark.resident_id))
            active |= {(note, mark.resident_id) for note in _active(mark, start, where.get(start.home))}
    return Counts(Counter(cell for cell, _ in cells), Counter(note for note, _ in active))


def _lot(key: bytes, who: int, topic: str) -> bytes:
    return hmac.digest(key, f"{who}‖{topic}".encode(), "sha256")


def _cells(mark: Mark, start: Mark, unit: Unit | None) -> Iterable[Cell]:
    sensitive = mark.topic in SENSITIVE
    if start.channel == "web" and not sensitive:
        yield Cell(Part.WEB, "15", mark.topic, mark.measure)
    if start.channel not in rule.VERIFYING or unit is None:
        return
    if sensitive:
        if len(unit.banner) == 6:
            yield Cell(Part.SENSITIVE, unit.banner, mark.topic, mark.measure)
    else:
        yield Cell(Part.UNIT, unit.id, mark.topic, mark.measure)
    if len(unit.league) == 4:
        if mark.programme and not sensitive:
            yield Cell(Part.PROGRAMME, unit.league, mark.programme, mark.measure)
        if mark.measure is Measure.ASKED:
            yield Cell(Part.CHANNEL, unit.league, start.channel, mark.measure)


def _active(mark: Mark, start: Mark, unit: Unit | None) -> Iterable[Note]:
    if start.channel == "web" and mark.topic not in SENSITIVE:
        yield Note(Part.WEB, "15")
    if start.channel in rule.VERIFYING and unit is not None:
        yield from (Note(Part.UNIT, unit.id), Note(Part.BANNER, unit.banner), Note(Part.LEAGUE, unit.league))


def a_month(random: Random, crowd: Sequence[int], month: date = NOVEMBER) -> list[Mark]:
    """Marks of some residents, as skewed as interests are."""
    made: list[Mark] = []
    for who in crowd:
        home = random.choices([*TOWNS, "150622", "1506", "15"], [9, 4, 6, 3, 1, 1, 1])[0]
        channel = random.choices(["wechat", "telegram", "web"], [8, 1, 3])[0]
        for _ in range(random.choice([1, 1, 1, 2, 5])):
            programme = random.choices(list(PROGRAMMES), [20, 3, 8, 2, 4, 5, 3])[0]
            measure = random.choices(list(Measure), [9, 1, 2, 2, 1])[0]
            named = "" if measure is Measure.UNANSWERED else programme
            made.append(Mark(month, who, measure, PROGRAMMES[programme], named, home, channel))
    return made
