"""Units: townships with enough residents, the others pooled with their smallest siblings. Fixed once a year."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.interest.rule import BANNER_DIGITS, ENOUGH, TOWNSHIP_DIGITS, VERIFYING, Unit
from storage.tables import resident
from storage.tables.interest import interest_unit


def township(stem: str | None) -> str:
    """Return the stem that counts of a home: a village counts as its township, no home as the region."""
    return (stem or "15")[:TOWNSHIP_DIGITS]


def group(homes: Mapping[str, int], banners: Iterable[str]) -> tuple[Unit, ...]:
    """Return the units of every banner. `homes` are counts of residents by stem, cut by `township`."""
    by_banner: dict[str, list[tuple[int, str]]] = {banner: [(0, banner)] for banner in banners}
    for stem, count in homes.items():
        banner = stem[:BANNER_DIGITS]
        if banner in by_banner:
            by_banner[banner] = [*(one for one in by_banner[banner] if one[1] != stem), (count, stem)]
    return tuple(unit for banner in sorted(by_banner) for unit in _of_banner(banner, sorted(by_banner[banner])))


def _of_banner(banner: str, siblings: Sequence[tuple[int, str]]) -> Iterator[Unit]:
    """Fill pools from the smallest stem on; what is left at the end joins the last pool, so that none is too small."""
    pools: list[list[str]] = []
    filling, people = list[str](), 0
    for count, stem in siblings:
        filling, people = [*filling, stem], people + count
        if people >= ENOUGH:
            pools.append(filling)
            filling, people = [], 0
    pools = [*pools[:-1], [*pools[-1], *filling]] if pools else [filling]
    for number, members in enumerate(pools, 1):
        name = members[0] if len(members) == 1 else f"{banner}-{number}"
        yield Unit(banner if len(pools) == 1 else name, banner, tuple(sorted(members)), number == 1)


def placed(units: Iterable[Unit], stems: Iterable[str]) -> dict[str, Unit]:
    """Return the unit of each stem; a stem outside every banner has none, and whoever lives there is not counted."""
    found = list(units)
    named = {member: unit for unit in found for member in unit.members}
    rests = {unit.banner: unit for unit in found if unit.rest}
    homes = {stem: named.get(stem) or rests.get(stem[:BANNER_DIGITS]) for stem in stems}
    return {stem: unit for stem, unit in homes.items() if unit is not None}


async def fixed(conn: AsyncConnection, year: int) -> tuple[Unit, ...]:
    """Return the units of a year, none if they are not fixed yet."""
    asked = select(interest_unit).where(interest_unit.c.year == year).order_by(interest_unit.c.banner, "id")
    return tuple(Unit(row.id, row.banner, tuple(row.members), row.rest) for row in await conn.execute(asked))


async def fix(conn: AsyncConnection, year: int, banners: Iterable[str]) -> tuple[Unit, ...]:
    """Return the units of a year; fix them from the stored homes if they are not."""
    there = await fixed(conn, year)
    if there:
        return there
    made = group(await _homes(conn), banners)
    rows = [vars(unit) | {"year": year, "members": list(unit.members)} for unit in made]
    await conn.execute(insert(interest_unit), rows)
    return await fixed(conn, year)


async def _homes(conn: AsyncConnection) -> dict[str, int]:
    """Count residents by the township that they named as home, on channels that verify an account."""
    home = func.left(func.coalesce(resident.c.places[1], "15"), TOWNSHIP_DIGITS).label("stem")
    asked = select(home, func.count()).where(resident.c.channel.in_(VERIFYING)).group_by(home)
    return {stem: int(count) for stem, count in await conn.execute(asked)}


def in_banners(units: Iterable[Unit]) -> dict[str, list[Unit]]:
    """Return units by banner."""
    ordered = sorted(units, key=lambda unit: (unit.banner, unit.id))
    return {banner: list(found) for banner, found in groupby(ordered, key=lambda unit: unit.banner)}
