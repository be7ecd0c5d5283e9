"""Windows, local details and following as they are kept: nothing without a source, every change with its author."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import details, following, residents, windows
from storage.database import Database
from storage.details import Kind, Told
from storage.entries import MOVES, AlreadyThere, Differs, NoSource, NoSuchEntry, NoSuchMove, State
from storage.errors import StatementRefused
from storage.following import MOST_FOLLOWED, Follow, TooMany
from storage.tables import following as following_table
from storage.tables import local_detail_revision, place_window, place_window_revision
from storage.windows import Entered, Timing, Window

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
VILLAGE = "150621100201"
LAST_DAY = date(2026, 12, 15)
INSURANCE = Entered(
    place=VILLAGE, timing=Timing.DATED, programme="grain-soy-insurance", closes_on=LAST_DAY, source="我嘎查村委会通知"
)
STANDARD = Told(
    place="150621",
    kind=Kind.STANDARD,
    says="每亩20元",
    lapses_on=date(2026, 12, 31),
    programme="grain-soy-insurance",
    source="示例〔2026〕1号",
)


async def entered(conn: AsyncConnection, entry: Entered = INSURANCE) -> Window:
    return await windows.enter(conn, entry, author="staff:1", reason="新登记", now=NOW)


async def shown(conn: AsyncConnection, entry: Entered = INSURANCE) -> Window:
    window = await entered(conn, entry)
    return await windows.publish(conn, window.id, confirmer="staff:2", reason="核对过", now=NOW)


async def test_a_window_is_a_draft_until_someone_confirms_it(database: Database) -> None:
    async with database.begin() as conn:
        draft = await entered(conn)
        assert (draft.state, draft.entered_by, draft.confirmed_by) == (State.DRAFT, "staff:1", None)
        assert await windows.published(conn, closing_after=NOW.date()) == []
        published = await windows.publish(conn, draft.id, confirmer="staff:2", reason="核对过", now=NOW)
        assert await windows.published(conn, closing_after=NOW.date()) == [published]
    assert (published.state, published.confirmed_by, published.timing) == (State.PUBLISHED, "staff:2", Timing.DATED)


async def test_what_was_changed_since_it_was_looked_at_is_not_published(database: Database) -> None:
    async with database.begin() as conn:
        seen = await entered(conn, INSURANCE)
        await windows.cancel(conn, seen.id, author="staff:1", reason="不办了", now=NOW)
        with pytest.raises(Differs):
            await windows.publish(conn, seen.id, confirmer="staff:2", reason="", now=NOW, seen=seen.revision)
        assert await windows.published(conn, closing_after=NOW.date()) == []


async def test_nothing_without_a_source_is_published(database: Database) -> None:
    async with database.begin() as conn:
        window = await entered(conn, Entered(**{**vars(INSURANCE), "source": ""}))
        with pytest.raises(NoSource):
            await windows.publish(conn, window.id, confirmer="staff:2", reason="", now=NOW)
        await windows.change(conn, window.id, {"source": "通知"}, author="staff:1", reason="补上", now=NOW)
        await windows.publish(conn, window.id, confirmer="staff:2", reason="", now=NOW)
        with pytest.raises(NoSource):
            await windows.change(conn, window.id, {"source": ""}, author="staff:1", reason="", now=NOW)


async def test_the_table_itself_takes_nothing_published_without_a_source(database: Database) -> None:
    row = {"place": "15", "matter": "x", "timing": "dated", "closes_on": LAST_DAY, "entered_by": "x"}
    with pytest.raises(StatementRefused):
        async with database.begin() as conn:
            await conn.execute(insert(place_window).values(row | {"state": "published", "changed_at": NOW}))


@pytest.mark.parametrize(
    "times",
    [
        {"timing": Timing.DATED, "closes_on": None},
        {"timing": Timing.OPEN_ENDED, "opens_on": None, "closes_on": None},
        {"timing": Timing.AWAITING, "about": "大概12月"},
        {"timing": Timing.DATED, "opens_on": date(2026, 12, 16)},
        {"programme": None},
        {"matter": "交医保"},
        {"place": "1506211"},
    ],
    ids=str,
)
async def test_times_that_contradict_themselves_are_refused(database: Database, times: dict[str, object]) -> None:
    with pytest.raises(StatementRefused):
        async with database.begin() as conn:
            await entered(conn, Entered(**{**vars(INSURANCE), **times}))


async def test_every_change_is_a_revision_with_author_and_reason(database: Database) -> None:
    async with database.begin() as conn:
        window = await shown(conn)
        moved = {"closes_on": date(2026, 12, 20)}
        changed = await windows.change(conn, window.id, moved, author="staff:3", reason="旗里延期", now=NOW)
        assert await windows.change(conn, window.id, moved, author="staff:4", reason="又一遍", now=NOW) == changed
        kept = await windows.history(conn, window.id)
    assert (changed.state, changed.confirmed_by, changed.revision) == (State.PUBLISHED, "staff:3", 3)
    assert [(one.author, one.reason) for one in kept] == [
        ("staff:1", "新登记"),
        ("staff:2", "核对过"),
        ("staff:3", "旗里延期"),
    ]
    assert [one.held["closes_on"] for one in kept] == ["2026-12-15", "2026-12-15", "2026-12-20"]


async def test_a_cancelled_window_is_shown_no_more_and_may_come_back(database: Database) -> None:
    async with database.begin() as conn:
        window = await shown(conn)
        await windows.cancel(conn, window.id, author="staff:1", reason="不办了", now=NOW)
        assert await windows.published(conn, closing_after=NOW.date()) == []
        await windows.publish(conn, window.id, confirmer="staff:1", reason="又办了", now=NOW)
        assert len(await windows.published(conn, closing_after=NOW.date())) == 1


@pytest.mark.parametrize("state", State)
async def test_only_the_moves_that_are_written_down_can_be_made(database: Database, state: State) -> None:
    async with database.begin() as conn:
        window = await entered(conn)
        if state is not State.DRAFT:
            await windows.publish(conn, window.id, confirmer="staff:1", reason="", now=NOW)
        if state is State.CANCELLED:
            await windows.cancel(conn, window.id, author="staff:1", reason="", now=NOW)
        for to, move in ((State.PUBLISHED, publish), (State.CANCELLED, cancel)):
            if to not in MOVES[state]:
                with pytest.raises(NoSuchMove):
                    await move(conn, window.id)


async def publish(conn: AsyncConnection, id_: int) -> None:
    await windows.publish(conn, id_, confirmer="staff:1", reason="", now=NOW)


async def cancel(conn: AsyncConnection, id_: int) -> None:
    await windows.cancel(conn, id_, author="staff:1", reason="", now=NOW)


async def test_what_does_not_exist_can_not_be_changed(database: Database) -> None:
    async with database.begin() as conn:
        with pytest.raises(NoSuchEntry):
            await publish(conn, 1)


async def test_a_place_has_one_window_for_a_thing_and_a_batch(database: Database) -> None:
    async with database.begin() as conn:
        first = await entered(conn)
        with pytest.raises(AlreadyThere):
            await entered(conn)
        await entered(conn, Entered(**{**vars(INSURANCE), "batch": "第二批"}))
        found = await windows.find(conn, place=VILLAGE, programme="grain-soy-insurance", matter=None)
        assert found == first == await windows.get(conn, first.id)
        assert await windows.find(conn, place=VILLAGE, programme=None, matter="grain-soy-insurance") is None


async def test_staff_see_the_windows_of_their_places_and_below(database: Database) -> None:
    async with database.begin() as conn:
        ours = await entered(conn)
        await entered(conn, Entered(**{**vars(INSURANCE), "place": "150622"}))
        assert await windows.below(conn, ["150621"]) == [ours]
        assert await windows.below(conn, []) == []


async def test_a_yearly_window_moves_on_when_it_has_closed_and_only_then(database: Database) -> None:
    yearly = Entered(**{**vars(INSURANCE), "timing": Timing.YEARLY, "opens_on": date(2026, 12, 1)})
    async with database.begin() as conn:
        window = await shown(conn, yearly)
        roll = {"author": "calendar", "reason": "到了新一年", "now": NOW}
        assert await windows.roll_yearly(conn, LAST_DAY, **roll) == 0  # type: ignore[arg-type]
        for _ in range(2):
            await windows.roll_yearly(conn, LAST_DAY + timedelta(days=1), **roll)  # type: ignore[arg-type]
        now = await windows.get(conn, window.id)
        assert now is not None
        assert (now.opens_on, now.closes_on) == (date(2027, 12, 1), date(2027, 12, 15))
        assert (now.state, now.confirmed_by, now.revision) == (State.PUBLISHED, "staff:2", 3)
        assert await windows.roll_yearly(conn, date(2030, 1, 1), **roll) == 1  # type: ignore[arg-type]


async def test_a_leap_day_comes_back_as_the_28th() -> None:
    assert windows.later(date(2028, 2, 29), 1) == date(2029, 2, 28)
    assert windows.later(date(2028, 2, 29), 4) == date(2032, 2, 29)


async def test_windows_are_filed_under_the_topic_that_content_gives_them(database: Database) -> None:
    async with database.begin() as conn:
        window = await entered(conn)
        await windows.file_under(conn, {"grain-soy-insurance": ("insurance", False), "dibao": ("low-income", True)})
        filed = await windows.get(conn, window.id)
    assert filed is not None
    assert (filed.topic, filed.sensitive, filed.revision) == ("insurance", False, 1)


async def test_a_detail_lapses_after_its_day(database: Database) -> None:
    async with database.begin() as conn:
        draft = await details.enter(conn, STANDARD, author="staff:1", reason="新登记", now=NOW)
        assert await details.published(conn, NOW.date()) == []
        detail = await details.publish(conn, draft.id, confirmer="staff:2", reason="核对过", now=NOW)
        assert await details.published(conn, date(2026, 12, 31)) == [detail]
        assert await details.published(conn, date(2027, 1, 1)) == []
        changed = await details.change(conn, draft.id, {"says": "每亩25元"}, author="staff:1", reason="调了", now=NOW)
        assert (changed.says, changed.state) == ("每亩25元", State.PUBLISHED)
        assert [one.held["says"] for one in await details.history(conn, draft.id)][-1] == "每亩25元"
        await details.cancel(conn, draft.id, author="staff:1", reason="作废", now=NOW)
        assert await details.published(conn, NOW.date()) == []
        assert await conn.scalar(select(local_detail_revision.c.held["says"]).limit(1)) is not None


async def test_a_place_tells_one_standard_of_a_thing(database: Database) -> None:
    async with database.begin() as conn:
        first = await details.enter(conn, STANDARD, author="staff:1", reason="", now=NOW)
        with pytest.raises(AlreadyThere):
            await details.enter(conn, STANDARD, author="staff:1", reason="", now=NOW)
        found = await details.find(
            conn, place="150621", programme="grain-soy-insurance", matter=None, kind=Kind.STANDARD
        )
        assert found == first
        assert await details.below(conn, ["1506"]) == [first]


async def resident(conn: AsyncConnection) -> int:
    return (await residents.meet(conn, channel="telegram", account="main", address="aunt", now=NOW)).id


async def test_what_is_followed_is_seen_changed_and_stopped(database: Database) -> None:
    async with database.begin() as conn:
        aunt = await resident(conn)
        await following.follow(conn, aunt, Follow("programme", "grain-soy-insurance"), NOW)
        await following.follow(conn, aunt, Follow("topic", "low-income", consented=True, discreet=True), NOW)
        await following.follow(conn, aunt, Follow("topic", "low-income", consented=True), NOW)
        assert set(await following.followed(conn, aunt)) == {
            Follow("programme", "grain-soy-insurance"),
            Follow("topic", "low-income", consented=True),
        }
        await following.unfollow(conn, aunt, "programme", "grain-soy-insurance")
        assert len(await following.followed(conn, aunt)) == 1
        await following.unfollow_all(conn, aunt)
        assert await following.followed(conn, aunt) == ()


async def test_at_most_three_places_and_thirty_things_are_followed(database: Database) -> None:
    async with database.begin() as conn:
        aunt = await resident(conn)
        for stem in ("150621", "150622", "150623"):
            await following.follow(conn, aunt, Follow("place", stem), NOW)
        for number in range(MOST_FOLLOWED):
            await following.follow(conn, aunt, Follow("programme", f"thing-{number}"), NOW)
        await following.keep_places(conn, aunt, ["150621"])
        places = [one for one in await following.followed(conn, aunt) if one.kind == "place"]
        assert places == [Follow("place", "150621")]
    for one_more in (Follow("topic", "loan"),):
        with pytest.raises(TooMany):
            async with database.begin() as conn:
                await following.follow(conn, aunt, one_more, NOW)


async def test_erasing_a_resident_erases_what_they_followed(database: Database) -> None:
    async with database.begin() as conn:
        aunt = await resident(conn)
        await following.follow(conn, aunt, Follow("topic", "loan"), NOW)
        await residents.erase(conn, aunt)
        assert (await conn.execute(select(following_table))).all() == []


async def test_a_window_that_is_deleted_takes_its_revisions_along(database: Database) -> None:
    async with database.begin() as conn:
        await entered(conn)
        await conn.execute(place_window.delete())
        assert (await conn.execute(select(place_window_revision))).all() == []
