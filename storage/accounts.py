"""Accounts: one bot or official account each, what its platform allows, and until when it said to wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import utc
from storage.states import Kind, State
from storage.tables import account, delivery


@dataclass(frozen=True)
class Account:
    """One account of a channel. `per_second`: messages that the platform takes in a second, None if it names no limit.

    `free_at`: when the next message may go, so that the rate holds from one drain to the next.
    """

    id: int
    channel: str
    name: str
    per_second: float | None
    held_until: datetime | None
    free_at: datetime | None


async def register(conn: AsyncConnection, *, channel: str, name: str, per_second: float | None) -> int:
    """Note an account that may speak first, or its new limit; returns its id, which never changes."""
    made = insert(account).values(channel=channel, name=name, per_second=per_second)
    kept = made.on_conflict_do_update(index_elements=["channel", "name"], set_={"per_second": per_second})
    account_id: int = (await conn.execute(kept.returning(account.c.id))).scalar_one()
    return account_id


async def get(conn: AsyncConnection, account_id: int) -> Account | None:
    """Return an account, None if there is none."""
    row = (await conn.execute(select(account).where(account.c.id == account_id))).one_or_none()
    return None if row is None else _as_account(row)


async def find(conn: AsyncConnection, *, channel: str, name: str) -> Account | None:
    """Return the account of this channel and name, None if it was never registered."""
    asked = select(account).where(account.c.channel == channel, account.c.name == name)
    row = (await conn.execute(asked)).one_or_none()
    return None if row is None else _as_account(row)


async def hold(conn: AsyncConnection, account_id: int, until: datetime) -> None:
    """Send nothing from this account before a moment; an earlier one than is kept changes nothing."""
    longer = func.greatest(account.c.held_until, utc(until))  # a null is passed over
    await conn.execute(update(account).where(account.c.id == account_id).values(held_until=longer))


async def take_time(conn: AsyncConnection, account_id: int, until: datetime) -> None:
    """Note that messages were claimed which take the account's time up to this moment."""
    await conn.execute(update(account).where(account.c.id == account_id).values(free_at=utc(until)))


async def busy_until(conn: AsyncConnection, account_id: int, until: datetime) -> None:
    """Note that the account's time is taken up to this moment at least."""
    later = func.greatest(account.c.free_at, utc(until))  # a null is passed over
    await conn.execute(update(account).where(account.c.id == account_id).values(free_at=later))


async def awaiting(conn: AsyncConnection, kinds: Sequence[Kind], now: datetime) -> list[Account]:
    """Return the accounts that a drain can do something for: rows of these kinds are due, or claims lie open."""
    mine = delivery.c.account_id == account.c.id
    due = exists().where(
        mine,
        delivery.c.state == State.QUEUED.value,
        delivery.c.kind.in_([kind.value for kind in kinds]),
        delivery.c.not_before <= utc(now),
    )
    claimed = exists().where(mine, delivery.c.state == State.SENDING.value)
    free = or_(account.c.held_until.is_(None), account.c.held_until <= utc(now))
    asked = select(account).where(or_(due & free, claimed)).order_by(account.c.id)
    return [_as_account(row) for row in await conn.execute(asked)]


def _as_account(row: Row[Any]) -> Account:
    return Account(**row._mapping)
