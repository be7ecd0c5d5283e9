"""What staff must hear of: a kind and what it is about, each told once. No text of anybody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import utc
from storage.tables.wechat import staff_alert


@dataclass(frozen=True)
class Alert:
    """A kind (a sentence of `content/templates/text/alert.j2`) and the number or name of what it is about."""

    kind: str
    about: str
    raised_at: datetime


async def raise_alert(conn: AsyncConnection, kind: str, about: str, now: datetime) -> None:
    """Have staff told, in the caller's transaction; the same thing a second time changes nothing."""
    made = insert(staff_alert).values(kind=kind, about=about, raised_at=utc(now))
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
