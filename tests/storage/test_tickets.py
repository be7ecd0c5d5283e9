"""Tickets: read by the chosen place only, answered once, back to who asked, and gone with them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import notices, residents, staff, tickets
from storage.database import Database
from storage.errors import StatementRefused
from storage.retention import RULES, forget_due
from storage.tables.staff import notice, ticket
from storage.tickets import Claimed, Given, Ticket

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
VILLAGE, TOWNSHIP = "150621100201", "150621100"
ASKED = "化肥补贴表在哪交"


async def resident(conn: AsyncConnection, address: str = "herder-1", channel: str = "telegram") -> int:
    return (await residents.meet(conn, channel=channel, account="bot", address=address, now=NOW)).id


async def handed(conn: AsyncConnection, who: int, place: str = VILLAGE, question: str = ASKED) -> int:
    return await tickets.hand_over(conn, who, place=place, question=question, now=NOW)


async def cadre(conn: AsyncConnection) -> int:
    token = await staff.invite(conn, role="cadre", places=[VILLAGE], made_by="operator", now=NOW)
    member = await staff.join(conn, token, channel="telegram", address="77", now=NOW)
    assert member is not None
    return member.id


async def claimed(conn: AsyncConnection, channel: str = "telegram", account: str = "bot") -> list[Claimed]:
    return await tickets.claim(conn, channel=channel, account=account, limit=5, now=NOW)


async def test_only_the_chosen_place_reads_a_question(database: Database) -> None:
    async with database.begin() as conn:
        id_ = await handed(conn, await resident(conn))
        assert await tickets.waiting(conn, [VILLAGE], limit=5) == [Ticket(id_, VILLAGE, ASKED, NOW, None, None)]
        assert await tickets.count_waiting(conn, [VILLAGE]) == 1
        for others in ([TOWNSHIP], ["1506"], []):
            assert not await tickets.waiting(conn, others, limit=5)
            assert await tickets.count_waiting(conn, others) == 0


async def test_the_oldest_come_first_page_after_page(database: Database) -> None:
    async with database.begin() as conn:
        who = await resident(conn)
        ids = [await handed(conn, who, question=f"{number}") for number in range(5)]
        first = await tickets.waiting(conn, [VILLAGE], limit=3)
        rest = await tickets.waiting(conn, [VILLAGE], limit=3, after=first[-1].id)
    assert [one.id for one in (*first, *rest)] == ids


async def test_an_answered_question_waits_no_more_and_its_answer_may_be_mended_until_it_leaves(
    database: Database,
) -> None:
    async with database.begin() as conn:
        who, by = await resident(conn), await cadre(conn)
        id_ = await handed(conn, who)
        assert await tickets.answer(conn, id_, "交到村委会", staff_id=by, now=NOW)
        assert not await tickets.waiting(conn, [VILLAGE], limit=5)
        assert await tickets.answer(conn, id_, "交到便民中心", staff_id=by, now=NOW)
        assert [one.answer for one in await claimed(conn)] == ["交到便民中心"]
        assert not await tickets.answer(conn, id_, "晚了", staff_id=by, now=NOW)


async def test_an_answer_is_claimed_once_for_its_channel_and_told_when_it_arrived(database: Database) -> None:
    async with database.begin() as conn:
        who, by = await resident(conn), await cadre(conn)
        id_ = await handed(conn, who)
        assert not await claimed(conn)
        await tickets.answer(conn, id_, "交到村委会", staff_id=by, now=NOW)
        assert not await claimed(conn, "wechat")
        assert not await claimed(conn, account="other")
        (one,) = await claimed(conn)
        assert (one.address, one.place, one.answer) == ("herder-1", VILLAGE, "交到村委会")
        assert not await claimed(conn)
        await tickets.unclaim(conn, id_)
        assert len(await claimed(conn)) == 1
        await tickets.told(conn, id_, now=NOW)
        kept = await tickets.get(conn, id_)
        assert kept is not None
        assert kept.told_at == NOW
        assert not await tickets.give(conn, who, now=NOW)


async def test_an_answer_that_did_not_surely_arrive_is_given_at_the_next_contact_once(database: Database) -> None:
    async with database.begin() as conn:
        who, by = await resident(conn), await cadre(conn)
        id_ = await handed(conn, who)
        await tickets.answer(conn, id_, "交到村委会", staff_id=by, now=NOW)
        await claimed(conn)
        assert not await tickets.give(conn, who, now=NOW + timedelta(seconds=59)), "it may be on its way"
        given = await tickets.give(conn, who, now=NOW + timedelta(seconds=60))
        assert given == [Given(id_, VILLAGE, "交到村委会", NOW, NOW)]
        assert not await tickets.give(conn, who, now=NOW + timedelta(days=1))
        assert not await claimed(conn)


async def test_withdrawing_takes_only_what_was_not_answered(database: Database) -> None:
    async with database.begin() as conn:
        who, by = await resident(conn), await cadre(conn)
        other = await handed(conn, await resident(conn, "herder-2"))
        done, waiting = [await handed(conn, who) for _ in range(2)]
        await tickets.answer(conn, done, "…", staff_id=by, now=NOW)
        await tickets.withdraw(conn, who)
        assert [one.id for one in await tickets.of_resident(conn, who)] == [done]
        assert await tickets.get(conn, waiting) is None
        assert await tickets.get(conn, other) is not None


async def test_a_question_without_an_answer_cant_be_closed(database: Database) -> None:
    async with database.begin() as conn:
        who = await resident(conn)
        id_ = await handed(conn, who)
        await tickets.told(conn, id_, now=NOW)
        assert not await tickets.give(conn, who, now=NOW)
        kept = await tickets.get(conn, id_)
        assert kept is not None
        assert kept.told_at is None


async def test_staff_are_to_be_told_of_questions_until_it_is_noted_that_they_were(database: Database) -> None:
    async with database.begin() as conn:
        who = await resident(conn)
        one, two, three = [await handed(conn, who, place) for place in (VILLAGE, VILLAGE, TOWNSHIP)]
        assert await tickets.unannounced(conn) == {VILLAGE: [one, two], TOWNSHIP: [three]}
        await tickets.announced(conn, [one, three], now=NOW)
        assert await tickets.unannounced(conn) == {VILLAGE: [two]}


async def test_erasing_takes_the_questions_too(database: Database) -> None:
    async with database.begin() as conn:
        who = await resident(conn)
        id_ = await handed(conn, who)
        await residents.erase(conn, who)
        assert await tickets.get(conn, id_) is None
        assert not await tickets.answer(conn, id_, "…", staff_id=await cadre(conn), now=NOW)


@pytest.mark.parametrize(
    "words", ["a\0b", "\ud800 半个字", "ᠮᠣᠩᠭᠣᠯ\u180b\u202f\u200d", "🐑" * 500, "' ; DROP TABLE ticket"]
)
async def test_whatever_characters_a_question_has_it_is_kept(database: Database, words: str) -> None:
    async with database.begin() as conn:
        id_ = await handed(conn, await resident(conn), question=words)
        kept = await tickets.get(conn, id_)
    assert kept is not None
    assert kept.question == words.replace("\0", "\ufffd").replace("\ud800", "\ufffd")


@pytest.mark.parametrize("place", ["15", "1506", "", "达旗", "150621 150622"])
async def test_nobody_above_a_banner_reads_questions(database: Database, place: str) -> None:
    with pytest.raises(StatementRefused, match="place_stem"):
        async with database.begin() as conn:
            await handed(conn, await resident(conn), place)


async def test_closed_questions_go_after_90_days_and_open_ones_after_180(database: Database) -> None:
    async with database.begin() as conn:
        who, by = await resident(conn), await cadre(conn)
        closed, answered, _ = [await handed(conn, who) for _ in range(3)]
        for id_ in (closed, answered):
            await tickets.answer(conn, id_, "…", staff_id=by, now=NOW)
        await tickets.told(conn, closed, now=NOW)
    for days, left in ((89, 3), (90, 2), (179, 2), (180, 0)):
        await forget_due(database, NOW + timedelta(days=days))
        async with database.begin() as conn:
            assert await conn.scalar(select(func.count()).select_from(ticket)) == left


async def test_who_staff_were_is_forgotten_and_what_they_answered_stays(database: Database) -> None:
    async with database.begin() as conn:
        who, by = await resident(conn), await cadre(conn)
        await tickets.answer(conn, await handed(conn, who), "…", staff_id=by, now=NOW)
        await staff.revoke(conn, by, now=NOW - timedelta(days=400))
    forgotten = await forget_due(database, NOW)
    assert forgotten["revoked staff"] == 1
    async with database.begin() as conn:
        assert [one.answer for one in await tickets.give(conn, who, now=NOW)] == ["…"]


async def test_every_kind_of_record_of_staff_has_an_end(database: Database) -> None:
    async with database.begin() as conn:
        by = await cadre(conn)
        await staff.sign_in_link(conn, by, made_by="operator", now=NOW)
        words = {"kind": "notice", "text": "明天开会", "audience": [VILLAGE]}
        await notices.draft(conn, staff_id=by, send_at=None, now=NOW, **words)  # type: ignore[arg-type]
    forgotten = await forget_due(database, NOW + timedelta(days=300))
    assert {name for name, count in forgotten.items() if count} == {"invitation", "sign-in link", "draft notice"}
    assert {"closed ticket", "open ticket", "revoked staff", "unfinished draft"} <= {rule.name for rule in RULES}


async def test_drafts_have_numbers_of_a_letter_and_five_digits_and_each_its_own(database: Database) -> None:
    async with database.begin() as conn:
        by = await cadre(conn)
        for number in range(20):
            await notices.draft(
                conn, staff_id=by, kind="notice", text=f"{number}", audience=[VILLAGE], send_at=None, now=NOW
            )
        kept = await notices.drafts_of(conn, by, limit=30)
        assert await conn.scalar(select(func.count(notice.c.number.distinct()))) == 20
    assert [one.text for one in kept] == [f"{number}" for number in reversed(range(20))]
    assert all(len(one.number) == 6 and one.number[0] not in "IO" for one in kept)
