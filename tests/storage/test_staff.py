"""Staff: invited once, known by an account, let go at once."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import staff, staff_talk
from storage.database import Database
from storage.errors import StatementRefused
from storage.inbox import Done, MessageKey, Waiting, keep_reply, mark_sent
from storage.staff import Staff
from storage.tables.staff import staff_invitation, staff_sign_in

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
VILLAGE, TOWNSHIP = "150621100201", "150621100"


async def invited(conn: AsyncConnection, now: datetime = NOW, lasts: timedelta = staff.LINK_LASTS) -> str:
    return await staff.invite(
        conn, role="cadre", places=[VILLAGE], name="王主任", made_by="operator", now=now, lasts=lasts
    )


async def joined(conn: AsyncConnection, address: str = "77", now: datetime = NOW) -> Staff:
    member = await staff.join(conn, await invited(conn, now), channel="telegram", address=address, now=now)
    assert member is not None
    return member


async def test_an_invitation_makes_one_member_of_staff(database: Database) -> None:
    async with database.begin() as conn:
        token = await invited(conn)
        member = await staff.join(conn, token, channel="telegram", address="77", now=NOW)
        assert member == Staff(member.id if member else 0, "cadre", (VILLAGE,), "王主任", NOW.date(), NOW.date(), None)
        assert await staff.join(conn, token, channel="telegram", address="78", now=NOW) is None
        assert await staff.known(conn, channel="telegram", address="78", now=NOW) is None


async def test_a_link_is_not_held_so_that_who_reads_the_table_cant_use_it(database: Database) -> None:
    async with database.begin() as conn:
        token = await invited(conn)
        member = await joined(conn)
        link = await staff.sign_in_link(conn, member.id, made_by="staff:1", now=NOW)
        held = [
            *await conn.scalars(select(staff_invitation.c.digest)),
            await conn.scalar(select(staff_sign_in.c.digest)),
        ]
    assert not any(part in digest for digest in held for part in (token.encode(), link.encode()))


@pytest.mark.parametrize(("lasts", "later", "works"), [(10, 9, True), (10, 10, False), (1440, 1439, True)])
async def test_an_invitation_ends(database: Database, lasts: int, later: int, works: bool) -> None:
    async with database.begin() as conn:
        token = await invited(conn, lasts=timedelta(minutes=lasts))
        at = NOW + timedelta(minutes=later)
        assert (await staff.join(conn, token, channel="telegram", address="77", now=at) is not None) is works


@pytest.mark.parametrize("lasts", [timedelta(), timedelta(days=1, seconds=1), timedelta(minutes=-1)])
async def test_an_invitation_lasts_some_time_and_a_day_at_most(database: Database, lasts: timedelta) -> None:
    async with database.begin() as conn:
        with pytest.raises(ValueError, match="a day at most"):
            await invited(conn, lasts=lasts)


@pytest.mark.parametrize("token", ["", "x", "\0", "𝕏" * 64, "' OR 1=1 --"])
async def test_a_link_of_another_making_opens_nothing(database: Database, token: str) -> None:
    async with database.begin() as conn:
        await invited(conn)
        assert await staff.join(conn, token, channel="telegram", address="77", now=NOW) is None
        assert await staff.sign_in(conn, token, now=NOW) is None


async def test_of_two_who_use_one_link_at_once_one_comes_in(database: Database) -> None:
    async with database.begin() as conn:
        token = await invited(conn)

    async def come(address: str) -> Staff | None:
        async with database.begin() as conn:
            return await staff.join(conn, token, channel="telegram", address=address, now=NOW)

    came = await asyncio.gather(*(come(str(number)) for number in range(8)))
    assert sum(one is not None for one in came) == 1


@pytest.mark.parametrize("role", ["resident", "", "Cadre"])
async def test_there_are_three_roles(database: Database, role: str) -> None:
    with pytest.raises(StatementRefused, match="role_known"):
        async with database.begin() as conn:
            await staff.invite(conn, role=role, places=[VILLAGE], made_by="operator", now=NOW)  # type: ignore[arg-type]


async def test_whoever_acts_is_active_that_day(database: Database) -> None:
    async with database.begin() as conn:
        await joined(conn)
        member = await staff.known(conn, channel="telegram", address="77", now=NOW + timedelta(days=3))
        assert member is not None
        assert member.active_on == date(2026, 11, 25)


async def test_a_place_counts_while_somebody_of_the_role_was_active(database: Database) -> None:
    async with database.begin() as conn:
        member = await joined(conn)
        assert await staff.active_places(conn, ["cadre"], since=NOW.date()) == {VILLAGE}
        assert not await staff.active_places(conn, ["editor"], since=NOW.date())
        assert not await staff.active_places(conn, ["cadre"], since=date(2026, 11, 23))
        await staff.revoke(conn, member.id, now=NOW)
        assert not await staff.active_places(conn, ["cadre"], since=NOW.date())


async def test_only_staff_of_the_very_place_are_found(database: Database) -> None:
    async with database.begin() as conn:
        await joined(conn)
        assert await staff.addresses(conn, ["cadre"], place=VILLAGE, channel="telegram") == ["77"]
        for place, role, channel in (
            (TOWNSHIP, "cadre", "telegram"),
            (VILLAGE, "editor", "telegram"),
            (VILLAGE, "cadre", "x"),
        ):
            assert not await staff.addresses(conn, [role], place=place, channel=channel)


async def test_a_link_to_the_desk_opens_it_once_and_ends_the_one_before(database: Database) -> None:
    async with database.begin() as conn:
        member = await joined(conn)
        first = await staff.sign_in_link(conn, member.id, made_by=f"staff:{member.id}", now=NOW)
        second = await staff.sign_in_link(conn, member.id, made_by=f"staff:{member.id}", now=NOW)
        assert await staff.sign_in(conn, first, now=NOW) is None
        assert await staff.sign_in(conn, second, now=NOW) == member
        assert await staff.sign_in(conn, second, now=NOW) is None
        third = await staff.sign_in_link(conn, member.id, made_by=f"staff:{member.id}", now=NOW)
        assert await staff.sign_in(conn, third, now=NOW + timedelta(minutes=10)) is None


async def test_who_is_let_go_is_a_stranger_at_once(database: Database) -> None:
    async with database.begin() as conn:
        member = await joined(conn)
        link = await staff.sign_in_link(conn, member.id, made_by="operator", now=NOW)
        await staff_talk.save(conn, member.id, {"draft": "…"}, now=NOW)
        assert await staff.revoke(conn, member.id, now=NOW)
        assert not await staff.revoke(conn, member.id, now=NOW)
        assert await staff.known(conn, channel="telegram", address="77", now=NOW) is None
        assert await staff.sign_in(conn, link, now=NOW) is None
        assert await staff_talk.load(conn, member.id) == {}
        assert await staff.everyone(conn) == []


async def test_who_was_let_go_may_be_invited_again(database: Database) -> None:
    async with database.begin() as conn:
        first = await joined(conn)
        await staff.revoke(conn, first.id, now=NOW)
        assert (await joined(conn)).id != first.id


async def test_an_update_is_taken_once_and_its_answer_kept_until_it_is_sent(database: Database) -> None:
    key = MessageKey.of(channel="staff", account="bot", message_id="5")
    async with database.begin() as conn:
        assert await staff_talk.take(conn, key, now=NOW) is None
        await keep_reply(conn, key, resident_id=None, reply={"said": "好"})
    async with database.begin() as conn:
        assert await staff_talk.take(conn, key, now=NOW) == Waiting({"said": "好"})
        await mark_sent(conn, key, now=NOW)
        assert await staff_talk.take(conn, key, now=NOW) == Done()


async def test_where_somebody_stands_is_kept_and_replaced(database: Database) -> None:
    async with database.begin() as conn:
        member = await joined(conn)
        await staff_talk.save(conn, member.id, {"step": "text"}, now=NOW)
        await staff_talk.save(conn, member.id, {"step": "kind"}, now=NOW)
        assert await staff_talk.load(conn, member.id) == {"step": "kind"}
