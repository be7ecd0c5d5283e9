"""Notices at the desk: what waits for an approval, what is on its way, and what became of each; never who, no rates."""

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from fastapi import Response

from bot.broadcasts import deeds, shown
from bot.broadcasts.composing import corrects
from bot.desk.at import At, Here
from bot.desk.notices_scope import acting, holds, may_see, touching
from bot.desk.pages import page
from bot.desk.refusals import Absent, CannotBePrinted
from bot.desk.routes import Routes
from bot.notices.group import group
from bot.notices.loudspeaker import loudspeaker
from bot.notices.page import can_print
from bot.notices.paper import papers
from bot.notices.preview import looks
from bot.notices.receipts import received_words
from bot.staff.approving import Approval, approval, may_review, may_stop
from bot.staff.may import Deed
from storage import broadcasts, notices
from storage.broadcasts import Broadcast, BroadcastState

routes = Routes()
MOST_LISTED = 50
MOST_DRAFTS = 20


@routes.get("/notices", Deed.APPROVE)
async def index(at: Here) -> Response:
    """List what waits for who is at the desk, their drafts, and the newest of their places."""
    waiting, unseen = await deeds.waiting_for(acting(at)), await deeds.to_review(acting(at))
    drafts = await notices.drafts_of(at.conn, at.who.id, limit=MOST_DRAFTS) if at.may(Deed.NOTICE) else []
    listed = await broadcasts.listed(at.conn, within=at.stems(), limit=MOST_LISTED)
    there = {one.id for one in (*waiting, *unseen)}
    seen = [one for one in listed if one.id not in there and may_see(at, one)]
    given: dict[str, Any] = {
        "waiting": waiting,
        "unseen": unseen,
        "drafts": drafts,
        "listed": seen,
        "holds": partial(holds, at),
    }
    return page(at, "notices", most=MOST_LISTED, shown=shown, **given)


@dataclass(frozen=True)
class Became:
    """What became of a notice, in lines; nothing for who does not look after all of its places."""

    progress: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    received: list[str] = field(default_factory=list)


@routes.get("/notices/{number}", Deed.APPROVE, "looked-up")
async def one(at: Here, number: str) -> Response:
    """Show a notice as it was frozen, what may be done with it, and what became of it."""
    return await shown_one(at, await touching(at, number))


async def shown_one(at: At, found: Broadcast, *, trouble: str = "", status: int = 200) -> Response:
    """The page of a notice; `trouble` says why something was not done with it."""
    first, later = await corrects(at.conn, found.corrects), await _corrected_by(at, found)
    given: dict[str, Any] = {
        "of": found,
        "lines": list(shown.shown(found, at.places, at.know.library, corrects=first, corrected_by=later)),
        "channels": looks(found, at.know, at.desk.connected.speaking, corrects=first),
        "still_stopped": await _still_stopped(at, found),
        "how": approval(at.who, found) if found.state is BroadcastState.SUBMITTED else None,
        "ways": _ways(at, found),
        "became": await _became(at, found),
        "village": at.places.get(found.audience[0]).short if len(found.audience) == 1 else "",
    }
    return page(at, "notice", status=status, trouble=trouble, typed=Approval.TYPED, **given)


def _ways(at: At, of: Broadcast) -> frozenset[str]:
    """What may be done now, beside approving."""
    stoppable, state = may_stop(at.who, of), of.state
    ways = {
        "withdraw": stoppable and state is BroadcastState.SUBMITTED,
        "stop": stoppable and state is BroadcastState.APPROVED,
        "resume": state is BroadcastState.STOPPED and approval(at.who, of) is not None,
        "correct": stoppable and state in (BroadcastState.APPROVED, BroadcastState.STOPPED) and at.may(Deed.NOTICE),
        "review": of.approved_at is not None and of.reviewed_at is None and may_review(at.who, of),
        "paper": of.approved_at is not None,
    }
    return frozenset(name for name, may in ways.items() if may)


async def _became(at: At, of: Broadcast) -> Became:
    """Figures of all places are for who looks after all of them: a cadre sees none of other places."""
    if of.approved_at is None or not holds(at, of):
        return Became()
    progress = await broadcasts.progress(at.conn, of.id, now=at.now)
    counts = await broadcasts.by_place(at.conn, of)
    received = await received_words(at.conn, of, at.places, now=at.now)
    return Became(list(shown.progressed(progress)), list(shown.by_place(counts, at.places)), received)


async def _still_stopped(at: At, of: Broadcast) -> Broadcast | None:
    """What a correction that was given back or lapsed has left stopped."""
    ended = of.state in (BroadcastState.WITHDRAWN, BroadcastState.LAPSED)
    return await broadcasts.left_stopped(at.conn, of, now=at.now) if ended else None


async def _corrected_by(at: At, of: Broadcast) -> str:
    found = await broadcasts.by_number(at.conn, of.number)
    return found.corrected_by or "" if found else ""


@routes.get("/notices/{number}/paper", Deed.APPROVE, "looked-up")
async def paper(at: Here, number: str) -> Response:
    """Show what is taken to the group, the loudspeaker and the wall."""
    found = await _approved(at, number)
    first = await corrects(at.conn, found.corrects)
    texts = {
        "group": group(found, at.know.service.pages, corrects=first),
        "loudspeaker": loudspeaker(found, at.places, corrects=first),
    }
    return page(at, "notice_paper", of=found, made=texts, printable=can_print())


@routes.get("/notices/{number}/page.pdf", Deed.APPROVE, "looked-up")
async def sheet(at: Here, number: str) -> Response:
    """The page for the wall."""
    found = await _approved(at, number)
    made = await asyncio.to_thread(papers, found, at.know, corrects=await corrects(at.conn, found.corrects))
    if made.page is None:
        raise CannotBePrinted
    name = {"Content-Disposition": f'inline; filename="{found.number}.pdf"', "Cache-Control": "no-store"}
    return Response(made.page, media_type="application/pdf", headers=name)


async def _approved(at: At, number: str) -> Broadcast:
    found = await touching(at, number)
    if found.approved_at is None:
        raise Absent
    return found
