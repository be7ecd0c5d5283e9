"""Who approves what, as design.md §7 has it; and that what is approved is what was shown."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import TextClause, func, select, text

from bot.broadcasts import deeds
from bot.broadcasts.deeds import Acting, NotAllowed, sentence
from bot.dialogue.turn import Knowledge
from bot.staff.approving import Approval, approval, may_review, may_stop
from scheduler.broadcast import plan
from storage import alerts, broadcasts, following, notices
from storage.audit import Trail
from storage.backup.doubt import doubt
from storage.broadcasts import Broadcast, BroadcastState, NotPossible
from storage.database import Database
from storage.errors import StatementRefused
from storage.following import Follow
from storage.notices import NoticeKind
from storage.staff import Role, Staff
from storage.states import State
from storage.tables import broadcast_list, delivery
from storage.tables.staff import trail as trail_table
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
from tests.scheduler.sending import DAY, NOON

TRAIL = Trail(b"a key of enough bytes")
ME, OTHER = 1, 2


def person(id_: int, role: Role, *places: str) -> Staff:
    return Staff(id_, role, places, "", NOON.date(), NOON.date(), None)


def a_broadcast(kind: NoticeKind, *audience: str, flags: tuple[str, ...] = (), by: int = ME) -> Broadcast:
    nothing: dict[str, Any] = dict.fromkeys(Broadcast.__dataclass_fields__)
    known: dict[str, Any] = {"id": 1, "staff_id": by, "kind": kind, "audience": audience, "flags": flags}
    return Broadcast(**nothing | known)


@pytest.mark.parametrize(
    ("kind", "audience", "flags", "who", "how"),
    [
        ("notice", VILLAGE, (), person(ME, "cadre", VILLAGE), Approval.WRITER),
        ("notice", VILLAGE, ("link",), person(ME, "cadre", VILLAGE), None),
        ("notice", VILLAGE, ("link",), person(OTHER, "cadre", VILLAGE), Approval.ANOTHER),
        ("notice", VILLAGE, (), person(ME, "cadre", TOWNSHIP), None),  # in their township, not their own village
        ("notice", VILLAGE, (), person(OTHER, "cadre", TOWNSHIP), Approval.ANOTHER),
        ("notice", TOWNSHIP, (), person(ME, "administrator", BANNER), None),
        ("notice", TOWNSHIP, (), person(OTHER, "editor", BANNER), Approval.ANOTHER),
        ("notice", TOWNSHIP, (), person(OTHER, "cadre", VILLAGE), None),  # their places do not hold the audience
        ("urgent", VILLAGE, (), person(ME, "cadre", VILLAGE), Approval.TYPED),
        ("urgent", VILLAGE, (), person(OTHER, "cadre", VILLAGE), None),
        ("urgent", VILLAGE, ("transfer",), person(ME, "cadre", VILLAGE), None),
        ("urgent", VILLAGE, ("transfer",), person(OTHER, "administrator", BANNER), Approval.ADMINISTRATOR),
        ("urgent", TOWNSHIP, (), person(ME, "administrator", BANNER), Approval.ADMINISTRATOR),
        ("urgent", TOWNSHIP, ("transfer",), person(ME, "administrator", BANNER), None),
        ("urgent", TOWNSHIP, (), person(OTHER, "editor", BANNER), None),
        ("urgent", TOWNSHIP, (), person(OTHER, "administrator", "150622"), None),
    ],
)  # fmt: skip
def test_who_approves_what(
    kind: NoticeKind, audience: str, flags: tuple[str, ...], who: Staff, how: Approval | None
) -> None:
    assert approval(who, a_broadcast(kind, audience, flags=flags)) is how
    assert approval(replace(who, revoked_at=NOON), a_broadcast(kind, audience, flags=flags)) is None


def test_two_villages_are_more_than_one_s_own() -> None:
    of = a_broadcast("notice", VILLAGE, NEXT_VILLAGE)
    assert approval(person(ME, "cadre", VILLAGE, NEXT_VILLAGE), of) is None
    assert approval(person(OTHER, "cadre", TOWNSHIP), of) is Approval.ANOTHER
    assert approval(person(OTHER, "cadre", VILLAGE), of) is None


def test_who_stops_and_who_reviews() -> None:
    of = replace(a_broadcast("urgent", VILLAGE), approved_by=ME)
    assert may_stop(person(ME, "cadre", NEXT_VILLAGE), of)
    assert may_stop(person(OTHER, "editor", BANNER), of)
    assert not may_stop(person(OTHER, "cadre", NEXT_VILLAGE), of)
    assert may_review(person(OTHER, "administrator", BANNER), of)
    assert not may_review(person(ME, "administrator", BANNER), of)
    assert not may_review(person(OTHER, "administrator", BANNER), replace(of, kind="notice"))


async def raised(database: Database) -> set[str]:
    async with database.begin() as conn:
        return {one.kind for one in await alerts.untold(conn, 10)}


async def a_draft(database: Database, by: Staff, kind: NoticeKind, *audience: str) -> notices.Notice:
    async with database.begin() as conn:
        return await notices.draft(
            conn, staff_id=by.id, kind=kind, title="打疫苗", text="x", audience=audience, send_at=None, now=NOON
        )


async def test_an_urgent_one_to_one_s_own_village_goes_when_its_name_was_typed(
    database: Database, know: Knowledge
) -> None:
    await villagers(database, 2)
    me = await a_cadre(database)
    draft = await a_draft(database, me, "urgent", VILLAGE)
    async with database.begin() as conn:
        acting = Acting(conn, TRAIL, me, NOON)
        frozen = await deeds.submit(acting, draft, WORDS, know.library)
        for typed in ("", "别的村", "150621106201"):
            with pytest.raises(NotAllowed, match="typed"):
                await deeds.approve(acting, frozen.id, hash_=frozen.hash, places=know.places, typed=typed)
        name = know.places.get(VILLAGE).name
        done = await deeds.approve(acting, frozen.id, hash_=frozen.hash, places=know.places, typed=f" {name} ")
    assert (done.approved_by, done.expires_at) == (me.id, NOON + timedelta(hours=6))
    assert await raised(database) == {"urgent_out"}


async def test_a_wider_urgent_one_needs_an_administrator_who_signed_in_anew(
    database: Database, know: Knowledge
) -> None:
    me = await a_cadre(database, BANNER, role="administrator")
    draft = await a_draft(database, me, "urgent", TOWNSHIP)
    async with database.begin() as conn:
        frozen = await deeds.submit(Acting(conn, TRAIL, me, NOON), draft, WORDS, know.library)
        for signed_in in (None, NOON - timedelta(minutes=11), NOON + timedelta(minutes=1)):
            with pytest.raises(NotAllowed, match="fresh"):
                await deeds.approve(
                    Acting(conn, TRAIL, me, NOON, signed_in), frozen.id, hash_=frozen.hash, places=know.places
                )
        acting = Acting(conn, TRAIL, me, NOON, NOON - timedelta(minutes=2))
        await deeds.approve(acting, frozen.id, hash_=frozen.hash, places=know.places)
        with pytest.raises(NotAllowed):
            await deeds.review(acting, frozen.id)
    other = await a_cadre(database, BANNER, role="administrator", name="李主任")
    async with database.begin() as conn:
        assert await deeds.review(Acting(conn, TRAIL, other, NOON), frozen.id)
        assert not await deeds.review(Acting(conn, TRAIL, other, NOON), frozen.id)
        found = await broadcasts.get(conn, frozen.id)
        verbs = list(await conn.scalars(select(trail_table.c.verb).order_by(trail_table.c.number)))
    assert found is not None
    assert (found.approved_by, found.reviewed_by) == (me.id, other.id)
    assert verbs == ["submitted", "approved", "reviewed"]


async def test_a_wider_notice_waits_for_another_one(database: Database, know: Knowledge) -> None:
    me, other = await a_cadre(database, TOWNSHIP), await a_cadre(database, BANNER, role="editor", name="编辑")
    stranger = await a_cadre(database, "150622", name="外旗的")
    draft = await a_draft(database, me, "notice", TOWNSHIP)
    async with database.begin() as conn:
        frozen = await deeds.submit(Acting(conn, TRAIL, me, NOON), draft, WORDS, know.library)
        assert await deeds.waiting_for(Acting(conn, TRAIL, me, NOON)) == []
        assert await deeds.waiting_for(Acting(conn, TRAIL, stranger, NOON)) == []
        assert await deeds.waiting_for(Acting(conn, TRAIL, other, NOON)) == [frozen]
        for who, reason in ((me, "second"), (stranger, "yours")):
            with pytest.raises(NotAllowed, match=reason):
                await deeds.approve(Acting(conn, TRAIL, who, NOON), frozen.id, hash_=frozen.hash, places=know.places)
        done = await deeds.approve(Acting(conn, TRAIL, other, NOON), frozen.id, hash_=frozen.hash, places=know.places)
    assert done.state is BroadcastState.APPROVED
    assert await raised(database) == {"broadcast_waiting"}


async def test_nobody_submits_for_places_that_are_not_theirs_nor_another_s_draft(
    database: Database, know: Knowledge
) -> None:
    me, other = await a_cadre(database), await a_cadre(database, name="另一个")
    async with database.begin() as conn:
        for who, audience in ((me, TOWNSHIP), (other, VILLAGE)):
            draft = await a_draft(database, me, "notice", audience)
            with pytest.raises(NotAllowed, match="yours"):
                await deeds.submit(Acting(conn, TRAIL, who, NOON), draft, WORDS, know.library)


async def test_stop_holds_the_next_claim_and_resume_lets_it_go_on(database: Database, know: Knowledge) -> None:
    await villagers(database, 2)
    me = await a_cadre(database)
    frozen = await submitted(database, me)
    async with database.begin() as conn:
        acting = Acting(conn, TRAIL, me, NOON)
        await deeds.approve(acting, frozen.id, hash_=frozen.hash, places=know.places)
        await deeds.stop(acting, frozen.id)
        with pytest.raises(NotPossible, match="moved"):
            await deeds.stop(acting, frozen.id)
    await plan.look(database, "notice", NOON)
    assert await counts(database, frozen) == {}, "nothing is made of one that is stopped"
    async with database.begin() as conn:
        await deeds.resume(Acting(conn, TRAIL, me, NOON), frozen.id)
    await plan.look(database, "notice", NOON)
    assert await counts(database, frozen) == {State.QUEUED: 2}


async def test_one_that_a_restore_stopped_before_its_rows_were_made_goes_when_staff_resume_it(
    database: Database,
) -> None:
    await villagers(database, 2)
    by = await a_cadre(database)
    frozen, waiting = await submitted(database, by), await submitted(database, by)
    async with database.begin() as conn:
        await broadcasts.approve(conn, frozen.id, hash_=frozen.hash, by=by.id, now=NOON)
        await doubt(conn, NOON)
    await plan.look(database, "notice", NOON)
    assert await counts(database, frozen) == {}, "it may have gone out since the backup: staff decide"
    async with database.begin() as conn:
        await broadcasts.resume(conn, frozen.id, now=NOON)
        kept = (await conn.scalars(select(broadcast_list.c.broadcast_id))).all()
    assert list(kept) == [frozen.id], "of the one that lapsed nobody is kept"
    await plan.look(database, "notice", NOON)
    assert await counts(database, frozen) == {State.QUEUED: 2}
    assert await counts(database, waiting) == {}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE broadcast SET text = '转钱' WHERE id = :id",
        "UPDATE broadcast SET flags = '{}' WHERE id = :id",
        "UPDATE broadcast SET audience = '{15}' WHERE id = :id",
        "UPDATE broadcast_list SET residents = residents[2:] WHERE broadcast_id = :id",
        "UPDATE broadcast_list SET residents = residents || 4711 WHERE broadcast_id = :id",
        "DELETE FROM broadcast_list WHERE broadcast_id = :id",
    ],
)
async def test_what_is_approved_is_what_was_frozen(database: Database, change: str) -> None:
    await villagers(database, 2)
    by, other = await a_cadre(database), await a_cadre(database, name="另一个")
    frozen = await submitted(database, by, words=replace(WORDS, flags=("link",)))
    await execute(database, text(change), id=frozen.id)
    with pytest.raises(NotPossible, match="changed"):
        await approved(database, frozen, other)


async def execute(database: Database, statement: TextClause, **values: object) -> None:
    async with database.begin() as conn:
        await conn.execute(statement, values)


async def test_another_hash_than_was_shown_is_not_approved(database: Database) -> None:
    by = await a_cadre(database)
    frozen = await submitted(database, by)
    with pytest.raises(NotPossible, match="changed"):
        await approved(database, replace(frozen, hash="0" * 64), by)


async def test_the_table_itself_wants_two_people_for_what_was_flagged(database: Database) -> None:
    by = await a_cadre(database)
    frozen = await submitted(database, by, words=replace(WORDS, flags=("account",)))
    with pytest.raises(StatementRefused, match="two_people"):
        await approved(database, frozen, by)


async def test_what_nobody_approves_in_its_time_lapses_and_staff_hear_of_it(database: Database) -> None:
    by = await a_cadre(database)
    frozen = await submitted(database, by)
    await plan.look(database, "notice", NOON + 6 * DAY)
    assert await raised(database) == set()
    await plan.look(database, "notice", NOON + 7 * DAY)
    assert await raised(database) == {"broadcast_lapsed"}
    with pytest.raises(NotPossible, match="moved"):
        await approved(database, frozen, by)


async def test_of_a_correction_that_lapses_staff_hear_that_the_first_one_is_still_stopped(database: Database) -> None:
    await villagers(database, 1)
    by = await a_cadre(database)
    first = await approved(database, await submitted(database, by, expires_at=NOON + 30 * DAY), by)
    await submitted(database, by, corrects=first.id)
    await plan.look(database, "notice", NOON + 7 * DAY)
    assert await raised(database) == {"broadcast_lapsed", "still_stopped"}


async def test_two_who_approve_at_once_send_it_once(database: Database) -> None:
    await villagers(database, 3)
    by = await a_cadre(database)
    frozen = await submitted(database, by)
    await approved(database, frozen, by)
    with pytest.raises(NotPossible, match="moved"):
        await approved(database, frozen, by)
    await plan.look(database, "notice", NOON)
    async with database.begin() as conn:
        assert await conn.scalar(select(func.count()).select_from(delivery)) == 3


@pytest.mark.parametrize(
    "reason", ["unknown", "moved", "changed", "late", "untitled", "sensitive", "subject", "not_sent", "correcting"]
)
def test_whatever_is_refused_is_said(reason: str) -> None:
    assert sentence(NotPossible(reason)).endswith("。")  # type: ignore[arg-type]


async def test_who_follows_the_topic_of_a_programme_follows_the_programme(database: Database, know: Knowledge) -> None:
    me = await a_cadre(database, BANNER, role="administrator")
    one, two, three = await villagers(database, 3)
    async with database.begin() as conn:
        await following.follow(conn, one, Follow("topic", "low-income", consented=True), NOON)
        await following.follow(conn, two, Follow("topic", "low-income"), NOON)
        await following.follow(conn, three, Follow("topic", "insurance"), NOON)
    programme = next(one.id for one in know.library.programmes.values() if one.topic == "low-income")
    frozen = []
    for subject in (f"programme:{programme}", "topic:insurance"):
        draft = replace(await a_draft(database, me, "notice", BANNER), follows=subject)
        async with database.begin() as conn:
            frozen.append(await deeds.submit(Acting(conn, TRAIL, me, NOON), draft, WORDS, know.library))
    assert [(each.sensitive, each.recipients) for each in frozen] == [(True, 1), (False, 1)]
    draft = replace(await a_draft(database, me, "notice", BANNER), follows="programme:no-such")
    async with database.begin() as conn:
        with pytest.raises(NotPossible, match="subject"):
            await deeds.submit(Acting(conn, TRAIL, me, NOON), draft, WORDS, know.library)
