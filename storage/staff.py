"""Staff: who may act for which places, how they come in, and how they are let go.

No passwords: a link is used once and within minutes, and only its digest is held. Who may do what is not decided here.
"""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import Row, delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import day, utc
from storage.tables.staff import staff, staff_account, staff_invitation, staff_sign_in, staff_talk

Role = Literal["cadre", "editor", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

LINK_LASTS = timedelta(minutes=10)
"""How long a link to join or to sign in works; an invitation may be given longer."""

INVITATION_LASTS_AT_MOST = timedelta(days=1)


@dataclass(frozen=True)
class Staff:
    """One member of staff. `places` are stems; days are UTC's. `revoked_at`: let go, may do nothing."""

    id: int
    role: Role
    places: tuple[str, ...]
    name: str
    joined_on: date
    active_on: date
    revoked_at: datetime | None


def _as_staff(row: Row[Any]) -> Staff:
    kept = dict(row._mapping)
    return Staff(**kept | {"places": tuple(kept["places"])})


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


async def invite(
    conn: AsyncConnection,
    *,
    role: Role,
    places: Sequence[str],
    name: str = "",
    made_by: str,
    now: datetime,
    lasts: timedelta = LINK_LASTS,
) -> str:
    """Make an invitation and return its token, 32 letters and digits of which only the digest is held.

    ValueError for no place, or one that lasts no time or over a day.
    """
    if not places or not timedelta() < lasts <= INVITATION_LASTS_AT_MOST:
        raise ValueError("an invitation is for at least one place, and for a day at most")
    token = secrets.token_urlsafe(24)
    held = {"digest": _digest(token), "role": role, "places": list(places), "name": name, "made_by": made_by}
    await conn.execute(insert(staff_invitation).values(held | {"expires_at": utc(now) + lasts}))
    return token


async def join(conn: AsyncConnection, token: str, *, channel: str, address: str, now: datetime) -> Staff | None:
    """Become staff by an invitation, known from now on by this address. None for one that is unknown, used or over.

    Of two who use one link at once the second gets None. An address that is known already must not come here.
    """
    invited = staff_invitation.c
    spent = (
        update(staff_invitation)
        .where(invited.digest == _digest(token), invited.used_at.is_(None), invited.expires_at > utc(now))
        .values(used_at=utc(now))
        .returning(invited.role, invited.places, invited.name)
    )
    row = (await conn.execute(spent)).one_or_none()
    if row is None:
        return None
    joined = insert(staff).values(**row._mapping, joined_on=day(now), active_on=day(now)).returning(*staff.c)
    member = _as_staff((await conn.execute(joined)).one())
    account = {"channel": channel, "address": address, "staff_id": member.id, "bound_at": utc(now)}
    await conn.execute(insert(staff_account).values(account))
    return member


async def known(conn: AsyncConnection, *, channel: str, address: str, now: datetime) -> Staff | None:
    """Return who is known by this address, active today, locked until the transaction ends; None for a stranger."""
    of = (
        update(staff)
        .where(staff.c.id == staff_account.c.staff_id, staff.c.revoked_at.is_(None))
        .where(staff_account.c.channel == channel, staff_account.c.address == address)
        .values(active_on=func.greatest(staff.c.active_on, day(now)))
        .returning(*staff.c)
    )
    row = (await conn.execute(of)).one_or_none()
    return None if row is None else _as_staff(row)


async def sign_in_link(conn: AsyncConnection, staff_id: int, *, made_by: str, now: datetime) -> str:
    """Return a token that opens the desk once within ten minutes; earlier ones of the same person end."""
    await conn.execute(delete(staff_sign_in).where(staff_sign_in.c.staff_id == staff_id))
    token = secrets.token_urlsafe(24)
    held = {"digest": _digest(token), "staff_id": staff_id, "made_by": made_by, "expires_at": utc(now) + LINK_LASTS}
    await conn.execute(insert(staff_sign_in).values(held))
    return token


async def sign_in(conn: AsyncConnection, token: str, *, now: datetime) -> Staff | None:
    """Spend a token of `sign_in_link`. None for one that is unknown, used or over, or of somebody let go."""
    linked = staff_sign_in.c
    spent = (
        update(staff_sign_in)
        .where(linked.digest == _digest(token), linked.used_at.is_(None), linked.expires_at > utc(now))
        .values(used_at=utc(now))
        .returning(linked.staff_id)
    )
    staff_id = await conn.scalar(spent)
    active = update(staff).where(staff.c.id == staff_id, staff.c.revoked_at.is_(None)).values(active_on=day(now))
    row = (await conn.execute(active.returning(*staff.c))).one_or_none() if staff_id is not None else None
    return None if row is None else _as_staff(row)


async def revoke(conn: AsyncConnection, staff_id: int, *, now: datetime) -> bool:
    """Let somebody go at once: no account, link or unfinished draft of theirs is left. False if nobody was."""
    gone = update(staff).where(staff.c.id == staff_id, staff.c.revoked_at.is_(None)).values(revoked_at=utc(now))
    if not (await conn.execute(gone)).rowcount:
        return False
    for table in (staff_account, staff_sign_in, staff_talk):
        await conn.execute(delete(table).where(table.c.staff_id == staff_id))
    return True


async def everyone(conn: AsyncConnection) -> list[Staff]:
    """Return all staff who were not let go, in the order in which they joined."""
    rows = await conn.execute(select(staff).where(staff.c.revoked_at.is_(None)).order_by(staff.c.id))
    return [_as_staff(row) for row in rows]


async def active_places(conn: AsyncConnection, roles: Collection[str], *, since: date) -> frozenset[str]:
    """Return the stems of places of which somebody of these roles was active on this day (UTC) or later."""
    active = staff.c.revoked_at.is_(None) & staff.c.role.in_(roles) & (staff.c.active_on >= since)
    rows = await conn.scalars(select(func.unnest(staff.c.places)).where(active).distinct())
    return frozenset(rows)


async def addresses(conn: AsyncConnection, roles: Collection[str], *, place: str, channel: str) -> list[str]:
    """Return where staff of these roles, bound to this very place (a stem), are known on a channel."""
    one_of_theirs = literal(place) == func.any(staff.c.places.cast(ARRAY(TEXT)))
    mine = select(staff_account.c.address).join(staff).where(staff_account.c.channel == channel)
    return list(await conn.scalars(mine.where(staff.c.revoked_at.is_(None), staff.c.role.in_(roles), one_of_theirs)))
