"""The notices of a round, as staff send them: drafted, submitted, approved by another one. The rest is the clocks'."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import accounts, broadcasts, notices
from storage.broadcasts import Words
from storage.database import Database
from tests.fakes.telegram.alone import FIRST
from tests.proof.faults.plan import ACCOUNT, Round

VILLAGE = "150621100201"
LASTS = timedelta(hours=2)

_STAFF = text("""
INSERT INTO staff (role, places, name, joined_on, active_on)
VALUES ('cadre', :places, :name, '2026-01-01', '2026-11-01') RETURNING id
""")
_RESIDENTS = text("""
INSERT INTO resident (channel, account, address, places, created_on, seen_on)
SELECT 'telegram', :account, (:first + n)::text, ARRAY[:place], '2026-01-01', '2026-11-01'
FROM generate_series(0, :people - 1) AS n
""")


def title(number: int, kind: str) -> str:
    """The title of a round's notice, by which it is known among the messages that the platform saw."""
    return f"第{number}条停水通知-{kind}"


async def send_out(database: Database, round_: Round, now: datetime) -> int:
    """Approve the round's broadcasts; returns how many deliveries there are to be."""
    async with database.begin() as conn:
        await accounts.register(conn, channel="telegram", name=ACCOUNT, per_second=round_.per_second)
        await settle(conn, VILLAGE, FIRST, round_.platform.people)
        staff = await two_of_staff(conn)
        for number, kind in enumerate(round_.kinds):
            await approved(conn, title(number, kind), kind, VILLAGE, staff=staff, now=now)
    return round_.platform.people * len(round_.kinds)


async def settle(conn: AsyncConnection, village: str, first: int, people: int) -> None:
    """Let so many people live in a village; `first` is the chat of the first, the others follow."""
    await conn.execute(_RESIDENTS, {"account": ACCOUNT, "first": first, "place": village, "people": people})


async def two_of_staff(conn: AsyncConnection) -> tuple[int, int]:
    """Two cadres: one writes, the other approves."""
    one, other = [await conn.scalar(_STAFF, {"places": [VILLAGE], "name": name}) for name in ("甲", "乙")]
    return one, other


async def approved(
    conn: AsyncConnection, title_: str, kind: str, village: str, *, staff: tuple[int, int], now: datetime
) -> int:
    """Draft, submit and approve a notice for a village; returns the broadcast's id."""
    draft = await notices.draft(
        conn,
        staff_id=staff[0],
        kind=kind,  # type: ignore[arg-type]
        title=title_,
        text="明天上午九点到下午五点停水，请提前存水。",
        audience=[village],
        send_at=None,
        expires_at=now + LASTS,
        now=now,
    )
    words = Words(draft.title, draft.text, "试验嘎查村委会", village)
    frozen = await broadcasts.submit(conn, draft, words, now=now)
    return (await broadcasts.approve(conn, frozen.id, hash_=frozen.hash, by=staff[1], now=now)).id
