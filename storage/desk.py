"""Sessions of the desk: who is in, on which device, and how a session ends. Who may do what is not decided here."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import day, utc
from storage.staff import Staff, as_staff, meant
from storage.tables.desk import desk_session
from storage.tables.staff import staff, staff_sign_in

TRUSTED_FOR = timedelta(days=30)
"""How long one's own phone stays in."""

OTHERWISE_FOR = timedelta(hours=12)
"""How long any other device stays in: a day at work."""

FRESH_FOR = timedelta(minutes=10)
"""How long after a code was entered a deed that asks again may be done."""

_SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Session:
    """One device on which somebody is in."""

    id: int
    staff_id: int
    device: str
    trusted: bool
    made_at: datetime
    seen_at: datetime
    fresh_at: datetime
    expires_at: datetime

    def fresh(self, now: datetime) -> bool:
        """Whether a code was entered on it just now."""
        return now - self.fresh_at <= FRESH_FOR


_COLUMNS = tuple(column for column in desk_session.c if column.name != "digest")


def _digest(token: str) -> bytes:
    return hashlib.sha256(b"desk session " + token.encode(errors="surrogatepass")).digest()


async def begin(conn: AsyncConnection, staff_id: int, *, device: str, trusted: bool, now: datetime) -> str:
    """Let a device in; return the token of its cookie, of which only a digest is held."""
    token, at = secrets.token_urlsafe(32), utc(now)
    held = {"digest": _digest(token), "staff_id": staff_id, "device": device[:40], "trusted": trusted}
    held |= {"made_at": at, "seen_at": at, "fresh_at": at}
    await conn.execute(
        insert(desk_session).values(held | {"expires_at": at + (TRUSTED_FOR if trusted else OTHERWISE_FOR)})
    )
    return token


async def known(conn: AsyncConnection, token: str, *, now: datetime, lock: bool) -> tuple[Session, Staff] | None:
    """Return the session of a cookie and whose it is, active today; None for one that is unknown, ended or over.

    `lock`: both are held until the transaction ends, so that nobody is let go between the look and the deed.
    """
    theirs = (
        select(*_COLUMNS, *staff.c)
        .join_from(desk_session, staff)
        .where(desk_session.c.digest == _digest(token), desk_session.c.expires_at > utc(now))
        .where(staff.c.revoked_at.is_(None))
    )
    row = (await conn.execute(theirs.with_for_update() if lock else theirs)).one_or_none()
    if row is None:
        return None
    session = Session(**{column.name: row._mapping[column] for column in _COLUMNS})
    await _seen(conn, session, now)
    return session, as_staff(row)


async def _seen(conn: AsyncConnection, session: Session, now: datetime) -> None:
    """Note it now and then only: looking at pages shall not write all the time."""
    if utc(now) - session.seen_at >= _SEEN_EVERY or session.seen_at == session.made_at:
        this = desk_session.c.id == session.id
        await conn.execute(update(desk_session).where(this).values(seen_at=utc(now)))
        active = func.greatest(staff.c.active_on, day(now))
        await conn.execute(update(staff).where(staff.c.id == session.staff_id).values(active_on=active))


async def confirm(conn: AsyncConnection, session: Session, said: str, *, now: datetime) -> bool:
    """Spend a link's token or code of the same person to make a session fresh; one that it made itself does not."""
    linked = staff_sign_in.c
    elsewhere = or_(linked.session_id.is_(None), linked.session_id != session.id)
    spent = (
        update(staff_sign_in)
        .where(await meant(staff_sign_in, said), linked.staff_id == session.staff_id, elsewhere)
        .where(linked.used_at.is_(None), linked.expires_at > utc(now))
        .values(used_at=utc(now))
    )
    if not (await conn.execute(spent)).rowcount:
        return False
    await conn.execute(update(desk_session).where(desk_session.c.id == session.id).values(fresh_at=utc(now)))
    return True


async def sessions(conn: AsyncConnection, staff_ids: Collection[int], *, now: datetime) -> list[Session]:
    """Return the devices on which these people are in, last seen first."""
    open_now = desk_session.c.staff_id.in_(staff_ids) & (desk_session.c.expires_at > utc(now))
    rows = await conn.execute(select(*_COLUMNS).where(open_now).order_by(desk_session.c.seen_at.desc()))
    return [Session(**row._mapping) for row in rows]


async def end(conn: AsyncConnection, session_id: int, *, staff_id: int) -> bool:
    """End a session of somebody at once. False where there is none."""
    this = (desk_session.c.id == session_id) & (desk_session.c.staff_id == staff_id)
    return bool((await conn.execute(delete(desk_session).where(this))).rowcount)


async def end_all(conn: AsyncConnection, staff_id: int) -> int:
    """End all sessions of somebody, and what they could enter with; return how many there were."""
    await conn.execute(delete(staff_sign_in).where(staff_sign_in.c.staff_id == staff_id))
    return (await conn.execute(delete(desk_session).where(desk_session.c.staff_id == staff_id))).rowcount
