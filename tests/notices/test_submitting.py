"""Submitting freezes words and recipients: nobody is added later, and what nobody may send is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import TextClause, insert, select, text, update

from storage import broadcasts, following, notices, residents
from storage.broadcasts import Audience, BroadcastState, NotPossible, Reach
from storage.database import Database
from storage.errors import StatementRefused
from storage.following import Follow
from storage.states import State
from storage.tables import broadcast_list, resident
from storage.tables.wechat import wechat_window
from tests.notices.broadcasting import (
    BANNER,
    NEXT_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    WORDS,
    a_cadre,
    approved,
    counts,
    submitted,
    villagers,
)
from tests.scheduler.sending import DAY, NOON, an_account


async def listed(database: Database) -> list[int]:
    async with database.begin() as conn:
        return sorted(one for ids in await conn.scalars(select(broadcast_list.c.residents)) for one in ids)


async def follow(database: Database, who: int, subject: str, *, consented: bool) -> None:
    async with database.begin() as conn:
        await following.follow(conn, who, Follow("topic", subject, consented=consented), NOON)


async def test_it_goes_to_all_who_live_there_or_follow_that_village(database: Database) -> None:
    here, elsewhere = await villagers(database, 3), await villagers(database, 2, place=NEXT_VILLAGE)
    async with database.begin() as conn:
        await residents.save_places(conn, elsewhere[0], [NEXT_VILLAGE, VILLAGE])  # the son in the city
    frozen = await submitted(database, await a_cadre(database))
    assert await listed(database) == sorted([*here, elsewhere[0]])
    assert frozen.recipients == 4


async def test_who_stopped_or_left_is_not_on_it_and_no_page_visitor(database: Database) -> None:
    stopped, gone, there = await villagers(database, 3)
    async with database.begin() as conn:
        await residents.stop(conn, stopped, NOON)
        await conn.execute(update(resident).where(resident.c.id == gone).values(gone_at=NOON))
        visitor = await residents.meet(conn, channel="web", account="page", address="cookie", now=NOON)
        await residents.save_places(conn, visitor.id, [VILLAGE])
    await submitted(database, await a_cadre(database))
    assert await listed(database) == [there]


async def test_nobody_is_added_after_it_was_submitted(database: Database) -> None:
    by, _ = await a_cadre(database), await villagers(database, 2)
    frozen = await submitted(database, by)
    await villagers(database, 2, account="another")
    await approved(database, frozen, by)
    assert await counts(database, frozen) == {State.QUEUED: 2}


async def test_followers_alone_and_of_something_sensitive_only_who_consented(database: Database) -> None:
    plain, agreed, _ = await villagers(database, 3)
    await follow(database, plain, "relief", consented=False)
    await follow(database, agreed, "relief", consented=True)
    by = await a_cadre(database, BANNER, role="administrator")
    everyone = await submitted(database, by, BANNER, follows=["topic:relief"])
    sensitive = await submitted(database, by, BANNER, follows=["topic:relief"], sensitive=True)
    assert (everyone.recipients, sensitive.recipients) == (2, 1)


@pytest.mark.parametrize("place", [TOWNSHIP, VILLAGE])
async def test_something_sensitive_is_addressed_by_banner_or_wider(database: Database, place: str) -> None:
    by = await a_cadre(database, BANNER, role="administrator")
    with pytest.raises(NotPossible, match="sensitive"):
        await submitted(database, by, place, follows=["topic:relief"], sensitive=True)


async def test_the_table_itself_refuses_to_address_it_narrower(database: Database) -> None:
    frozen = await submitted(database, await a_cadre(database))
    change = text("UPDATE broadcast SET sensitive = true, follows = '{topic:relief}' WHERE id = :id")
    with pytest.raises(StatementRefused, match="sensitive_wide"):
        await execute(database, change, id=frozen.id)


async def execute(database: Database, statement: TextClause, **values: object) -> None:
    async with database.begin() as conn:
        await conn.execute(statement, values)


async def test_a_second_tap_submits_nothing_twice(database: Database) -> None:
    by = await a_cadre(database)
    async with database.begin() as conn:
        draft = await notices.draft(
            conn, staff_id=by.id, kind="notice", text="x", audience=[VILLAGE], send_at=None, now=NOON
        )
        await broadcasts.submit(conn, draft, WORDS, now=NOON)
        with pytest.raises(NotPossible, match="moved"):
            await broadcasts.submit(conn, draft, WORDS, now=NOON)
        assert len(await broadcasts.listed(conn)) == 1
        assert await notices.drafts_of(conn, by.id, limit=5) == []


async def test_what_was_withdrawn_is_mended_and_submitted_under_its_number(database: Database) -> None:
    by = await a_cadre(database)
    frozen = await submitted(database, by)
    async with database.begin() as conn:
        await broadcasts.withdraw(conn, frozen.id, now=NOON)
        (draft,) = await notices.drafts_of(conn, by.id, limit=5)
        again = await broadcasts.submit(conn, draft, replace(WORDS, text="改到明天。"), now=NOON)
        assert (again.number, again.state) == (frozen.number, BroadcastState.SUBMITTED)
        assert again.hash != frozen.hash
        assert await broadcasts.find(conn, frozen.number) == again


async def test_without_a_title_or_when_it_is_too_late_it_is_refused(database: Database) -> None:
    by = await a_cadre(database)
    with pytest.raises(NotPossible, match="untitled"):
        await submitted(database, by, words=replace(WORDS, title=""))
    with pytest.raises(NotPossible, match="late"):
        await submitted(database, by, expires_at=NOON)
    with pytest.raises(NotPossible, match="late"):
        await submitted(database, by, send_at=NOON + 2 * DAY, expires_at=NOON + DAY)


async def test_how_many_are_reached_now_when_they_come_and_not_at_all(database: Database) -> None:
    ids = await villagers(database, 4)
    async with database.begin() as conn:
        await residents.stop(conn, ids[0], NOON)
        await conn.execute(update(resident).where(resident.c.id.in_(ids[1:])).values(channel="wechat"))
        await conn.execute(insert(wechat_window).values(resident_id=ids[1], messaged_at=NOON - timedelta(hours=1)))
        visitor = await residents.meet(conn, channel="web", account="page", address="cookie", now=NOON)
        await residents.save_places(conn, visitor.id, [VILLAGE])
    await an_account(database)
    async with database.begin() as conn:
        await conn.execute(text("INSERT INTO account (channel, name) VALUES ('wechat', 'bot')"))
        found = await broadcasts.reach(conn, Audience((VILLAGE,)), now=NOON)
        assert found == {"telegram": Reach(0, 0, 1), "wechat": Reach(1, 2, 0), "web": Reach(0, 0, 1)}
        in_trial = await broadcasts.reach(conn, Audience((VILLAGE,)), guests_only=True, now=NOON)
        assert in_trial is not None
        assert sum(one.out for one in in_trial.values()) == 5


async def test_how_many_follow_something_is_told_to_nobody(database: Database) -> None:
    async with database.begin() as conn:
        assert await broadcasts.reach(conn, Audience((BANNER,), ("topic:relief",), sensitive=True), now=NOON) is None
        assert await broadcasts.reach(conn, Audience((BANNER,), ("topic:land",)), now=NOON) is None


async def test_a_new_draft_never_takes_the_number_of_a_broadcast(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen = await submitted(database, await a_cadre(database))
    numbers = iter([frozen.number, frozen.number, "Z00001"])
    monkeypatch.setattr(notices, "_number", lambda: next(numbers))
    async with database.begin() as conn:
        await conn.execute(text("DELETE FROM notice"))  # as retention does, long before the broadcast goes
        draft = await notices.draft(
            conn, staff_id=frozen.staff_id or 0, kind="notice", text="x", audience=[VILLAGE], send_at=None, now=NOON
        )
    assert draft.number == "Z00001"
