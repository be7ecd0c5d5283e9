"""Oneself: the devices on which one is in, a code for another one, and what one did lately."""

from typing import Annotated

from fastapi import Path, Response

from bot.desk import cookies
from bot.desk.at import At, Here
from bot.desk.pages import done, page
from bot.desk.people import person
from bot.desk.refusals import Absent
from bot.desk.routes import Routes
from bot.desk.trail import lines
from bot.desk.ways_in import show
from bot.staff.may import Deed
from storage import desk as sessions
from storage import staff, trail_reading

routes = Routes()

LATELY = 20
"""Rows of one's own trail."""


@routes.get("/me", Deed.DESK)
async def me(at: Here) -> Response:
    """Show who one is, where one is in, and what one did."""
    devices = await sessions.sessions(at.conn, [at.who.id], now=at.now)
    lately = await lines(at, await trail_reading.of_one(at.conn, at.who.id, limit=LATELY))
    return page(at, "me", one=person(at, at.who), devices=devices, lately=lately, may_link=may_link(at))


def may_link(at: At) -> bool:
    """Whether this device may let another in: one's own phone, or one on which a code was entered just now.

    So what somebody left open on a shared computer lets nobody in for longer.
    """
    return at.session.trusted or at.fresh()


@routes.post("/me/link", Deed.DESK, "own")
async def link(at: Here) -> Response:
    """Make a code for another device of one's own; on this one it confirms nothing."""
    if not may_link(at):
        return done("/me", "not_here")
    token = await staff.sign_in_link(at.conn, at.who.id, made_by=at.actor, now=at.now, session_id=at.session.id)
    await at.record("sign-in link made", at.actor)
    return show(at, token, to="self", back="/desk/me")


@routes.post("/me/sessions/{number:int}/end", Deed.DESK, "own")
async def end(at: Here, number: Annotated[int, Path(ge=1, lt=2**63)]) -> Response:
    """End one of one's own sessions."""
    if not await sessions.end(at.conn, number, staff_id=at.who.id):
        raise Absent
    await at.record("session ended", at.actor)
    return done("/me", "ended")


@routes.post("/me/out", Deed.DESK, "own")
async def out(at: Here) -> Response:
    """End all of one's own sessions, this one too."""
    await sessions.end_all(at.conn, at.who.id)
    await at.record("sessions ended", at.actor)
    response = done("/enter")
    cookies.forget(response, secure=at.desk.secure)
    return response
