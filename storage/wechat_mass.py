"""The monthly mass sends of an account: planned, approved by another person, sent once, and what came of them."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, cast, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import utc
from storage.tables import resident
from storage.tables.wechat import wechat_mass, wechat_mass_row, wechat_tag
from storage.wechat import CHANNEL


class MassState(StrEnum):
    """How far a mass send has got. Each of its rows is where it is."""

    PLANNED = "planned"  # waits for another person to approve it
    APPROVED = "approved"  # goes at its time
    SENDING = "sending"  # handed to WeChat, whose result is awaited
    SENT = "sent"  # WeChat reached every row
    UNKNOWN = "unknown"  # WeChat reached some, and does not say whom
    REFUSED = "refused"  # WeChat did not take it
    MISSED = "missed"  # approved, and its time went by without it
    CANCELLED = "cancelled"  # taken back, or never approved in time


SPENT = (MassState.APPROVED, MassState.SENDING, MassState.SENT, MassState.UNKNOWN)
"""Count against a month's four."""


@dataclass(frozen=True)
class Mass:
    """One mass send: a text to the residents of one banner (its stem), at one time.

    `broadcast_id`: of these only to whose copy of that broadcast is held.
    """

    id: int
    account: str
    banner: str
    broadcast_id: int | None
    body: str
    digest: str
    planned_for: datetime
    planned_by: str
    approved_by: str | None
    state: MassState
    message: int | None
    recipients: int | None
    taken: int | None
    moved_at: datetime


_COLUMNS = [wechat_mass.c[name] for name in Mass.__dataclass_fields__]


def digest_of(account: str, banner: str, body: str, planned_for: datetime) -> str:
    """What an approval is of: any other text, banner or time has another."""
    said = "\x1f".join((account, banner, utc(planned_for).isoformat(), body))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


async def plan(
    conn: AsyncConnection,
    *,
    account: str,
    banner: str,
    body: str,
    planned_for: datetime,
    by: str,
    now: datetime,
    broadcast_id: int | None = None,
) -> Mass:
    """Note what somebody wants to send; nothing goes before another person approves it.

    `broadcast_id`: it goes to those in the banner whose copy of that broadcast is held, and to nobody else.
    """
    what = {"account": account, "banner": banner, "broadcast_id": broadcast_id, "body": body}
    digest = digest_of(account, banner, body, planned_for)
    values = what | {"digest": digest, "planned_for": utc(planned_for), "planned_by": by, "moved_at": utc(now)}
    return _as_mass((await conn.execute(insert(wechat_mass).values(values).returning(*_COLUMNS))).one())


async def listed(conn: AsyncConnection, account: str, states: Collection[MassState] = ()) -> list[Mass]:
    """Return the mass sends of an account, in these states or all, by their time."""
    asked = select(*_COLUMNS).where(wechat_mass.c.account == account).order_by(wechat_mass.c.planned_for)
    if states:
        asked = asked.where(wechat_mass.c.state.in_([state.value for state in states]))
    return [_as_mass(row) for row in await conn.execute(asked)]


async def get(conn: AsyncConnection, mass_id: int) -> Mass | None:
    """Return one, locked until the transaction ends; None if there is none."""
    row = (await conn.execute(select(*_COLUMNS).where(wechat_mass.c.id == mass_id).with_for_update())).one_or_none()
    return None if row is None else _as_mass(row)


async def spent(conn: AsyncConnection, account: str, banner: str, since: datetime, until: datetime) -> int:
    """How many of a banner's sends of a time are approved, under way or done; others of this account wait meanwhile."""
    await conn.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"mingbai mass {account}", 0))))
    month = (wechat_mass.c.planned_for >= utc(since), wechat_mass.c.planned_for < utc(until))
    whose = (wechat_mass.c.account == account, wechat_mass.c.banner == banner)
    counted = wechat_mass.c.state.in_([state.value for state in SPENT])
    asked = select(func.count()).select_from(wechat_mass).where(*month, *whose, counted)
    return int((await conn.execute(asked)).scalar_one())


async def approve(conn: AsyncConnection, mass_id: int, *, digest: str, by: str, now: datetime) -> bool:
    """Approve what stands under this digest; False where it changed, is no longer planned, or is by the same person."""
    this = (wechat_mass.c.id == mass_id, wechat_mass.c.digest == digest, wechat_mass.c.planned_by != by)
    waiting = wechat_mass.c.state == MassState.PLANNED.value
    values = {"state": MassState.APPROVED.value, "approved_by": by, "approved_at": utc(now), "moved_at": utc(now)}
    return (await conn.execute(update(wechat_mass).where(*this, waiting).values(values))).rowcount == 1


async def move(
    conn: AsyncConnection, mass_id: int, come_from: Collection[MassState], to: MassState, now: datetime, **values: Any
) -> bool:
    """Move one on, from one of these states; False where it is no longer there."""
    this = (wechat_mass.c.id == mass_id, wechat_mass.c.state.in_([state.value for state in come_from]))
    moved = update(wechat_mass).where(*this).values(state=to.value, moved_at=utc(now), **values)
    return (await conn.execute(moved)).rowcount == 1


async def note_message(conn: AsyncConnection, mass_id: int, message: int) -> None:
    """Note what WeChat calls the job."""
    await conn.execute(update(wechat_mass).where(wechat_mass.c.id == mass_id).values(message=message))


async def by_message(conn: AsyncConnection, account: str, message: int) -> Mass | None:
    """Return the mass send that WeChat calls so."""
    this = (wechat_mass.c.account == account, wechat_mass.c.message == message)
    row = (await conn.execute(select(*_COLUMNS).where(*this).with_for_update())).one_or_none()
    return None if row is None else _as_mass(row)


async def audience(conn: AsyncConnection, account: str, banner: str, *, guests_only: bool) -> list[int]:
    """Return who a banner's mass send is for: home there, not stopped, not gone; in trial only guests."""
    here = (resident.c.channel == CHANNEL, resident.c.account == account)
    home = func.coalesce(resident.c.places[1], "").like(f"{banner}%")
    wanted = (resident.c.stopped_at.is_(None), resident.c.gone_at.is_(None))
    guests = (resident.c.trial_guest,) if guests_only else ()
    return list((await conn.execute(select(resident.c.id).where(*here, home, *wanted, *guests))).scalars())


async def freeze(conn: AsyncConnection, mass_id: int, residents: Collection[int]) -> None:
    """Note who shares the fate of a mass send; one erased meanwhile is left out."""
    chosen = select(literal(mass_id, BigInteger), resident.c.id).where(resident.c.id == func.any(_ids(residents)))
    await conn.execute(insert(wechat_mass_row).from_select(["mass_id", "resident_id"], chosen))
    rows = select(func.count()).where(wechat_mass_row.c.mass_id == mass_id).scalar_subquery()
    await conn.execute(update(wechat_mass).where(wechat_mass.c.id == mass_id).values(recipients=rows))


async def frozen(conn: AsyncConnection, mass_id: int) -> list[str]:
    """Return the addresses of those who share the fate of a mass send."""
    asked = select(resident.c.address).join_from(wechat_mass_row, resident).where(wechat_mass_row.c.mass_id == mass_id)
    return list((await conn.execute(asked.order_by(resident.c.id))).scalars())


def _ids(residents: Collection[int]) -> ColumnElement[Any]:
    return cast(list(residents), ARRAY(BigInteger))


async def tag(conn: AsyncConnection, account: str, banner: str) -> int | None:
    """Return WeChat's tag for a banner, None before it has one."""
    this = (wechat_tag.c.account == account, wechat_tag.c.banner == banner)
    return (await conn.execute(select(wechat_tag.c.tag).where(*this))).scalar_one_or_none()


async def keep_tag(conn: AsyncConnection, account: str, banner: str, number: int) -> None:
    """Keep WeChat's tag for a banner."""
    made = insert_or(wechat_tag).values(account=account, banner=banner, tag=number)
    await conn.execute(made.on_conflict_do_update(index_elements=["account", "banner"], set_={"tag": number}))


def _as_mass(row: Row[Any]) -> Mass:
    kept = dict(row._mapping)
    return Mass(**kept | {"state": MassState(kept["state"])})
