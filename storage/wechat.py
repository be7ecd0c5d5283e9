"""When WeChat lets an account speak to a resident, and what the processes of one account share.

WeChat lets an official account write to a resident only for a while after something that they did, and only a few
times. `Window` knows these limits; a place in it is taken before a message leaves, so no two processes take the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    DateTime,
    Select,
    bindparam,
    delete,
    exists,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from storage.inbox import MessageKey, Reply
from storage.moments import utc
from storage.states import State
from storage.tables import delivery, inbox, resident
from storage.tables.wechat import wechat_consent, wechat_given, wechat_nudge, wechat_window

CHANNEL = "wechat"
AT_ONCE = 100  # answers handed out to be sent again in one go


@dataclass(frozen=True)
class Limit:
    """How many messages may follow an act of a resident, for how long, and how many of them only an answer may take."""

    messages: int
    period: timedelta
    kept: int


# Both end a little early: WeChat counts by its own clock, from when the resident acted.
AFTER_MESSAGE = Limit(5, timedelta(hours=48) - timedelta(minutes=5), kept=2)
AFTER_TAP = Limit(3, timedelta(minutes=1) - timedelta(seconds=5), kept=1)

Act = Literal["message", "tap"]
Way = Literal["passive", "message"]


@dataclass(frozen=True)
class Window:
    """What a resident last did, and how many messages went out since. Every message counts in both windows.

    WeChat does not say whether a message after a tap also counts against the 48 hours; so counted, it is right either
    way.
    """

    messaged_at: datetime | None = None
    messaged_used: int = 0
    tapped_at: datetime | None = None
    tapped_used: int = 0

    def room(self, now: datetime, *, answering: bool) -> int:
        """How many messages may go now; some places are kept for answers, which take them with `answering`."""
        kinds = ((AFTER_MESSAGE, self.messaged_at, self.messaged_used), (AFTER_TAP, self.tapped_at, self.tapped_used))
        free = [
            limit.messages - used - (0 if answering else limit.kept)
            for limit, since, used in kinds
            if since is not None and now < since + limit.period
        ]
        return max(0, *free) if free else 0

    def spent(self, count: int) -> "Window":
        """The window after some more messages."""
        return replace(self, messaged_used=self.messaged_used + count, tapped_used=self.tapped_used + count)

    def given_back(self, count: int) -> "Window":
        """The window after messages that WeChat surely did not take."""
        messaged, tapped = max(0, self.messaged_used - count), max(0, self.tapped_used - count)
        return replace(self, messaged_used=messaged, tapped_used=tapped)

    def shut(self) -> "Window":
        """The window after WeChat said that nothing may go: it knows better than our count."""
        return replace(self, messaged_used=AFTER_MESSAGE.messages, tapped_used=AFTER_TAP.messages)


@dataclass(frozen=True)
class Left:
    """An answer that was given no way, with the address it belongs to and when its message came."""

    message: MessageKey
    address: str
    reply: Reply
    received_at: datetime


@dataclass(frozen=True)
class Here:
    """A resident who did something: whether they have said stop, and whether messages are held for them."""

    id: int
    stopped: bool
    waited_for: bool


async def resident_at(conn: AsyncConnection, account: str, address: str) -> int | None:
    """Return who is at an address, None for nobody that we know."""
    who = select(resident.c.id).where(*_at(account, address))
    return (await conn.execute(who)).scalar_one_or_none()


def _at(account: str, address: str) -> tuple[ColumnElement[bool], ...]:
    return (resident.c.channel == CHANNEL, resident.c.account == account, resident.c.address == address)


async def window(conn: AsyncConnection, resident_id: int) -> Window:
    """Return a resident's window, locked until the transaction ends."""
    columns = [wechat_window.c[name] for name in Window.__dataclass_fields__]
    chosen = select(*columns).where(wechat_window.c.resident_id == resident_id).with_for_update()
    row = (await conn.execute(chosen)).one_or_none()
    return Window(*row) if row else Window()


async def keep_window(conn: AsyncConnection, resident_id: int, kept: Window) -> None:
    """Keep a resident's window."""
    values = {name: getattr(kept, name) for name in Window.__dataclass_fields__}
    made = insert(wechat_window).values(resident_id=resident_id, **values)
    await conn.execute(made.on_conflict_do_update(index_elements=["resident_id"], set_=values))


async def acted(conn: AsyncConnection, account: str, address: str, act: Act | None, at: datetime) -> Here | None:
    """Note that a resident wrote, or tapped, followed or scanned: WeChat lets us speak for a while; say who it is.

    An act that arrives late opens nothing anew, and one that lets nobody speak (None) nothing at all. Of somebody whom
    we don't know nothing is noted. One statement, because every message runs it.
    """
    row = (await conn.execute(_ACTED[act], {"account": account, "address": address, "at": utc(at)})).one_or_none()
    return Here(*row) if row else None


def _acted(act: Act | None) -> Select[Any]:
    who = select(resident.c.id, resident.c.stopped_at.is_not(None).label("stopped")).where(
        resident.c.channel == CHANNEL,
        resident.c.account == bindparam("account"),
        resident.c.address == bindparam("address"),
    )
    here = who.cte("here")
    waits = exists().where(delivery.c.resident_id == here.c.id, delivery.c.state == State.HELD.value)
    asked = select(here.c.id, here.c.stopped, waits)
    return asked if act is None else asked.add_cte(_opening(act, here).cte("opened"))


def _opening(act: Act, here: CTE) -> ReturningInsert[Any]:
    since, used = (("messaged_at", "messaged_used"), ("tapped_at", "tapped_used"))[act == "tap"]
    moment = bindparam("at", type_=DateTime(timezone=True))
    made = insert(wechat_window).from_select(["resident_id", since], select(here.c.id, moment))
    older = wechat_window.c[since].is_(None) | (wechat_window.c[since] < made.excluded[since])
    kept = made.on_conflict_do_update(
        index_elements=["resident_id"], set_={since: made.excluded[since], used: 0}, where=older
    )
    return kept.returning(wechat_window.c.resident_id)


_ACTED: Mapping[Act | None, Select[Any]] = {act: _acted(act) for act in ("message", "tap", None)}


async def take_places(conn: AsyncConnection, resident_id: int, now: datetime, *, count: int, answering: bool) -> bool:
    """Take places in the window before messages leave; False where there are not so many, and then none is taken."""
    found = await window(conn, resident_id)
    if found.room(utc(now), answering=answering) < count:
        return False
    await keep_window(conn, resident_id, found.spent(count))
    return True


async def give_back(conn: AsyncConnection, resident_id: int, *, count: int, shut: bool) -> None:
    """Give back places of messages that were surely not taken; `shut`: WeChat said that nothing may go now."""
    found = await window(conn, resident_id)
    await keep_window(conn, resident_id, found.shut() if shut else found.given_back(count))


async def claim(conn: AsyncConnection, message: MessageKey, way: Way, now: datetime) -> tuple[Way, bool]:
    """Say which way an answer goes, unless that was said before; return the way that stands, and whether it is new.

    An answer that WeChat itself takes and one that we write are two messages: only one may go.
    """
    values = {"account": message.account, "digest": message.digest, "way": way, "given_at": utc(now)}
    row = (await conn.execute(_CLAIM, values)).one()
    return row[0], row[1]


def _claim() -> ReturningInsert[Any]:
    made = insert(wechat_given)
    kept = made.on_conflict_do_update(index_elements=["account", "digest"], set_={"way": wechat_given.c.way})
    fresh = literal_column("xmax = 0", Boolean)  # only a row that was made just now has no earlier version
    return kept.returning(wechat_given.c.way, fresh)


_CLAIM = _claim()  # built once, because every message runs it


async def turn_to(conn: AsyncConnection, message: MessageKey, way: Way) -> None:
    """Change the way of an answer: WeChat was told not to wait any more."""
    this = (wechat_given.c.account == message.account, wechat_given.c.digest == message.digest)
    await conn.execute(update(wechat_given).where(*this).values(way=way))


async def settle(conn: AsyncConnection, account: str, *, before: datetime, now: datetime) -> None:
    """Forget the answers that were given passively before a moment: WeChat asks for them no more."""
    old = delete(wechat_given).where(wechat_given.c.account == account, wechat_given.c.given_at < utc(before))
    given = old.returning(wechat_given.c.digest, wechat_given.c.way).cte("given")
    mine = inbox.c.digest.in_(select(given.c.digest).where(given.c.way == "passive"))
    here = (inbox.c.channel == CHANNEL, inbox.c.account == account, inbox.c.sent_at.is_(None))
    await conn.execute(update(inbox).where(*here, mine).values(reply=None, sent_at=utc(now)).add_cte(given))


async def unsent(conn: AsyncConnection, account: str, *, before: datetime) -> list[Left]:
    """Return answers of messages that came before this moment and were given no way at all: oldest first."""
    passive = exists().where(
        wechat_given.c.account == inbox.c.account,
        wechat_given.c.digest == inbox.c.digest,
        wechat_given.c.way == "passive",
    )
    chosen = (
        select(inbox.c.digest, resident.c.address, inbox.c.reply, inbox.c.received_at)
        .join_from(inbox, resident)
        .where(inbox.c.channel == CHANNEL, inbox.c.account == account, inbox.c.reply.is_not(None), ~passive)
        .where(inbox.c.received_at < utc(before))
        .order_by(inbox.c.received_at)
        .limit(AT_ONCE)
    )
    return [Left(MessageKey(CHANNEL, account, row[0]), *row[1:]) for row in await conn.execute(chosen)]


async def agree(conn: AsyncConnection, resident_id: int, template: str, now: datetime) -> None:
    """Note that a resident wants the notices of a template."""
    made = insert(wechat_consent).values(resident_id=resident_id, template=template, agreed_at=utc(now))
    await conn.execute(made.on_conflict_do_nothing())


async def disagree(conn: AsyncConnection, resident_id: int, template: str) -> None:
    """Note that a resident wants them no more."""
    mine = (wechat_consent.c.resident_id == resident_id, wechat_consent.c.template == template)
    await conn.execute(delete(wechat_consent).where(*mine))


async def agreed(conn: AsyncConnection, resident_id: int, templates: Sequence[str]) -> frozenset[str]:
    """Return those of the templates whose notices a resident wants."""
    mine = (wechat_consent.c.resident_id == resident_id, wechat_consent.c.template.in_(templates))
    return frozenset((await conn.execute(select(wechat_consent.c.template).where(*mine))).scalars())


async def nudge(conn: AsyncConnection, delivery_id: int, resident_id: int, now: datetime) -> bool:
    """Note that a resident is told that a message waits; False where they were told before."""
    made = insert(wechat_nudge).values(delivery_id=delivery_id, resident_id=resident_id, nudged_at=utc(now))
    new = made.on_conflict_do_nothing().returning(wechat_nudge.c.delivery_id)
    return (await conn.execute(new)).one_or_none() is not None


async def forget_nudge(conn: AsyncConnection, delivery_id: int) -> None:
    """Note that the notice did not leave."""
    await conn.execute(delete(wechat_nudge).where(wechat_nudge.c.delivery_id == delivery_id))
