"""What staff must hear of: a kind and what it is about, each told once. No text of anybody."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import DateTime, Text, cast, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import utc
from storage.tables.staff import open_ticket, ticket
from storage.tables.wechat import staff_alert
from storage.tables.windows import local_detail


@dataclass(frozen=True)
class Alert:
    """A kind, the sentence `alert_<kind>` of `content/templates/text/wechat.j2`; the number or name of its object."""

    kind: str
    about: str
    raised_at: datetime


async def raise_alert(conn: AsyncConnection, kind: str, about: str, now: datetime) -> bool:
    """Have staff told, in the caller's transaction; the same thing a second time changes nothing and gives False."""
    made = insert(staff_alert).values(kind=kind, about=about, raised_at=utc(now))
    return bool((await conn.execute(made.on_conflict_do_nothing())).rowcount)


async def raise_due(conn: AsyncConnection, *, asked_before: datetime, lapsing_until: date, now: datetime) -> None:
    """Have staff told of what grew old by itself: questions that nobody answered, local details about to lapse.

    A detail that is confirmed anew lapses on another day, and is told again then.
    """
    old = select(literal("ticket_old"), cast(ticket.c.id, Text)).where(
        open_ticket, ticket.c.asked_at <= utc(asked_before)
    )
    lapses = cast(local_detail.c.id, Text) + " " + cast(local_detail.c.lapses_on, Text)
    lapsing = select(literal("content_lapsed"), lapses).where(
        local_detail.c.state == "published", local_detail.c.lapses_on <= lapsing_until
    )
    for found in (old, lapsing):
        chosen = found.add_columns(literal(utc(now), DateTime(timezone=True)))
        made = insert(staff_alert).from_select(["kind", "about", "raised_at"], chosen)
        await conn.execute(made.on_conflict_do_nothing())


async def untold(conn: AsyncConnection, most: int) -> list[Alert]:
    """Return what was not told yet, oldest first, locked until the transaction ends; what another tells is left out."""
    columns = (staff_alert.c.kind, staff_alert.c.about, staff_alert.c.raised_at)
    waiting = select(*columns).where(staff_alert.c.told_at.is_(None)).order_by(staff_alert.c.raised_at).limit(most)
    return [Alert(*row) for row in await conn.execute(waiting.with_for_update(skip_locked=True))]


async def told(conn: AsyncConnection, alert: Alert, now: datetime) -> None:
    """Note that staff were told."""
    this = (staff_alert.c.kind == alert.kind, staff_alert.c.about == alert.about)
    await conn.execute(update(staff_alert).where(*this).values(told_at=utc(now)))
