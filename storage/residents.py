"""Residents: who is at an address, and what is kept about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Row, Select, bindparam, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.conversations import FORGOTTEN_AFTER, State
from storage.moments import day, utc
from storage.postgres_conversations import LATEST
from storage.tables import conversation, following, inbox, resident
from storage.tables.staff import ticket

MOST_PLACES = 3


@dataclass(frozen=True)
class Resident:
    """One address on one account of one channel. `places` are stems, home first, at most three."""

    id: int
    channel: str
    account: str
    address: str
    places: tuple[str, ...]
    language: str
    trial_guest: bool
    welcomed_on: date | None
    stopped_at: datetime | None
    gone_at: datetime | None
    created_on: date
    seen_on: date

    @property
    def home(self) -> str | None:
        """The stem of the place that counts as home."""
        return self.places[0] if self.places else None


@dataclass(frozen=True)
class Kept:
    """All that is kept about one resident, as "what is kept about me" tells it. Days are UTC's."""

    resident: Resident
    in_conversation: bool  # a talk of the last 24 hours is remembered
    messages: int  # how many messages are remembered as received (when, never what)
    unsent_replies: int


@dataclass(frozen=True)
class Has:
    """What there is of a resident: the state of their talk, and which other things; most have none to be read."""

    talk: State | None
    follows: bool
    tickets: bool


def as_resident(row: Row[Any]) -> Resident:
    """Return the record of a row that holds all columns of `resident` first."""
    kept = dict(zip(resident.c.keys(), row, strict=False))
    return Resident(**kept | {"places": tuple(kept["places"])})


def meeting(newcomer: Select[Any]) -> Insert:
    """Return the statement that gets or creates the resident of each row (channel, account, address, day, day).

    Either way the row is locked and read as last committed, so several quick messages of one resident go in turn.
    """
    made = insert(resident).from_select(["channel", "account", "address", "created_on", "seen_on"], newcomer)
    later = func.greatest(resident.c.seen_on, made.excluded.seen_on)
    seen = {"seen_on": later, "gone_at": None}  # who writes is there
    return made.on_conflict_do_update(index_elements=["channel", "account", "address"], set_=seen)


def newcomer() -> Select[Any]:
    """Return the one row that `meeting` takes, from the parameters channel, account, address and day."""
    today = bindparam("day", type_=Date)
    who = (bindparam(name, type_=resident.c[name].type).label(name) for name in ("channel", "account", "address"))
    return select(*who, today.label("created_on"), today.label("seen_on"))


_MEET = meeting(newcomer()).returning(resident)


async def meet(conn: AsyncConnection, *, channel: str, account: str, address: str, now: datetime) -> Resident:
    """Get or create the resident at this address, locked until the transaction ends. For a message use `inbox.take`."""
    who = {"channel": channel, "account": account, "address": address, "day": day(now)}
    return as_resident((await conn.execute(_MEET, who)).one())


_HAS = select(
    LATEST.scalar_subquery(),
    *(exists().where(table.c.resident_id == bindparam("key")) for table in (following, ticket)),
)


async def has(conn: AsyncConnection, resident_id: int, now: datetime) -> Has:
    """Say what there is of a resident. In one statement, because every message asks it."""
    row = (await conn.execute(_HAS, {"key": resident_id, "since": utc(now) - FORGOTTEN_AFTER})).one()
    return Has(*row)


async def save_places(conn: AsyncConnection, resident_id: int, stems: Sequence[str]) -> None:
    """Follow these places (stems, home first) and no others. ValueError for more than three or one twice."""
    if len(stems) > MOST_PLACES or len(set(stems)) < len(stems):
        raise ValueError(f"a resident follows at most {MOST_PLACES} different places, not {len(stems)}")
    await _change(conn, resident_id, places=list(stems))


async def stop(conn: AsyncConnection, resident_id: int, now: datetime) -> None:
    """Send nothing unasked from now on. A second stop keeps the first one's time."""
    await _change(conn, resident_id, stopped_at=func.coalesce(resident.c.stopped_at, utc(now)))


async def resume(conn: AsyncConnection, resident_id: int) -> None:
    """Take a stop back."""
    await _change(conn, resident_id, stopped_at=None)


async def gone(conn: AsyncConnection, *, channel: str, account: str, address: str, now: datetime) -> None:
    """Note that nothing reaches this address any more, until it writes again. Nobody there is no error."""
    there = (resident.c.channel == channel, resident.c.account == account, resident.c.address == address)
    await conn.execute(update(resident).where(*there, resident.c.gone_at.is_(None)).values(gone_at=utc(now)))


async def back(conn: AsyncConnection, *, channel: str, account: str, address: str) -> None:
    """Note that an address can be reached again, without a message of theirs (they took a block back)."""
    there = (resident.c.channel == channel, resident.c.account == account, resident.c.address == address)
    await conn.execute(update(resident).where(*there).values(gone_at=None))


async def is_guest(conn: AsyncConnection, *, channel: str, account: str, address: str) -> bool:
    """Whether this address may be written to unasked while the installation is in trial."""
    there = (resident.c.channel == channel, resident.c.account == account, resident.c.address == address)
    return bool(await conn.scalar(select(resident.c.trial_guest).where(*there)))


async def set_guest(conn: AsyncConnection, *, channel: str, address: str, guest: bool) -> int:
    """Make a guest of the trial, or no longer, of whoever is at this address; returns how many were found."""
    there = (resident.c.channel == channel, resident.c.address == address)
    changed = await conn.execute(update(resident).where(*there).values(trial_guest=guest))
    return changed.rowcount


async def wrote_since(conn: AsyncConnection, *, channel: str, since: datetime) -> list[str]:
    """Return the addresses of a channel that wrote at or after a moment."""
    wrote = exists().where(inbox.c.resident_id == resident.c.id, inbox.c.received_at >= utc(since))
    return list(await conn.scalars(select(resident.c.address).where(resident.c.channel == channel, wrote)))


async def welcomed(conn: AsyncConnection, resident_id: int, today: date) -> None:
    """Note that it was said today who runs this and what is kept."""
    await _change(conn, resident_id, welcomed_on=today)


async def _change(conn: AsyncConnection, resident_id: int, **values: object) -> None:
    await conn.execute(update(resident).where(resident.c.id == resident_id).values(**values))


async def erase(conn: AsyncConnection, resident_id: int) -> None:
    """Forget the resident, the talk and the replies not sent. Erasing nobody is no error.

    The digests of message ids stay, without a link, so that a redelivered message does not make the resident anew.
    """
    await conn.execute(update(inbox).where(inbox.c.resident_id == resident_id).values(reply=None))
    await conn.execute(delete(resident).where(resident.c.id == resident_id))


async def kept(conn: AsyncConnection, resident_id: int) -> Kept | None:
    """Return all that is kept about this resident, None if there is nothing."""
    mine = inbox.c.resident_id == resident.c.id
    talks = exists().where(conversation.c.resident_id == resident.c.id)
    counts = select(func.count()).where(mine).scalar_subquery(), select(func.count(inbox.c.reply)).where(mine)
    asked = select(resident, talks, counts[0], counts[1].scalar_subquery()).where(resident.c.id == resident_id)
    row = (await conn.execute(asked)).one_or_none()
    return None if row is None else Kept(as_resident(row), *row[len(resident.c) :])
