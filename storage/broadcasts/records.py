"""A broadcast as it is kept, how it moves, and how it is found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import utc
from storage.notices import NoticeKind
from storage.tables import broadcast


class BroadcastState(StrEnum):
    """How far a broadcast has got. Its deliveries are where they are."""

    SUBMITTED = "submitted"  # frozen; waits for an approval
    WITHDRAWN = "withdrawn"  # taken back before anybody approved it; its draft may be mended and submitted anew
    LAPSED = "lapsed"  # nobody approved it in time, or nothing was sent of it in its time
    APPROVED = "approved"  # on its way, or planned for its time
    STOPPED = "stopped"  # nothing more of it is claimed until it is resumed
    CORRECTED = "corrected"  # another one says it right: what was not sent is cancelled


MOVES: Mapping[BroadcastState, frozenset[BroadcastState]] = {
    BroadcastState.SUBMITTED: frozenset({BroadcastState.APPROVED, BroadcastState.WITHDRAWN, BroadcastState.LAPSED}),
    BroadcastState.APPROVED: frozenset({BroadcastState.STOPPED, BroadcastState.CORRECTED, BroadcastState.LAPSED}),
    BroadcastState.STOPPED: frozenset({BroadcastState.APPROVED, BroadcastState.CORRECTED, BroadcastState.LAPSED}),
}
"""Where each state may go; one that does not stand here is an end."""

PUBLIC = (BroadcastState.APPROVED, BroadcastState.STOPPED, BroadcastState.CORRECTED)
"""Approved: residents may have it."""

Reason = Literal["unknown", "moved", "changed", "late", "untitled", "sensitive", "subject", "not_sent", "correcting"]


class NotPossible(Exception):
    """It can't be done, and nothing was. `reason` is a word: the sentence `broadcast.not_<reason>` says it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True)
class Broadcast:
    """A submitted notice. `audience` are stems; `follows` like `topic:insurance`, empty for everyone there.

    `hash`: of words and recipients, what an approval is of. `spread_at`: its deliveries were made. `out_at`: each of
    them was tried or taken back, though some may be held until their resident comes. Moments are aware, in UTC.
    """

    id: int
    number: str
    staff_id: int | None
    kind: NoticeKind
    title: str
    text: str
    link: str | None
    office: str
    place: str
    audience: tuple[str, ...]
    follows: tuple[str, ...]
    sensitive: bool
    flags: tuple[str, ...]
    send_at: datetime | None
    expires_at: datetime | None
    corrects: int | None
    hash: str
    recipients: int
    state: BroadcastState
    submitted_at: datetime
    approved_by: int | None
    approved_at: datetime | None
    reviewed_by: int | None
    reviewed_at: datetime | None
    spread_at: datetime | None
    out_at: datetime | None

    @property
    def starts_at(self) -> datetime | None:
        """When its deliveries may begin to go, None before it is approved. At night a notice waits longer."""
        return self.approved_at and max(self.approved_at, self.send_at or self.approved_at)

    @property
    def untold(self) -> bool:
        """Whether its size is shown to nobody: of followers there are only the figures of fixed units, once a month."""
        return bool(self.follows)


@dataclass(frozen=True)
class Published:
    """What anybody may know of a notice by its number: who truly sent it, when, and what it truly says.

    `corrected_by`: the number of the last one that says it right, if there is one.
    `to_followers`: who says 收到 is not counted.
    """

    id: int
    number: str
    kind: NoticeKind
    title: str
    text: str
    link: str | None
    office: str
    place: str
    sent_at: datetime
    state: BroadcastState
    corrected_by: str | None
    to_followers: bool = False


COLUMNS = [broadcast.c[name] for name in Broadcast.__dataclass_fields__]


def as_broadcast(row: Row[Any]) -> Broadcast:
    """Return the record of a row of `COLUMNS`."""
    kept = dict(row._mapping)
    lists = {name: tuple(kept[name]) for name in ("audience", "follows", "flags")}
    return Broadcast(**kept | lists | {"state": BroadcastState(kept["state"])})


async def get(conn: AsyncConnection, broadcast_id: int) -> Broadcast | None:
    """Return a broadcast, None if there is none."""
    row = (await conn.execute(select(*COLUMNS).where(broadcast.c.id == broadcast_id))).one_or_none()
    return None if row is None else as_broadcast(row)


async def find(conn: AsyncConnection, number: str) -> Broadcast | None:
    """Return the newest broadcast of a notice's number, in whatever state; None if it was never submitted."""
    asked = select(*COLUMNS).where(broadcast.c.number == number).order_by(broadcast.c.id.desc()).limit(1)
    row = (await conn.execute(asked)).one_or_none()
    return None if row is None else as_broadcast(row)


async def listed(
    conn: AsyncConnection,
    *,
    states: Collection[BroadcastState] = (),
    within: Sequence[str] | None = None,
    unreviewed: bool = False,
    limit: int = 100,
) -> list[Broadcast]:
    """Return broadcasts, newest first: in these states, or all; with an audience that touches these places (stems).

    `unreviewed`: only urgent ones that were let go and that no other person has looked at since.
    """
    asked = select(*COLUMNS).order_by(broadcast.c.id.desc()).limit(limit)
    if states:
        asked = asked.where(broadcast.c.state.in_([state.value for state in states]))
    if unreviewed:
        let_go, seen = broadcast.c.approved_at.is_not(None), broadcast.c.reviewed_at.is_not(None)
        asked = asked.where(broadcast.c.kind == "urgent", let_go, ~seen)
    if within is not None:
        asked = asked.where(or_(*(_touches(stem) for stem in within)))
    return [as_broadcast(row) for row in await conn.execute(asked)]


def _touches(stem: str) -> ColumnElement[bool]:
    """Whether an audience lies in a place or holds it."""
    above = [stem[:digits] for digits in (2, 4, 6, 9, 12) if digits < len(stem)]
    holds: ColumnElement[bool] = broadcast.c.audience.overlap([*above, stem])
    return holds | _lies_in(stem)


def _lies_in(stem: str) -> ColumnElement[bool]:
    one = func.unnest(broadcast.c.audience).column_valued("one")
    return select(one).where(one.startswith(stem, autoescape=True)).correlate(broadcast).exists()


async def by_number(conn: AsyncConnection, number: str) -> Published | None:
    """Return what anybody may know of a notice that was approved; None for any other number."""
    public = broadcast.c.approved_at.is_not(None)
    shown = [broadcast.c[name] for name in _SHOWN]
    sent_at = func.greatest(broadcast.c.approved_at, broadcast.c.send_at)  # a null is passed over
    to_followers = (func.cardinality(broadcast.c.follows) > 0).label("to_followers")
    asked = select(*shown, sent_at.label("sent_at"), to_followers).where(broadcast.c.number == number, public)
    row = (await conn.execute(asked.order_by(broadcast.c.id.desc()).limit(1))).one_or_none()
    if row is None:
        return None
    right = await conn.scalar(_RIGHT, {"id": row.id})
    return Published(**dict(row._mapping) | {"state": BroadcastState(row.state), "corrected_by": right})


# A correction may have been corrected itself: the last one holds.
_RIGHT = text("""
WITH RECURSIVE later (id, number, nth) AS (
  SELECT id, number, 1 FROM broadcast WHERE corrects = :id AND approved_at IS NOT NULL
  UNION ALL SELECT b.id, b.number, nth + 1 FROM broadcast b JOIN later ON b.corrects = later.id
  WHERE b.approved_at IS NOT NULL)
SELECT number FROM later ORDER BY nth DESC LIMIT 1
""")

_SHOWN = ("id", "number", "kind", "title", "text", "link", "office", "place", "state")


async def move(
    conn: AsyncConnection,
    broadcast_id: int,
    come_from: Collection[BroadcastState],
    to: BroadcastState,
    *,
    now: datetime,
    **values: object,
) -> Broadcast:
    """Move one on. NotPossible: it is no longer in one of these states.

    A claim of its deliveries that is just being made is waited for: after a stop nothing more of it is claimed.
    """
    if not all(to in MOVES[state] for state in come_from):
        raise ValueError(f"a broadcast never goes from {come_from} to {to}")
    this = (broadcast.c.id == broadcast_id, broadcast.c.state.in_([state.value for state in come_from]))
    changed = update(broadcast).where(*this).values(state=to.value, moved_at=utc(now), **values)
    row = (await conn.execute(changed.returning(*COLUMNS))).one_or_none()
    if row is None:
        raise NotPossible("moved")
    return as_broadcast(row)
