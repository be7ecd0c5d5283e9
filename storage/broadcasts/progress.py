"""What becomes of a broadcast, counted: by state, by channel, by place; never who, no rates and no ranking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.broadcasts.records import Broadcast, BroadcastState, NotPossible, get
from storage.moments import utc
from storage.states import ENDS, State
from storage.tables import account, delivery

_ON = (BroadcastState.APPROVED, BroadcastState.STOPPED)

LATELY = timedelta(minutes=1)
FEWEST, ROUNDED = 10, 5
"""By place, counts below ten are not shown and others are rounded down to five: they point at nobody."""


def tellable(count: int) -> int | None:
    """What may be told of a count by place; None: too few."""
    return count - count % ROUNDED if count >= FEWEST else None


@dataclass(frozen=True)
class Progress:
    """How far a broadcast is at a moment. Of an `untold` one no number may be shown: see `Broadcast.untold`.

    `waiting`: deliveries that are not made yet. `per_second`: how many came to an end in a second, over the last minute
    or since it began; 0 of one that is not on its way. `left`: how long the queued ones take at that rate, None where
    nothing moves or nothing is queued.
    """

    counts: Mapping[State, int]
    channels: Mapping[str, Mapping[State, int]]
    waiting: int
    per_second: float
    left: timedelta | None
    untold: bool


_PLACES = text("""
SELECT place, count(*) AS number FROM (
  SELECT d.id, min(left(lives.place, length(stem.stem) + CASE WHEN cardinality(:audience) > 1 THEN 0
    WHEN length(stem.stem) < 6 THEN 2 ELSE 3 END)) AS place
  FROM delivery d JOIN resident r ON r.id = d.resident_id, unnest(r.places) AS lives(place),
    unnest(:audience) AS stem(stem)
  WHERE d.source_kind = 'broadcast' AND d.source_id = :id AND d.state = 'sent' AND starts_with(lives.place, stem.stem)
  GROUP BY d.id) AS reached
GROUP BY place ORDER BY place
""").bindparams(bindparam("audience", type_=ARRAY(TEXT)))


async def progress(conn: AsyncConnection, broadcast_id: int, *, now: datetime) -> Progress:
    """Count what became of a broadcast so far. NotPossible: unknown."""
    of = await get(conn, broadcast_id)
    if of is None:
        raise NotPossible("unknown")
    channels: dict[str, dict[State, int]] = {}
    counts: dict[State, int] = {}
    for channel, state, number in await conn.execute(_counted(of.id)):
        channels.setdefault(channel, {})[State(state)] = int(number)
        counts[State(state)] = counts.get(State(state), 0) + int(number)
    per_second = await _lately(conn, of.id, now) if of.state is BroadcastState.APPROVED else 0.0
    queued = counts.get(State.QUEUED, 0)
    left = timedelta(seconds=queued / per_second) if per_second and queued else None
    waiting = of.recipients if of.spread_at is None and of.state in _ON else 0
    return Progress(counts, channels, waiting, per_second, left, of.untold)


def _counted(broadcast_id: int) -> Select[Any]:
    of = (delivery.c.source_kind == "broadcast", delivery.c.source_id == broadcast_id)
    counted = select(delivery.c.account_id, delivery.c.state, func.count().label("number"))
    by_account = counted.where(*of).group_by(delivery.c.account_id, delivery.c.state).subquery()
    asked = select(account.c.channel, by_account.c.state, func.sum(by_account.c.number)).join(
        account, account.c.id == by_account.c.account_id
    )
    return asked.group_by(account.c.channel, by_account.c.state)


async def _lately(conn: AsyncConnection, broadcast_id: int, now: datetime) -> float:
    of = (delivery.c.source_kind == "broadcast", delivery.c.source_id == broadcast_id)
    ended = delivery.c.state.in_([state.value for state in ENDS - {State.CANCELLED, State.EXPIRED}])
    lately = (delivery.c.moved_at > utc(now) - LATELY, delivery.c.moved_at <= utc(now))
    number, first = (
        await conn.execute(select(func.count(), func.min(delivery.c.moved_at)).where(*of, ended, *lately))
    ).one()
    return number / max((utc(now) - first).total_seconds(), 1.0) if number else 0.0


async def by_place(conn: AsyncConnection, of: Broadcast) -> dict[str, int | None]:
    """Count by place (stem) the residents whom a notice for everyone was sent to; None: too few to be shown.

    By the places of its audience, or of a single one by what lies directly below it. Nothing where it was for who
    follows something: subscribers are counted elsewhere, once a month.
    """
    if of.follows:
        return {}
    rows = await conn.execute(_PLACES, {"id": of.id, "audience": list(of.audience)})
    return {place: tellable(number) for place, number in rows}
