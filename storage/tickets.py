"""Tickets: questions that a resident handed to a person of one place, and the answers on their way back.

open (no answer) → answered → told, which closes it. The answer is sent once where the channel may speak (`claim`), and
given with the resident's next reply unless it surely arrived; so it is never lost, and may come twice after a crash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import utc
from storage.tables import resident
from storage.tables.staff import open_ticket, ticket

LONGEST = 1000
"""Characters of a question, and of an answer."""

ON_ITS_WAY = timedelta(minutes=1)
"""How long an answer that was claimed may be on its way; whoever sent it is dead after that."""


@dataclass(frozen=True)
class Ticket:
    """A question as staff read it. Nothing says who asked, unless they wrote it themselves."""

    id: int
    place: str  # stem: whose staff may read it
    question: str
    asked_at: datetime
    answer: str | None
    told_at: datetime | None


@dataclass(frozen=True)
class Handed:
    """A ticket as its resident knows it; without the question."""

    id: int
    place: str
    asked_at: datetime
    answered: bool


@dataclass(frozen=True)
class Given:
    """An answer that its resident is given now."""

    id: int
    place: str
    answer: str
    asked_at: datetime
    answered_at: datetime


@dataclass(frozen=True)
class Claimed(Given):
    """An answer to be sent now, and where to."""

    address: str


_SHOWN = (ticket.c.id, ticket.c.place, ticket.c.question, ticket.c.asked_at, ticket.c.answer, ticket.c.told_at)
_HANDED = (ticket.c.id, ticket.c.place, ticket.c.asked_at, ticket.c.answer.is_not(None).label("answered"))
_GIVEN = (ticket.c.id, ticket.c.place, ticket.c.answer, ticket.c.asked_at, ticket.c.answered_at)
_UNTOLD = ticket.c.answer.is_not(None) & ticket.c.told_at.is_(None)
# Built once, because every message runs it.
_MINE = select(*_HANDED).where(ticket.c.resident_id == bindparam("who")).order_by(ticket.c.id)


def _as_ticket(row: Row[*tuple[Any, ...]]) -> Ticket:
    return Ticket(**row._mapping)


def storable(text: str) -> str:
    """Put U+FFFD for the characters that PostgreSQL refuses; everything else stays."""
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


async def hand_over(conn: AsyncConnection, resident_id: int, *, place: str, question: str, now: datetime) -> int:
    """Keep a question for the staff of a place (stem of a banner, township or village); return the ticket's id."""
    kept = {"resident_id": resident_id, "place": place, "question": storable(question), "asked_at": utc(now)}
    id_: int = (await conn.execute(insert(ticket).values(kept).returning(ticket.c.id))).scalar_one()
    return id_


async def of_resident(conn: AsyncConnection, resident_id: int) -> list[Handed]:
    """Return the resident's own tickets, oldest first."""
    return [Handed(**row._mapping) for row in await conn.execute(_MINE, {"who": resident_id})]


async def give(conn: AsyncConnection, resident_id: int, *, now: datetime) -> list[Given]:
    """Take the answers that the resident has not got, and close their tickets: they go out with the reply.

    One that is just being sent (claimed less than a minute ago) is left to that.
    """
    not_on_its_way = ticket.c.pushed_at.is_(None) | (ticket.c.pushed_at <= utc(now) - ON_ITS_WAY)
    mine = update(ticket).where(ticket.c.resident_id == resident_id, _UNTOLD, not_on_its_way).values(told_at=utc(now))
    rows = await conn.execute(mine.returning(*_GIVEN))
    return sorted((Given(**row._mapping) for row in rows), key=lambda one: one.answered_at)


async def told(conn: AsyncConnection, id_: int, *, now: datetime) -> None:
    """Close a ticket whose answer the resident surely has."""
    await conn.execute(update(ticket).where(ticket.c.id == id_, _UNTOLD).values(told_at=utc(now)))


async def withdraw(conn: AsyncConnection, resident_id: int) -> None:
    """Delete the resident's questions that nobody has answered yet."""
    await conn.execute(delete(ticket).where(ticket.c.resident_id == resident_id, open_ticket))


def _open(places: Sequence[str], *wanted: Any) -> Select[Any]:
    return select(*wanted).where(open_ticket, ticket.c.place.in_(places))


async def waiting(conn: AsyncConnection, places: Sequence[str], *, limit: int, after: int = 0) -> list[Ticket]:
    """Return the open tickets for these very places, oldest first, with ids above `after`."""
    oldest = _open(places, *_SHOWN).where(ticket.c.id > after).order_by(ticket.c.id).limit(limit)
    return [_as_ticket(row) for row in await conn.execute(oldest)]


async def count_waiting(conn: AsyncConnection, places: Sequence[str]) -> int:
    """Count the open tickets for these very places."""
    return await conn.scalar(_open(places, func.count())) or 0


async def get(conn: AsyncConnection, id_: int) -> Ticket | None:
    """Return a ticket, locked until the transaction ends; None if its resident erased it or it never was."""
    row = (await conn.execute(select(*_SHOWN).where(ticket.c.id == id_).with_for_update())).one_or_none()
    return None if row is None else _as_ticket(row)


async def answer(conn: AsyncConnection, id_: int, words: str, *, staff_id: int, now: datetime) -> bool:
    """Answer a ticket, or mend one's own answer that has not left. False where there is nothing to answer any more."""
    free = open_ticket | (ticket.c.answered_by == staff_id)
    open_yet = (ticket.c.id == id_) & free & ticket.c.pushed_at.is_(None) & ticket.c.told_at.is_(None)
    told_now = {"answer": storable(words), "answered_at": utc(now), "answered_by": staff_id}
    return bool((await conn.execute(update(ticket).where(open_yet).values(told_now))).rowcount)


async def claim(conn: AsyncConnection, *, channel: str, account: str, limit: int, now: datetime) -> list[Claimed]:
    """Take answers to be sent on an account, each once ever: commit before sending. What fails waits.

    Who said 停 or left is sent nothing; their answer waits for them too.
    """
    due = (
        select(ticket.c.id, resident.c.address)
        .join_from(ticket, resident)
        .where(_UNTOLD, ticket.c.pushed_at.is_(None))
        .where(resident.c.channel == channel, resident.c.account == account)
        .where(resident.c.stopped_at.is_(None), resident.c.gone_at.is_(None))
        .order_by(ticket.c.answered_at)
        .limit(limit)
        .with_for_update(of=ticket, skip_locked=True)
        .cte("due")
    )
    taken = update(ticket).where(ticket.c.id == due.c.id).values(pushed_at=utc(now))
    rows = await conn.execute(taken.returning(*_GIVEN, due.c.address))
    return [Claimed(**row._mapping) for row in rows]


async def unclaim(conn: AsyncConnection, id_: int) -> None:
    """Put an answer back that the platform surely did not take, so that it is tried again."""
    await conn.execute(update(ticket).where(ticket.c.id == id_, ticket.c.told_at.is_(None)).values(pushed_at=None))


async def unannounced(conn: AsyncConnection) -> dict[str, list[int]]:
    """Return the ids of the open tickets by place of which staff were not told yet, oldest first."""
    new = select(ticket.c.place, ticket.c.id).where(open_ticket, ticket.c.announced_at.is_(None)).order_by(ticket.c.id)
    found: dict[str, list[int]] = {}
    for place, id_ in await conn.execute(new):
        found.setdefault(place, []).append(id_)
    return found


async def announced(conn: AsyncConnection, ids: Sequence[int], *, now: datetime) -> None:
    """Note that staff were told of these. Call it after telling them: who dies in between tells them again."""
    await conn.execute(update(ticket).where(ticket.c.id.in_(ids)).values(announced_at=utc(now)))
