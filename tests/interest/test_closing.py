"""The close of a month: what is counted, that nothing of it stays, and that it is done wholly or not at all."""

from datetime import UTC, date, datetime
from random import Random

import pytest
from sqlalchemy import delete, text

from storage.database import Database
from storage.interest import counting, marks, releases, units
from storage.interest.audit import attack
from storage.interest.building import sums
from storage.interest.closing import NotOver
from storage.interest.marks import Written
from storage.interest.rule import Cell, Measure, Part
from storage.tables import resident
from tests.interest.months import (
    FRAME,
    NOVEMBER,
    SENSITIVE,
    TOWNS,
    a_month,
    asked,
    close,
    people,
    reckoned,
    tables_there,
    write,
)  # fmt: skip

TOWN = TOWNS[0]


def cell(place: str, topic: str, part: Part = Part.UNIT) -> Cell:
    return Cell(part, place, topic, Measure.ASKED)


async def a_town(database: Database, counts: dict[str, int], active: int = 40) -> list[int]:
    """A town of so many active people, of whom so many ask for each programme; the others ask for jobs."""
    who = await people(database, active, home=TOWN)
    given = [mark for programme, count in counts.items() for mark in asked(who[:count], programme, TOWN)]
    rest = asked(who[max(counts.values(), default=0) :], "jobs", TOWN)
    await write(database, [*given, *rest])
    return who


async def test_the_database_counts_as_the_rule_says(months: Database) -> None:
    random = Random(7)  # noqa: S311 - the same months every time
    given = a_month(random, await people(months, 400))
    await write(months, given)
    async with months.begin() as conn:
        groups = await units.fix(conn, 2026, FRAME.banners)
        key = await conn.scalar(text(f"SELECT key FROM {marks.tables(NOVEMBER).key}"))  # noqa: S608
        counted = await counting.count(conn, NOVEMBER, groups, SENSITIVE)
    expected = reckoned(given, bytes(key), groups)
    assert dict(counted.cells) == dict(expected.cells)
    assert dict(counted.active) == dict(expected.active)


async def test_cells_of_ten_are_shown_rounded_to_five_and_smaller_ones_are_not(months: Database) -> None:
    await a_town(months, {"grain": 32, "crop": 10, "farm-loan": 9})
    closed = await close(months)
    assert closed is not None
    place = units.placed(closed.release.units, [TOWN])[TOWN].id
    shown = closed.release.figures
    assert shown[cell(place, "subsidy")] == 30
    assert shown[cell(place, "insurance")] == 10
    assert cell(place, "loan") not in shown


async def test_a_unit_with_too_few_active_people_shows_nothing(months: Database) -> None:
    await a_town(months, {"grain": 29}, active=29)
    closed = await close(months)
    assert closed is not None
    assert not closed.release.figures
    assert not closed.release.enough


async def test_sensitive_topics_stand_only_in_a_banners_own_table_and_from_twenty_on(months: Database) -> None:
    await a_town(months, {"dibao": 20, "grain": 35})
    closed = await close(months)
    assert closed is not None
    about = {
        found: figure for found, figure in closed.release.figures.items() if found.subject in ("low-income", "dibao")
    }
    assert about == {cell("150621", "low-income", Part.SENSITIVE): 20}


async def test_nineteen_who_ask_for_something_sensitive_are_not_shown(months: Database) -> None:
    await a_town(months, {"dibao": 19, "grain": 35})
    closed = await close(months)
    assert closed is not None
    assert not [found for found in closed.release.figures if found.part is Part.SENSITIVE]


async def test_visitors_of_the_page_count_in_the_region_only(months: Database) -> None:
    who = await people(months, 50, channel="web", home=TOWN)
    await write(months, asked(who, "grain", TOWN, channel="web"))
    closed = await close(months)
    assert closed is not None
    assert dict(closed.release.figures) == {cell("15", "subsidy", Part.WEB): 50}


async def test_sums_are_of_what_is_shown_and_nothing_else(months: Database) -> None:
    one, other = await people(months, 44, home=TOWNS[0]), await people(months, 44, home=TOWNS[2])
    given = [*asked(one, "grain", TOWNS[0]), *asked(other, "crop", TOWNS[2]), *asked(other[:9], "grain", TOWNS[2])]
    await write(months, given)
    closed = await close(months)
    assert closed is not None
    shown = closed.release.figures
    assert shown[cell("1506", "subsidy", Part.LEAGUE)] == 45
    assert shown[cell("15", "subsidy", Part.REGION)] == 45
    assert cell("150622", "subsidy", Part.BANNER) not in shown
    assert sums(shown, closed.release.units).items() <= shown.items()


async def test_after_the_close_marks_and_key_are_gone_and_it_can_be_shown(months: Database) -> None:
    who = await a_town(months, {"grain": 40})
    closed = await close(months)
    assert closed is not None
    assert (closed.before, closed.after) == (len(who) * 2 + 1, 0), "people, their marks, and the key"
    assert await tables_there(months) == []
    async with months.begin() as conn:
        kept = await releases.read(conn, NOVEMBER)
    assert kept.release == closed.release
    assert kept.digest == releases.digest(kept.release) == closed.digest
    assert (kept.before, kept.after, kept.frame) == (closed.before, 0, FRAME)


async def test_a_close_that_fails_half_way_changes_nothing(months: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_town(months, {"grain": 40})

    async def broken(*_: object, **__: object) -> str:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(releases, "store", broken)
        with pytest.raises(RuntimeError):
            await close(months)
    assert len(await tables_there(months)) == 3
    assert await close(months) is not None


async def test_a_month_is_closed_once_and_only_when_it_is_over(months: Database) -> None:
    await a_town(months, {"grain": 40})
    with pytest.raises(NotOver):
        await close(months, at=datetime(2026, 11, 30, 2, 0, tzinfo=UTC))
    assert await close(months) is not None
    assert await close(months) is None


async def test_a_mark_for_a_closed_month_is_discarded(months: Database) -> None:
    who = await a_town(months, {"grain": 40})
    await close(months)
    async with months.begin() as conn:
        assert await marks.write(conn, asked(who, "crop", TOWN)) is Written.CLOSED
    assert await tables_there(months) == []


async def test_who_writes_while_the_month_is_being_closed_tries_again(months: Database) -> None:
    who = await a_town(months, {"grain": 40})
    async with months.begin() as held, months.begin() as conn:
        await marks.alone(held, NOVEMBER)
        assert await marks.write(conn, asked(who, "crop", TOWN)) is Written.CLOSING


async def test_erasure_deletes_open_marks_and_none_come_after_it(months: Database) -> None:
    who = await a_town(months, {"grain": 40})
    async with months.begin() as conn:
        await conn.execute(delete(resident).where(resident.c.id == who[0]))
        await marks.write(conn, asked(who[:2], "crop", TOWN))
        its = marks.tables(NOVEMBER)
        for table in (its.people, its.marks):
            kept = (await conn.scalars(text(f"SELECT DISTINCT resident_id FROM {table}"))).all()  # noqa: S608
            assert set(kept) == set(who[1:])


async def test_a_resident_counts_where_their_first_mark_was(months: Database) -> None:
    who = await people(months, 40, home=TOWN)
    await write(months, asked(who, "grain", TOWN))
    await write(months, asked(who, "crop", TOWNS[3]))
    closed = await close(months)
    assert closed is not None
    assert {found.place for found in closed.release.figures if found.part is Part.BANNER} == {"150621"}


async def test_a_resident_counts_for_three_topics_at_most(months: Database) -> None:
    who = await people(months, 200, home=TOWN)
    given = [mark for name in ("grain", "crop", "farm-loan", "jobs", "dibao") for mark in asked(who, name, TOWN)]
    await write(months, given)
    async with months.begin() as conn:
        groups = await units.fix(conn, 2026, FRAME.banners)
        counted = await counting.count(conn, NOVEMBER, groups, SENSITIVE)
    topics = [count for found, count in counted.cells.items() if found.part in (Part.UNIT, Part.SENSITIVE)]
    assert sum(topics) == 3 * 200
    assert max(topics) < 150, "by lot, not by name"


async def test_a_month_without_marks_is_closed_too(months: Database) -> None:
    closed = await close(months)
    assert closed is not None
    assert (closed.release.figures, closed.before) == ({}, 0)


async def test_releases_of_many_made_up_months_pass_the_audit_and_agree_with_the_truth(months: Database) -> None:
    for number in range(4):
        random = Random(number)  # noqa: S311 - as above
        month, day = date(2026, 3 + number, 1), datetime(2026, 4 + number, 2, tzinfo=UTC)
        given = a_month(random, await people(months, random.choice([60, 200, 500]), first=1000 * number), month)
        await write(months, given)
        closed = await close(months, month, day)
        assert closed is not None
        assert attack(closed.release, FRAME).passed
        assert closed.release.figures or number == 0
    async with months.begin() as conn:
        assert len(await releases.months(conn)) == 4


async def test_units_stay_as_they_are_for_a_year(months: Database) -> None:
    await people(months, 100, home=TOWNS[0])
    async with months.begin() as conn:
        before = await units.fix(conn, 2026, FRAME.banners)
    await people(months, 100, home=TOWNS[1])
    async with months.begin() as conn:
        assert await units.fix(conn, 2026, FRAME.banners) == before
        assert await units.fix(conn, 2027, FRAME.banners) != before
