"""Live through the months: residents, marks and closes in a database of their own, the real code throughout."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr
from sqlalchemy import insert

from bot.interest.simulation import plain
from bot.interest.simulation.plain import Broken
from bot.interest.simulation.villages import (
    CHANNELS,
    EVERY,
    SYBILS,
    TOPICS,
    Asked,
    Integers,
    Region,
    ask,
    marks,
    settle,
    truth,
)
from bot.interest.writer import BULK
from storage.database import Database
from storage.interest import audit, closing
from storage.interest.marks import Mark, write
from storage.interest.rule import BANNER_DIGITS, VERIFYING, Cell, Measure, Part, Release
from storage.schema import upgrade
from storage.tables import resident

PLAIN_EVERY = 6
"""Plain k-suppression is attacked in every sixth month: it has thousands of cells to solve for, one by one."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Month:
    """What came of a month; `ours` and `plain` are shares, correlations by banner, and what an attacker gets."""

    month: date
    people: int
    published: float  # of people-topics that accounts which verify asked, without the sensitive
    published_plain: float
    ranks: Sequence[float]
    ranks_plain: Sequence[float]
    hidden: int
    broken: int
    withheld: int
    blank_units: int
    attacked_plain: Broken | None
    unmasked_plain: int


@asynccontextmanager
async def _database() -> AsyncIterator[Database]:
    with tempfile.TemporaryDirectory(prefix="mingbai-simulation-") as folder:
        database = await Database.open(None, Path(folder))
        try:
            await asyncio.to_thread(upgrade, database.url)
            yield database
        finally:
            await database.close()


async def live(seed: int, villages: int, months: int, tell: Tell) -> list[Month]:
    """Live through so many months from January 2027 on; `tell` hears of each."""
    rng = np.random.default_rng(seed)
    region = settle(rng, villages)
    lived: list[Month] = []
    async with _database() as database:
        ids = await _residents(database, region)
        sybils = await _insert(database, [("web", f"sybil-{number}", region.towns[0]) for number in range(SYBILS)])
        years = _Years(database, region, rng, ids, sybils)
        for number in range(months):
            month = date(2027 + number // 12, number % 12 + 1, 1)
            lived.append(await years.pass_(month, attack=number % PLAIN_EVERY == 0))
            tell(f"{month:%Y-%m}: {lived[-1].people} people asked, {lived[-1].broken} hidden cells broken")
    return lived


@dataclass(frozen=True)
class _Years:
    database: Database
    region: Region
    rng: np.random.Generator
    ids: Integers
    sybils: Integers

    async def pass_(self, month: date, *, attack: bool) -> Month:
        """Let a month pass, close it, and judge what was released. `attack`: attack plain k-suppression too."""
        asked = ask(self.region, self.rng, month)
        target = int(self.rng.integers(len(TOPICS)))
        made = marks(self.region, asked, self.ids, self.rng, month)
        await _write(self.database, [*made, *_sybil_marks(self.region, self.sybils, month, target)])
        release = await _close(self.database, self.region, month)
        return _judged(self.region, asked, release, target, attack=attack)


async def _residents(database: Database, region: Region) -> Integers:
    rows = [
        (CHANNELS[channel], str(number), region.towns[town])
        for number, (channel, town) in enumerate(zip(region.channel_of, region.town_of, strict=True))
    ]
    return await _insert(database, rows)


async def _insert(database: Database, rows: Sequence[tuple[str, str, str]]) -> Integers:
    first = date(2026, 12, 1)
    fixed = {"account": "main", "created_on": first, "seen_on": first}
    values = [fixed | {"channel": channel, "address": name, "places": [home]} for channel, name, home in rows]
    async with database.begin() as conn:
        asked = insert(resident).returning(resident.c.id, sort_by_parameter_order=True)
        return np.array((await conn.scalars(asked, values)).all(), dtype=np.int64)


def _sybil_marks(region: Region, sybils: Integers, month: date, target: int) -> list[Mark]:
    """The attacker's visitors, all in the first town and for one topic, to lift its cell over the limit."""
    name = TOPICS[target]
    where = (region.towns[0], "web")
    return [Mark(month, int(one), Measure.ASKED, name, f"{name}-0", *where) for one in sybils]


async def _write(database: Database, found: Sequence[Mark]) -> None:
    for start in range(0, len(found), BULK):
        async with database.begin() as conn:
            await write(conn, found[start : start + BULK])


async def _close(database: Database, region: Region, month: date) -> Release:
    over = datetime(month.year + month.month // 12, month.month % 12 + 1, 2, tzinfo=UTC)
    async with database.begin() as conn:
        closed = await closing.close(conn, month, region.frame, today=over.date(), now=over)
    assert closed is not None  # noqa: S101 - every month is closed once here
    return closed.release


def _judged(region: Region, asked: Asked, release: Release, target: int, *, attack: bool) -> Month:
    everybody, verified = (truth(region, asked, channels)[:, : len(TOPICS)] for channels in (CHANNELS, VERIFYING))
    lifted = everybody.copy()
    lifted[0, target] += SYBILS
    banner_of = [town[:BANNER_DIGITS] for town in region.towns]
    true, shown = _summed(everybody, banner_of), plain.shown(everybody)
    found = audit.attack(release, region.frame)
    units = sum(figure for cell, figure in release.figures.items() if _is_asked(cell, Part.UNIT))
    return Month(
        month=release.month,
        people=len(np.unique(asked.who)),
        published=units / int(verified.sum()),
        published_plain=int(shown.sum()) / int(everybody.sum()),
        ranks=_ranks(_by_banner(release, sorted(set(banner_of))), true),
        ranks_plain=_ranks(_summed(shown, banner_of), true),
        hidden=found.looked_at,
        broken=len(found.broken) + len(found.leaking_sums) + len(found.impossible),
        withheld=len(release.withheld),
        blank_units=len(release.units) - sum(note.part is Part.UNIT for note in release.enough),
        attacked_plain=plain.attack(everybody, banner_of) if attack else None,
        unmasked_plain=plain.unmasked(everybody, lifted),
    )


def _is_asked(cell: Cell, part: Part) -> bool:
    return cell.part is part and cell.measure is Measure.ASKED


def _by_banner(release: Release, banners: Sequence[str]) -> Integers:
    table = np.zeros((len(banners), len(TOPICS)), dtype=np.int64)
    for cell, figure in release.figures.items():
        if _is_asked(cell, Part.BANNER) and cell.place in banners:
            table[banners.index(cell.place), EVERY.index(cell.subject)] = figure
    return table


def _summed(table: Integers, banner_of: Sequence[str]) -> Integers:
    names = sorted(set(banner_of))
    return np.stack([table[[banner == name for banner in banner_of]].sum(axis=0) for name in names])


def _ranks(published: Integers, true: Integers) -> list[float]:
    """Spearman's correlation of topics with the truth in each banner; what is not shown counts as 0."""
    pairs = zip(published, true, strict=True)
    return [float(spearmanr(shown, real).statistic) if shown.any() else 0.0 for shown, real in pairs]
