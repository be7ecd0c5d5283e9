"""Subscribers: for the same fixed units only, rounded, never of a sensitive topic, and only as of a close."""

from sqlalchemy import insert, select, update

from storage.database import Database
from storage.interest import subscribers
from storage.interest.subscribers import EVERYBODY, shown
from storage.interest.units import group, placed
from storage.tables import following, resident
from storage.tables.interest import interest_subscriber
from tests.interest.months import BANNERS, DECEMBER, NOVEMBER, TOWNS, close, people

TOWN, SMALL = TOWNS[0], TOWNS[1]
UNIT = "150621"  # all of its townships are one pool here


async def follow(database: Database, ids: list[int], kind: str, subject: str) -> None:
    rows = [{"resident_id": one, "kind": kind, "subject": subject, "since": DECEMBER} for one in ids]
    async with database.begin() as conn:
        await conn.execute(insert(following), rows)


async def taken(database: Database) -> dict[tuple[str, str], int]:
    await close(database)
    async with database.begin() as conn:
        rows = await conn.execute(select(interest_subscriber))
    return {(row.unit, row.topic): row.figure for row in rows}


async def test_the_close_takes_who_could_be_written_to_and_what_they_follow(months: Database) -> None:
    who = await people(months, 43, home=f"{TOWN}201")
    await follow(months, who[:22], "topic", "subsidy")
    await follow(months, who[11:34], "programme", "grain")  # subsidy too: each counts once
    await follow(months, who[:9], "programme", "crop")
    assert await taken(months) == {(UNIT, EVERYBODY): 45, (UNIT, "subsidy"): 35}


async def test_what_is_sensitive_is_never_counted(months: Database) -> None:
    who = await people(months, 60, home=TOWN)
    await follow(months, who, "topic", "low-income")
    await follow(months, who, "programme", "dibao")
    await follow(months, who, "place", TOWN)
    assert await taken(months) == {(UNIT, EVERYBODY): 60}


async def test_who_stopped_left_or_came_by_the_page_is_not_counted(months: Database) -> None:
    who = await people(months, 40, home=TOWN)
    await people(months, 40, home=TOWN, channel="web")
    async with months.begin() as conn:
        await conn.execute(update(resident).where(resident.c.id.in_(who[:3])).values(stopped_at=DECEMBER))
        await conn.execute(update(resident).where(resident.c.id.in_(who[3:6])).values(gone_at=DECEMBER))
    assert await taken(months) == {(UNIT, EVERYBODY): 35}


async def test_a_unit_of_few_people_shows_nothing_and_a_village_never_stands_alone(months: Database) -> None:
    await people(months, 29, home=f"{SMALL}201")
    who = await people(months, 31, home=f"{TOWN}201", first=100)
    await follow(months, who[:12], "topic", "work")
    figures = await taken(months)
    assert {unit for unit, _ in figures} == {"150621"}, "29 are pooled with the township beside"
    assert figures[("150621", EVERYBODY)] == 60


def test_what_few_follow_is_not_shown_and_no_sum_is() -> None:
    units = group({TOWN: 40, SMALL: 40}, BANNERS)
    unit = placed(units, [TOWN])[TOWN].id
    counts = {(TOWN, EVERYBODY): 40, (TOWN, "work"): 9, (TOWN, "loan"): 12, (SMALL, EVERYBODY): 29, (SMALL, "loan"): 29}
    assert shown(counts, units) == {(unit, EVERYBODY): 40, (unit, "loan"): 10}


async def test_what_is_shown_is_added_up_for_a_place_of_several_units(months: Database) -> None:
    for first, home in enumerate((TOWNS[0], TOWNS[2], TOWNS[3])):
        who = await people(months, 40, home=home, first=1000 * first)
        await follow(months, who[: 10 + 10 * first], "topic", "work")
    await taken(months)
    async with months.begin() as conn:
        assert await subscribers.sums(conn, NOVEMBER, ["150621", "150622"]) == {EVERYBODY: 80, "work": 30}
        assert await subscribers.sums(conn, NOVEMBER, []) == {}
        assert await subscribers.reached(conn) == (NOVEMBER, {"150621": 40, "150622": 40, "150521": 40})


async def test_before_the_first_close_there_is_no_figure(months: Database) -> None:
    await people(months, 90, home=TOWN)
    async with months.begin() as conn:
        assert await subscribers.reached(conn) == (None, {})
