"""What waits for whom: the first page. Each count is of what somebody may look after, and leads there."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Response

from bot.broadcasts import deeds
from bot.desk.at import At, Here
from bot.desk.navigation import PARTS
from bot.desk.notices_scope import acting
from bot.desk.pages import page
from bot.desk.routes import Routes
from bot.desk.trail import Line, lines
from bot.staff.may import Deed, may_all
from bot.staff.newcomers import CAME
from storage import listed, tickets, trail_reading, waiting
from storage.details import DETAILS
from storage.entries import State
from storage.listed import Wanted
from storage.windows import WINDOWS

routes = Routes()

OLD_AFTER = timedelta(days=3)
"""A question that waits for so long is old."""

SOON = timedelta(days=14)
"""What lapses or closes within so long is told."""

TOLD_FOR = timedelta(days=7)
"""How long somebody is told that a colleague made them a way in, or came to work for their place."""


@dataclass(frozen=True)
class Waits:
    """Something that waits: the sentence `waits_<name>` of `content/templates/text/desk.j2`, how many, and where."""

    name: str
    count: int
    part: str
    query: str = ""

    @property
    def href(self) -> str:
        """Where it is looked after; empty where that part of the desk is not there."""
        path = next((one.path for one in PARTS if one.name == self.part), "")
        return path and path + self.query


@routes.get("/", Deed.DESK)
async def today(at: Here) -> Response:
    """Show what waits for who is at the desk, who made them a way in, and who came to their places."""
    shown = [one async for one in _waiting(at) if one.count]
    return page(at, "today", shown=shown, told=await told(at), came=await came(at))


async def told(at: At) -> list[Line]:
    """The ways in that colleagues made for somebody lately: they are to know of each."""
    since = at.now - TOLD_FOR
    made = await trail_reading.made_for(at.conn, at.who.id, "sign-in link made", since=since)
    return await lines(at, made)


async def came(at: At) -> list[Line]:
    """Who came lately to work for the very places that somebody works for: they read there what is meant for these."""
    since = at.now - TOLD_FOR
    return await lines(at, await trail_reading.came_to(at.conn, at.who.places, at.who.id, CAME, since=since))


async def _waiting(at: At) -> AsyncIterator[Waits]:
    if at.may(Deed.APPROVE):
        yield Waits("approve", len(await deeds.waiting_for(acting(at))), "notices")
        yield Waits("review", len(await deeds.to_review(acting(at))), "notices")
        yield Waits("wrong", await _of_mine(at, waiting.gone_wrong), "notices")
        yield Waits("not_sent", await _of_mine(at, waiting.not_sent), "notices")
    if at.may(Deed.ANSWER):
        places = at.stems(Deed.ANSWER)
        old = await waiting.old_tickets(at.conn, places, asked_before=at.now - OLD_AFTER)
        yield Waits("old_questions", old, "questions")
        yield Waits("questions", await tickets.count_waiting(at.conn, places) - old, "questions")
    if at.may(Deed.WINDOWS):
        async for one in _entries(at):
            yield one


async def _of_mine(at: At, which: Callable[..., Awaitable[list[tuple[str, tuple[str, ...]]]]]) -> int:
    """How many of these notices are to places that who is at the desk looks after, all of them."""
    found = await which(at.conn, at.stems(Deed.APPROVE), now=at.now)
    return sum(1 for _, audience in found if may_all(at.who, Deed.APPROVE, audience))


async def _entries(at: At) -> AsyncIterator[Waits]:
    """Windows and details: what is not published yet, what closes or lapses soon."""
    stems, soon = at.stems(Deed.WINDOWS), at.today + SOON
    closing = Wanted(stems, State.PUBLISHED, ends_from=at.today, ends_by=soon)
    drafts = Wanted(stems, State.DRAFT)
    yield Waits("windows_closing", await listed.count(at.conn, WINDOWS, closing), "windows", "?state=published")
    yield Waits("details_lapsing", await listed.count(at.conn, DETAILS, closing), "details", "?state=published")
    yield Waits("windows_drafts", await listed.count(at.conn, WINDOWS, drafts), "windows", "?state=draft")
    yield Waits("details_drafts", await listed.count(at.conn, DETAILS, drafts), "details", "?state=draft")
