"""Following: what a resident wants to be reminded of. A programme, a topic, or all of a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import utc
from storage.residents import MOST_PLACES
from storage.tables import following

MOST_FOLLOWED = 30
"""Programmes and topics of one resident together; places count by themselves, at most MOST_PLACES."""

Kind = Literal["programme", "topic", "place"]


class TooMany(ValueError):
    """No more of this kind can be followed; nothing was changed."""


@dataclass(frozen=True)
class Follow:
    """One thing followed. `subject` is the programme's or topic's id or the place's stem.

    `consented`: the separate consent that a sensitive one needs was given. `discreet`: reminders name no topic.
    """

    kind: Kind
    subject: str
    consented: bool = False
    discreet: bool = False


async def follow(conn: AsyncConnection, resident_id: int, wanted: Follow, now: datetime) -> None:
    """Follow something; followed already, it takes the new consent and discretion and keeps its day. Raises TooMany."""
    kept = {
        "consented_at": utc(now) if wanted.consented else None,
        "discreet": wanted.discreet,
    }
    which = {"resident_id": resident_id, "kind": wanted.kind, "subject": wanted.subject}
    made = insert(following).values(which | kept | {"since": utc(now)})
    await conn.execute(made.on_conflict_do_update(index_elements=list(which), set_=kept))
    if await _count(conn, resident_id, place=wanted.kind == "place") > (
        MOST_PLACES if wanted.kind == "place" else MOST_FOLLOWED
    ):
        raise TooMany(wanted.kind)


async def unfollow(conn: AsyncConnection, resident_id: int, kind: Kind, subject: str) -> None:
    """Follow it no longer. Not following it is no error."""
    which = (following.c.resident_id == resident_id, following.c.kind == kind, following.c.subject == subject)
    await conn.execute(delete(following).where(*which))


async def unfollow_all(conn: AsyncConnection, resident_id: int) -> None:
    """Follow nothing any more."""
    await conn.execute(delete(following).where(following.c.resident_id == resident_id))


async def followed(conn: AsyncConnection, resident_id: int) -> tuple[Follow, ...]:
    """Return what a resident follows, the oldest first."""
    return tuple(Follow(*row) for row in await conn.execute(_FOLLOWED, {"who": resident_id}))


_FOLLOWED = (  # built once, because every message runs it
    select(following.c.kind, following.c.subject, following.c.consented_at.is_not(None), following.c.discreet)
    .where(following.c.resident_id == bindparam("who"))
    .order_by(following.c.since, following.c.subject)
)


async def _count(conn: AsyncConnection, resident_id: int, *, place: bool) -> int:
    of_kind = following.c.kind == "place" if place else following.c.kind != "place"
    asked = select(func.count()).where(following.c.resident_id == resident_id, of_kind)
    return (await conn.execute(asked)).scalar_one()


async def keep_places(conn: AsyncConnection, resident_id: int, stems: Sequence[str]) -> None:
    """Follow only places that the resident names; what gave way to a place of its branch is followed there."""
    places = (following.c.resident_id == resident_id, following.c.kind == "place")
    subjects = set((await conn.execute(select(following.c.subject).where(*places))).scalars())
    for gone in subjects.difference(stems):
        heir = next((stem for stem in stems if _one_branch(stem, gone) and stem not in subjects), None)
        if heir is not None:
            moved = update(following).where(*places, following.c.subject == gone)
            await conn.execute(moved.values(subject=heir))
            subjects.add(heir)
    await conn.execute(delete(following).where(*places, following.c.subject.not_in(stems)))


def _one_branch(one: str, other: str) -> bool:
    """Whether one of two places lies in the other."""
    return one.startswith(other) or other.startswith(one)
