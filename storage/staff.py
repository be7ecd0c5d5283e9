"""Staff: who may act for which places, how they come in, and how they are let go.

No passwords: a link is used once and within minutes, and only its digest is held. Who may do what is not decided here.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Row, Table, delete, func, insert, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import day, utc
from storage.tables.desk import desk_session
from storage.tables.staff import staff, staff_account, staff_invitation, staff_sign_in, staff_talk

Role = Literal["cadre", "editor", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

LINK_LASTS = timedelta(minutes=10)
"""How long a link to join or to sign in works; an invitation may be given longer."""

INVITATION_LASTS_AT_MOST = timedelta(days=1)

CODE_DIGITS = 12
"""Of a code to type: too many to be guessed in its life, as long as tries are few (`bot/desk/tries.py`)."""


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


def as_staff(row: Row[Any]) -> Staff:
    """Make a member of staff of a row with the columns of the table."""
    kept = {column.name: row._mapping[column] for column in staff.c}
    return Staff(**kept | {"places": tuple(kept["places"])})


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


def code_of(token: str) -> str:
    """The twelve digits that may be typed at the desk instead of following a link; they don't tell its token."""
    made = hashlib.sha256(b"code of " + token.encode()).digest()
    return f"{int.from_bytes(made) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


async def _code_digest(code: str) -> bytes:
    """A digest so slow that who reads the table can't try all codes while one lives. Some 40 ms, beside the loop."""
    return await asyncio.to_thread(
        hashlib.scrypt, code.encode(), salt=b"a code of the desk", n=2**14, r=8, p=1, dklen=32
    )


def is_code(said: str) -> bool:
    """Whether this is a code that was typed; anything else is looked up as the token of a link."""
    return len(said) == CODE_DIGITS and said.isascii() and said.isdecimal()


async def meant(table: Table, said: str) -> ColumnElement[bool]:
    """The row of `staff_invitation` or `staff_sign_in` whose token or typed code this is."""
    by_token = table.c.digest == _digest(said)
    return or_(by_token, table.c.code == await _code_digest(said)) if is_code(said) else by_token


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
    ways_in = {"code": await _code_digest(code_of(token)), "expires_at": utc(now) + lasts}
    await conn.execute(insert(staff_invitation).values(held | ways_in))
    return token


async def join(conn: AsyncConnection, token: str, *, channel: str, address: str, now: datetime) -> Staff | None:
    """Become staff by an invitation, known from now on by this address. None for one that is unknown, used or over.

    Of two who use one link at once the second gets None. An address that is known already must not come here.
    """
    member = await _joined(conn, staff_invitation.c.digest == _digest(token), now)
    if member is not None:
        account = {"channel": channel, "address": address, "staff_id": member.id, "bound_at": utc(now)}
        await conn.execute(insert(staff_account).values(account))
    return member


async def join_at_desk(conn: AsyncConnection, said: str, *, now: datetime) -> Staff | None:
    """Become staff by an invitation's token or typed code, known by no address: who is in has a session instead."""
    return await _joined(conn, await meant(staff_invitation, said), now)


async def invitation_waits(conn: AsyncConnection, said: str, *, now: datetime) -> bool:
    """Whether this is the token or code of an invitation that was not used yet; it is not spent by the question."""
    this = await meant(staff_invitation, said)
    waits = select(literal(1)).where(this, staff_invitation.c.used_at.is_(None))
    return await conn.scalar(waits.where(staff_invitation.c.expires_at > utc(now))) is not None


async def _joined(conn: AsyncConnection, this: ColumnElement[bool], now: datetime) -> Staff | None:
    invited = staff_invitation.c
    spent = (
        update(staff_invitation)
        .where(this, invited.used_at.is_(None), invited.expires_at > utc(now))
        .values(used_at=utc(now))
        .returning(invited.role, invited.places, invited.name)
    )
    row = (await conn.execute(spent)).one_or_none()
    if row is None:
        return None
    joined = insert(staff).values(**row._mapping, joined_on=day(now), active_on=day(now)).returning(*staff.c)
    return as_staff((await conn.execute(joined)).one())


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
    return None if row is None else as_staff(row)


async def sign_in_link(
    conn: AsyncConnection, staff_id: int, *, made_by: str, now: datetime, session_id: int | None = None
) -> str:
    """Return a token that opens the desk once within ten minutes; earlier ones of the same person end.

    `session_id`: the session of the desk on which they made it for themselves.
    """
    await conn.execute(delete(staff_sign_in).where(staff_sign_in.c.staff_id == staff_id))
    token = secrets.token_urlsafe(24)
    held = {"digest": _digest(token), "staff_id": staff_id, "made_by": made_by, "expires_at": utc(now) + LINK_LASTS}
    typed = {"code": await _code_digest(code_of(token)), "session_id": session_id}
    await conn.execute(insert(staff_sign_in).values(held | typed))
    return token


async def sign_in(conn: AsyncConnection, said: str, *, now: datetime) -> Staff | None:
    """Spend a token of `sign_in_link`, or its code. None for one that is unknown, used or over, or of somebody gone."""
    linked = staff_sign_in.c
    spent = (
        update(staff_sign_in)
        .where(await meant(staff_sign_in, said), linked.used_at.is_(None), linked.expires_at > utc(now))
        .values(used_at=utc(now))
        .returning(linked.staff_id)
    )
    staff_id = await conn.scalar(spent)
    active = update(staff).where(staff.c.id == staff_id, staff.c.revoked_at.is_(None)).values(active_on=day(now))
    row = (await conn.execute(active.returning(*staff.c))).one_or_none() if staff_id is not None else None
    return None if row is None else as_staff(row)


async def revoke(conn: AsyncConnection, staff_id: int, *, now: datetime) -> bool:
    """Let somebody go at once: no account, session, draft, or link of theirs or made by them is left. False: nobody."""
    gone = update(staff).where(staff.c.id == staff_id, staff.c.revoked_at.is_(None)).values(revoked_at=utc(now))
    if not (await conn.execute(gone)).rowcount:
        return False
    for table in (staff_account, staff_sign_in, desk_session, staff_talk):
        await conn.execute(delete(table).where(table.c.staff_id == staff_id))
    for table in (staff_invitation, staff_sign_in):  # a way in that they had prepared for somebody
        await conn.execute(delete(table).where(table.c.made_by == f"staff:{staff_id}", table.c.used_at.is_(None)))
    return True


async def change(conn: AsyncConnection, staff_id: int, *, role: Role, places: Sequence[str]) -> None:
    """Give somebody another role, or other places (stems, at least one); it counts from their next request."""
    await conn.execute(update(staff).where(staff.c.id == staff_id).values(role=role, places=list(places)))


async def everyone(conn: AsyncConnection) -> list[Staff]:
    """Return all staff who were not let go, in the order in which they joined."""
    rows = await conn.execute(select(staff).where(staff.c.revoked_at.is_(None)).order_by(staff.c.id))
    return [as_staff(row) for row in rows]


async def get(conn: AsyncConnection, id_: int) -> Staff | None:
    """Return one who was not let go, locked until the transaction ends."""
    of = select(staff).where(staff.c.id == id_, staff.c.revoked_at.is_(None)).with_for_update()
    row = (await conn.execute(of)).one_or_none()
    return None if row is None else as_staff(row)


async def names(conn: AsyncConnection, ids: Collection[int]) -> dict[int, str]:
    """Return how colleagues know these members of staff, those who were let go included."""
    rows = await conn.execute(select(staff.c.id, staff.c.name).where(staff.c.id.in_(ids)))
    return {row.id: row.name for row in rows}


def works_in(stems: Collection[str]) -> ColumnElement[bool]:
    """Whether a row of staff works for one of these places or below one."""
    place = func.unnest(staff.c.places).column_valued("place")
    return select(literal(1)).where(or_(*(place.startswith(stem) for stem in stems))).exists()


async def below(conn: AsyncConnection, stems: Collection[str], *, limit: int, after: int = 0) -> list[Staff]:
    """Return who works for one of these places or below one, in the order in which they joined, from an id on."""
    found = select(staff).where(works_in(stems), staff.c.revoked_at.is_(None), staff.c.id > after)
    return [as_staff(row) for row in await conn.execute(found.order_by(staff.c.id).limit(limit))]


async def above(conn: AsyncConnection, stems: Collection[str], role: Role) -> list[Staff]:
    """Return who has this role for one of these places or for a place in which it lies, in the order of joining."""
    wider = {stem[:digits] for stem in stems for digits in (2, 4, 6, 9, 12) if digits <= len(stem)}
    over = staff.c.places.overlap(sorted(wider))
    found = select(staff).where(staff.c.role == role, over, staff.c.revoked_at.is_(None)).order_by(staff.c.id)
    return [as_staff(row) for row in await conn.execute(found)]


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
