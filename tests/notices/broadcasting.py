"""Staff, residents and notices for the tests of broadcasts, by the real functions that doors use."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from storage import broadcasts, deliveries, notices, staff
from storage.broadcasts import Broadcast, Words, spreading
from storage.database import Database
from storage.deliveries import Move
from storage.staff import Role
from storage.states import Kind, State
from storage.tables import delivery, resident
from tests.scheduler.sending import NOON, an_account, people

VILLAGE, NEXT_VILLAGE, TOWNSHIP, BANNER = "150621106201", "150621106202", "150621106", "150621"
WORDS = Words("打疫苗", "今天下午三点，兽医在村委会给羊打疫苗。", "哈业乌素村委会", VILLAGE)


async def a_cadre(database: Database, *places: str, role: Role = "cadre", name: str = "王主任") -> staff.Staff:
    """Somebody who has joined."""
    async with database.begin() as conn:
        token = await staff.invite(conn, role=role, places=places or (VILLAGE,), made_by="operator", now=NOON)
        member = await staff.join(conn, token, channel="telegram", address=f"{role} {name} {places}", now=NOON)
    assert member is not None
    return member


async def villagers(database: Database, number: int, *, place: str = VILLAGE, account: str = "bot") -> list[int]:
    """So many residents who live there, on an account that may speak first."""
    await an_account(database, name=account)
    ids = await people(database, *(f"{account} {place} {one}" for one in range(number)), name=account)
    async with database.begin() as conn:
        await conn.execute(update(resident).where(resident.c.id.in_(ids)).values(places=[place]))
    return ids


async def submitted(
    database: Database,
    by: staff.Staff,
    *audience: str,
    words: Words = WORDS,
    kind: notices.NoticeKind = "notice",
    now: datetime = NOON,
    follows: Sequence[str] = (),
    sensitive: bool = False,
    **draft: Any,
) -> Broadcast:
    """A notice written and submitted."""
    async with database.begin() as conn:
        written = await notices.draft(
            conn, staff_id=by.id, kind=kind, title=words.title, text=words.text, audience=audience or (VILLAGE,),
            send_at=draft.pop("send_at", None), now=now, **draft,
        )  # fmt: skip
        return await broadcasts.submit(conn, written, words, follows=follows, sensitive=sensitive, now=now)


async def approved(database: Database, frozen: Broadcast, by: staff.Staff, now: datetime = NOON) -> Broadcast:
    """It, approved and spread."""
    async with database.begin() as conn:
        done = await broadcasts.approve(conn, frozen.id, hash_=frozen.hash, by=by.id, now=now)
    async with database.begin() as conn:
        await spreading.spread(conn, frozen.id, now=now)
    return done


async def claimed(database: Database, *outcomes: State, now: datetime = NOON, drain: int = 1) -> list[int]:
    """Claim a row for each outcome and record it; the residents, in the order of the outcomes."""
    async with database.begin() as conn:
        accounts = await conn.scalars(select(delivery.c.account_id).distinct())
        rows = []
        for account in accounts.all():
            rows += await deliveries.claim(conn, account, dict.fromkeys(Kind, len(outcomes)), drain=drain, now=now)
        moves = [Move(row.id, to) for row, to in zip(rows, outcomes, strict=False) if to is not State.SENDING]
        await deliveries.record(conn, moves, drain=drain, now=now)
    return [row.resident_id for row in rows]


async def counts(database: Database, of: Broadcast) -> dict[State, int]:
    """How many deliveries of it are in each state."""
    async with database.begin() as conn:
        return await deliveries.counts(conn, "broadcast", of.id)
