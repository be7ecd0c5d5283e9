"""Submitting: words and recipients are frozen, and hashed. Nothing is sent before that very hash is approved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.broadcasts import freezing
from storage.broadcasts.freezing import Audience
from storage.broadcasts.records import COLUMNS, Broadcast, BroadcastState, NotPossible, as_broadcast
from storage.moments import utc
from storage.notices import Notice
from storage.tables import broadcast

CORRECTABLE = (BroadcastState.APPROVED, BroadcastState.STOPPED)

BANNER = 6
"""Digits of a banner's stem: who follows something sensitive is addressed by nothing narrower."""

LASTS = {"urgent": timedelta(hours=6), "notice": timedelta(days=7)}
"""How long after its start a notice of each kind still helps, unless its writer said otherwise."""


@dataclass(frozen=True)
class Words:
    """A notice as everybody will read it: values put in, and who sends it. `flags`: why a second person must see it."""

    title: str
    text: str
    office: str
    place: str
    flags: tuple[str, ...] = ()


async def submit(
    conn: AsyncConnection,
    draft: Notice,
    words: Words,
    *,
    follows: Sequence[str] = (),
    sensitive: bool = False,
    now: datetime,
) -> Broadcast:
    """Freeze a draft: its words as they will be read, and who is to get it. The draft stays, for who withdraws it.

    `follows`: of who lives there only those who follow one of these, `topic:…` or `programme:…`. A draft that corrects
    a broadcast goes to all who have that one or may have it, and stops it.
    NotPossible: untitled, late (expired, or its time too far off), sensitive, moved (submitted already), not_sent
    (there is nothing to correct).
    """
    _check(draft, words, follows, sensitive=sensitive, now=now)
    first = None if draft.corrects is None else await _stop(conn, draft.corrects, now)
    to = Audience(first.audience, first.follows, first.sensitive) if first else None
    new = await _insert(conn, draft, words, to or Audience(draft.audience, tuple(follows), sensitive), now)
    if first is None:
        await freezing.choose(conn, new.id, Audience(new.audience, new.follows, new.sensitive))
    else:
        await freezing.choose_reached(conn, new.id, first.id)
    return await _hashed(conn, new)


async def _hashed(conn: AsyncConnection, new: Broadcast) -> Broadcast:
    digest, number = await freezing.recipients(conn, new.id)
    frozen = {"hash": freezing.hash_of(new, digest), "recipients": number}
    kept = update(broadcast).where(broadcast.c.id == new.id).values(frozen).returning(*COLUMNS)
    return as_broadcast((await conn.execute(kept)).one())


def _check(draft: Notice, words: Words, follows: Sequence[str], *, sensitive: bool, now: datetime) -> None:
    if not words.title:
        raise NotPossible("untitled")
    if sensitive and not follows:
        raise ValueError("only who follows something sensitive can be addressed by it")
    if sensitive and any(len(stem) > BANNER for stem in draft.audience):
        raise NotPossible("sensitive")
    if draft.expires_at and draft.expires_at <= max(now, draft.send_at or now):
        raise NotPossible("late")


async def _stop(conn: AsyncConnection, first: int, now: datetime) -> Broadcast:
    """Stop the broadcast that is to be corrected; a claim that is just being made of it is waited for."""
    this = (broadcast.c.id == first, broadcast.c.state.in_([state.value for state in CORRECTABLE]))
    stopped = update(broadcast).where(*this).values(state=BroadcastState.STOPPED.value, moved_at=utc(now))
    row = (await conn.execute(stopped.returning(*COLUMNS))).one_or_none()
    if row is None:
        raise NotPossible("not_sent")
    return as_broadcast(row)


async def _insert(conn: AsyncConnection, draft: Notice, words: Words, to: Audience, now: datetime) -> Broadcast:
    written = {name: getattr(draft, name) for name in ("number", "staff_id", "kind", "link", "corrects")}
    said = {"title": words.title, "text": words.text, "office": words.office, "place": words.place}
    whom = {"audience": list(to.places), "follows": list(to.follows), "sensitive": to.sensitive}
    times = {"send_at": draft.send_at, "expires_at": draft.expires_at, "submitted_at": utc(now), "moved_at": utc(now)}
    frozen = {"flags": sorted(words.flags), "hash": "", "recipients": 0}
    try:
        async with conn.begin_nested():
            made = insert(broadcast).values(written | said | whom | times | frozen).returning(*COLUMNS)
            return as_broadcast((await conn.execute(made)).one())
    except IntegrityError as error:
        if "broadcast_number_idx" in str(error.orig):  # submitted already, perhaps by a second tap
            raise NotPossible("moved") from None
        raise
