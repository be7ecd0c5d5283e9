"""收到 under a notice: counted by place, never told of anybody.

Shown are days that are over, counts of ten and more, rounded down to five. So neither an hour nor a single tap can be
told apart, and nobody can be pressed to tap. For who follows something nothing is kept: subscribers are counted
elsewhere, once a month.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.broadcasts import Broadcast
from storage.broadcasts.progress import tellable
from storage.moments import utc
from storage.tables import broadcast, delivery, receipt

_BELOW = {2: 4, 4: 6, 6: 9, 9: 12, 12: 12}
"""Digits of the places by which a notice to a single place is counted: what lies directly below it."""


@dataclass(frozen=True)
class Got:
    """A notice that a resident was sent, and when it left."""

    number: str
    at: datetime


async def received(conn: AsyncConnection, resident_id: int, number: str, *, places: Sequence[str], today: date) -> bool:
    """Note that a resident says 收到; again changes nothing. False for a notice that they were not sent.

    `places` are theirs (stems), `today` is the local day.
    """
    sent = (delivery.c.source_kind == "broadcast", delivery.c.resident_id == resident_id)
    asked = select(broadcast.c.id, broadcast.c.audience, broadcast.c.follows).join(
        delivery, delivery.c.source_id == broadcast.c.id
    )
    row = (await conn.execute(asked.where(broadcast.c.number == number, *sent).limit(1))).one_or_none()
    if row is None:
        return False
    if not row.follows:
        mine = next((one for one in places if any(one.startswith(stem) for stem in row.audience)), row.audience[0])
        kept = {"broadcast_id": row.id, "resident_id": resident_id, "place": mine, "received_on": today}
        await conn.execute(insert(receipt).values(kept).on_conflict_do_nothing())
    return True


async def latest(conn: AsyncConnection, resident_id: int, *, within: timedelta, now: datetime) -> Got | None:
    """Return the notice that a resident was sent last, if that is not longer ago than `within`."""
    asked = select(broadcast.c.number, delivery.c.moved_at).join(broadcast, broadcast.c.id == delivery.c.source_id)
    sent = (delivery.c.source_kind == "broadcast", delivery.c.resident_id == resident_id, delivery.c.state == "sent")
    lately = delivery.c.moved_at > utc(now) - within
    row = (await conn.execute(asked.where(*sent, lately).order_by(delivery.c.moved_at.desc()).limit(1))).one_or_none()
    return None if row is None else Got(row.number, row.moved_at)


async def by_place(conn: AsyncConnection, of: Broadcast, *, today: date) -> Mapping[str, int | None]:
    """Count by place (stem) who said 收到 before `today`; None: too few to be shown. No sum: it would tell the rest."""
    single = len(of.audience) == 1
    digits = {_BELOW[len(stem)] if single else len(stem) for stem in of.audience}
    place = func.left(receipt.c.place, max(digits))
    past = (receipt.c.broadcast_id == of.id, receipt.c.received_on < today)
    counted = await conn.execute(select(place, func.count()).where(*past).group_by(place).order_by(place))
    return {stem: tellable(count) for stem, count in counted}
