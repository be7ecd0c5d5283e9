"""Submit, approve, withdraw, stop, resume, review: each decided by `bot/staff`, done by storage, put on the trail.

All in the caller's transaction. What can't be done raises NotPossible, what one may not do NotAllowed; both have a
`reason`, and `sentence` says it.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.broadcasts.followers import followers
from bot.dialogue.readers import called
from bot.staff.approving import Approval, approval, may_review, may_stop, own_village
from bot.staff.may import Deed, may_all
from content.library import Library
from content.places import Places
from content.render import say
from storage import broadcasts
from storage.alerts import raise_alert
from storage.audit import Trail
from storage.broadcasts import Broadcast, BroadcastState, NotPossible, Words
from storage.notices import Notice
from storage.staff import Staff

FRESH = timedelta(minutes=10)
"""How long ago one may have signed in anew to send an urgent notice to more than one's village."""


class NotAllowed(Exception):
    """Somebody may not do this, or not so; nothing was done. `reason` is a word."""

    def __init__(self, reason: Literal["yours", "second", "typed", "fresh"]) -> None:
        super().__init__(reason)
        self.reason = reason


def sentence(error: NotAllowed | NotPossible) -> str:
    """Say why it was not done, and what to do."""
    return say("broadcast", f"not_{error.reason}")


@dataclass(frozen=True, repr=False)
class Acting:
    """One of staff at work in one transaction. `signed_in_at`: when they last proved anew who they are, if they did."""

    conn: AsyncConnection
    trail: Trail
    who: Staff
    now: datetime
    signed_in_at: datetime | None = None

    async def record(self, verb: str, number: str) -> None:
        """Put a deed on the trail; the last thing in a deed, because others wait from here on."""
        actor = f"staff:{self.who.id}"
        await self.trail.record(self.conn, actor=actor, verb=verb, object_id=f"notice:{number}", now=self.now)


async def submit(acting: Acting, draft: Notice, words: Words, library: Library) -> Broadcast:
    """Freeze one's draft. Who else is needed hears of it; `approval` says whether one may approve it oneself."""
    if draft.staff_id != acting.who.id or not may_all(acting.who, Deed.NOTICE, draft.audience):
        raise NotAllowed("yours")
    follows, sensitive = followers(draft.follows, library)
    frozen = await broadcasts.submit(
        acting.conn, draft, words, follows=follows, sensitive=sensitive, now=acting.now
    )  # of a correction the audience is that of the first one
    if not may_all(acting.who, Deed.NOTICE, frozen.audience):
        raise NotAllowed("yours")
    if frozen.flags or not own_village(acting.who, frozen.audience):
        await raise_alert(acting.conn, "broadcast_waiting", frozen.number, acting.now)
    await acting.record("submitted", frozen.number)
    return frozen


async def approve(acting: Acting, broadcast_id: int, *, hash_: str, places: Places, typed: str = "") -> Broadcast:
    """Let what was shown under a hash go. `typed`: the village's name, for an urgent one to one's own village."""
    frozen = await _there(acting, broadcast_id)
    how = approval(acting.who, frozen)
    if how is None:
        raise NotAllowed("second" if acting.who.id == frozen.staff_id else "yours")
    if how is Approval.TYPED and not names(typed, frozen.audience[0], places):
        raise NotAllowed("typed")
    if how is Approval.ADMINISTRATOR and not is_fresh(acting):
        raise NotAllowed("fresh")
    done = await broadcasts.approve(acting.conn, broadcast_id, hash_=hash_, by=acting.who.id, now=acting.now)
    if done.kind == "urgent":
        await raise_alert(acting.conn, "urgent_out", done.number, acting.now)
    await acting.record("approved", done.number)
    return done


def is_fresh(acting: Acting) -> bool:
    """Whether somebody signed in anew a moment ago."""
    return acting.signed_in_at is not None and timedelta() <= acting.now - acting.signed_in_at <= FRESH


def names(typed: str, stem: str, places: Places) -> bool:
    """Whether somebody typed a place's name, in full or as people call it."""
    place = places.get(stem)
    return _bare(typed) in {_bare(name) for name in (place.name, place.short, called(place))}


def _bare(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


async def withdraw(acting: Acting, broadcast_id: int) -> Broadcast:
    """Take back what waits for an approval; an approver who says no does the same."""
    await _stoppable(acting, broadcast_id)
    done = await broadcasts.withdraw(acting.conn, broadcast_id, now=acting.now)
    await acting.record("withdrew", done.number)
    return done


async def stop(acting: Acting, broadcast_id: int) -> Broadcast:
    """Stop one on its way."""
    await _stoppable(acting, broadcast_id)
    done = await broadcasts.stop(acting.conn, broadcast_id, now=acting.now)
    await acting.record("stopped", done.number)
    return done


async def resume(acting: Acting, broadcast_id: int) -> Broadcast:
    """Let a stopped one go on; by who could have approved it, for whoever stopped it had a reason."""
    frozen = await _there(acting, broadcast_id)
    how = approval(acting.who, frozen)
    if how is None:
        raise NotAllowed("second" if acting.who.id == frozen.staff_id else "yours")
    if how is Approval.ADMINISTRATOR and not is_fresh(acting):
        raise NotAllowed("fresh")
    done = await broadcasts.resume(acting.conn, broadcast_id, now=acting.now)
    await acting.record("resumed", done.number)
    return done


async def review(acting: Acting, broadcast_id: int) -> bool:
    """Note that one has looked at an urgent one which another let go; False if somebody did already."""
    frozen = await _there(acting, broadcast_id)
    if not may_review(acting.who, frozen):
        raise NotAllowed("yours")
    seen = await broadcasts.review(acting.conn, broadcast_id, by=acting.who.id, now=acting.now)
    if seen:
        await acting.record("reviewed", frozen.number)
    return seen


async def _there(acting: Acting, broadcast_id: int) -> Broadcast:
    found = await broadcasts.get(acting.conn, broadcast_id)
    if found is None:
        raise NotPossible("unknown")
    return found


async def _stoppable(acting: Acting, broadcast_id: int) -> None:
    if not may_stop(acting.who, await _there(acting, broadcast_id)):
        raise NotAllowed("yours")


async def waiting_for(acting: Acting) -> list[Broadcast]:
    """Return what waits for this one's approval, newest first."""
    submitted = await broadcasts.listed(acting.conn, states=[BroadcastState.SUBMITTED], within=acting.who.places)
    return [one for one in submitted if approval(acting.who, one) is not None]


async def to_review(acting: Acting) -> list[Broadcast]:
    """Return the urgent ones that went out on another's word and wait for this one's look, newest first."""
    unseen = await broadcasts.listed(acting.conn, within=acting.who.places, unreviewed=True)
    return [one for one in unseen if may_review(acting.who, one)]
