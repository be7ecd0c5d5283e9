"""What waits for staff of some places: old questions, sendings that went wrong."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import utc
from storage.states import State
from storage.tables import broadcast, delivery
from storage.tables.staff import open_ticket, ticket
from storage.tables.wechat import staff_alert

WENT_WRONG = (State.UNKNOWN, State.REFUSED)
"""What became of a copy that staff may have to bring some other way."""

NOT_SENT = ("broadcast_missed", "broadcast_lapsed")
"""Alerts of notices that did not go: nobody approved them, or nobody was sent them in time."""

LOOKED_BACK = timedelta(days=3)
"""How long a sending that went wrong stands under what waits."""


async def old_tickets(conn: AsyncConnection, places: Collection[str], *, asked_before: datetime) -> int:
    """Count the open tickets for these very places that were asked by then."""
    old = select(func.count()).where(open_ticket, ticket.c.place.in_(places), ticket.c.asked_at <= utc(asked_before))
    return await conn.scalar(old) or 0


async def gone_wrong(
    conn: AsyncConnection, stems: Sequence[str], *, now: datetime
) -> list[tuple[str, tuple[str, ...]]]:
    """Return number and audience of lately finished notices of which a copy was refused or may not have arrived."""
    return await _notices(conn, stems, broadcast.c.out_at >= utc(now) - LOOKED_BACK, _has_copies(*WENT_WRONG))


async def not_sent(conn: AsyncConnection, stems: Sequence[str], *, now: datetime) -> list[tuple[str, tuple[str, ...]]]:
    """Return number and audience of notices of which staff had to hear lately that nobody was sent them, nor is now."""
    heard = select(1).where(
        staff_alert.c.about == broadcast.c.number,
        staff_alert.c.kind.in_(NOT_SENT),
        staff_alert.c.raised_at >= utc(now) - LOOKED_BACK,
    )
    return await _notices(conn, stems, heard.exists(), ~_has_copies(State.SENT))


def _has_copies(*states: State) -> ColumnElement[bool]:
    of = (delivery.c.source_kind == "broadcast", delivery.c.source_id == broadcast.c.id)
    return select(1).where(*of, delivery.c.state.in_([one.value for one in states])).exists()


async def _notices(
    conn: AsyncConnection, stems: Sequence[str], *which: ColumnElement[bool]
) -> list[tuple[str, tuple[str, ...]]]:
    audience = func.unnest(broadcast.c.audience).column_valued("one")
    touched = select(1).where(or_(*(audience.startswith(stem) for stem in stems))).exists()
    found = select(broadcast.c.number, broadcast.c.audience).where(touched, *which)
    rows = await conn.execute(found.order_by(broadcast.c.id).limit(100))
    return [(row.number, tuple(row.audience)) for row in rows]
