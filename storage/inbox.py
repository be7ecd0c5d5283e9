"""Messages that came: each is acted on once, and its answer is kept until it is sent.

One transaction takes a message, does what it asks and keeps the reply, so either all of it happened or nothing.
Then the reply is sent and marked. A process that dies between the two leaves the reply: it goes out again on the
platform's redelivery (`Waiting`) or by the sweep (`unsent`), so an answer may come twice and is never lost.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import and_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.conversations import State
from storage.moments import day, utc
from storage.postgres_conversations import SAVE, saving
from storage.residents import Resident, as_resident, meeting, newcomer
from storage.tables import inbox, resident

Reply = Mapping[str, Any]
AT_ONCE = 100  # unsent replies handed out in one go


@dataclass(frozen=True)
class MessageKey:
    """Which message of which account. Only a digest of the platform's id is held: some ids contain the address."""

    channel: str
    account: str
    digest: bytes

    @classmethod
    def of(cls, *, channel: str, account: str, message_id: str) -> Self:
        """Make the key of a platform's message id, whatever characters that has."""
        return cls(channel, account, hashlib.sha256(message_id.encode(errors="surrogatepass")).digest()[:16])

    @property
    def trace(self) -> str:
        """What logs call this message: the same in every process, at every try."""
        return self.digest[:6].hex()


@dataclass(frozen=True)
class New:
    """Not seen before: act on it. `earlier` counts the resident's messages since the time asked about, without this."""

    resident: Resident
    earlier: int


@dataclass(frozen=True)
class Waiting:
    """Acted on, and the reply perhaps not sent: send it, then mark it."""

    reply: Reply


@dataclass(frozen=True)
class Done:
    """Acted on and answered. Nothing is left to do."""


Taken = New | Waiting | Done


@dataclass(frozen=True)
class Talk:
    """The state of a talk after a message, and when that is."""

    state: State
    now: datetime


@dataclass(frozen=True)
class Unsent:
    """A reply whose sender died, with the address it belongs to."""

    message: MessageKey
    address: str
    reply: Reply


# The statements are built once: every message runs them, and building costs as much as running.
_KEY = ("channel", "account", "digest")
_THIS = and_(*(inbox.c[key] == bindparam(f"of_{key}", type_=inbox.c[key].type) for key in _KEY))
_taken = (
    insert(inbox)
    .values({key: bindparam(f"of_{key}") for key in _KEY} | {"received_at": bindparam("now")})
    .on_conflict_do_nothing()
    .returning(inbox.c.digest)
    .cte("taken")
)
_met = meeting(newcomer().select_from(_taken)).returning(resident).cte("met")
_earlier = select(func.count()).where(inbox.c.resident_id == _met.c.id, inbox.c.received_at >= bindparam("since"))
_TAKE = select(_met, _earlier.scalar_subquery())
_REPLY = select(inbox.c.reply).where(_THIS)
_KEEP = update(inbox).where(_THIS).values(reply=bindparam("reply"), resident_id=bindparam("resident_id"))
_KEEP_WITH_TALK = _KEEP.add_cte(SAVE.cte("talk"))
_SENT = update(inbox).where(_THIS, inbox.c.sent_at.is_(None)).values(reply=None, sent_at=bindparam("sent_at"))
_UNSENT = (
    select(inbox.c.channel, inbox.c.account, inbox.c.digest, resident.c.address, inbox.c.reply)
    .join_from(inbox, resident)
    .where(inbox.c.channel == bindparam("channel"), inbox.c.account == bindparam("account"))
    .where(inbox.c.reply.is_not(None), inbox.c.received_at < bindparam("before"))
    .order_by(inbox.c.received_at)
    .limit(AT_ONCE)
)


async def take(
    conn: AsyncConnection, message: MessageKey, *, address: str, counting_since: datetime, now: datetime
) -> Taken:
    """Take a message and meet its resident, in one statement; of one delivered twice, say how far it got.

    New leaves the resident locked until the transaction ends, so quick messages of one resident are handled in turn.
    Only a new message meets a resident: a redelivered "erase" must not bring back who it erased.
    """
    when = {"now": utc(now), "day": day(now), "since": utc(counting_since)}
    who = {"channel": message.channel, "account": message.account, "address": address}
    row = (await conn.execute(_TAKE, _of(message) | who | when)).one_or_none()
    if row is not None:
        return New(as_resident(row), earlier=row[-1])
    reply = (await conn.execute(_REPLY, _of(message))).scalar_one_or_none()
    return Done() if reply is None else Waiting(reply)


async def keep_reply(
    conn: AsyncConnection, message: MessageKey, *, resident_id: int | None, reply: Reply, talk: Talk | None = None
) -> None:
    """Keep our answer until it is sent, and with it the state of the resident's talk: in one statement.

    Without a resident (erased just now) only a redelivery can send it again.
    """
    kept = _of(message) | {"resident_id": resident_id, "reply": reply}
    if talk is None or resident_id is None:
        await conn.execute(_KEEP, kept)
    else:
        await conn.execute(_KEEP_WITH_TALK, kept | saving(resident_id, talk.state, talk.now))


async def mark_sent(conn: AsyncConnection, message: MessageKey, *, now: datetime) -> None:
    """Note that the reply was sent, and forget it. A second time changes nothing."""
    await conn.execute(_SENT, _of(message) | {"sent_at": utc(now)})


async def unsent(conn: AsyncConnection, *, channel: str, account: str, before: datetime) -> list[Unsent]:
    """Return replies not marked sent, of messages that came before this moment: oldest first, at most AT_ONCE."""
    rows = await conn.execute(_UNSENT, {"channel": channel, "account": account, "before": utc(before)})
    return [Unsent(MessageKey(row.channel, row.account, row.digest), row.address, row.reply) for row in rows]


def _of(message: MessageKey) -> dict[str, object]:
    # Not the columns' own names: SQLAlchemy would take those for values to set.
    return {"of_channel": message.channel, "of_account": message.account, "of_digest": message.digest}
