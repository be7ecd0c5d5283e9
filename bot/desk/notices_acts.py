"""What may be done with a submitted notice at the desk: approve, give back, stop, go on, look at afterwards."""

from collections.abc import Awaitable, Callable
from functools import partial

from fastapi import Response

from bot.broadcasts import deeds
from bot.broadcasts.deeds import Acting, NotAllowed
from bot.desk.at import At, Here
from bot.desk.notices import shown_one
from bot.desk.notices_scope import acting, touching
from bot.desk.pages import done
from bot.desk.routes import Routes
from bot.staff.approving import Approval, approval
from bot.staff.may import Deed
from storage.broadcasts import Broadcast, NotPossible

routes = Routes()


@routes.post("/notices/{number}/approve", Deed.APPROVE, "looked-up")
async def approve(at: Here, number: str) -> Response:
    """Approve what was shown. It asks for a code again, or for the village's name where every minute counts."""
    found = await touching(at, number)
    if approval(at.who, found) is not Approval.TYPED:
        at.require_fresh()
    form = await at.request.form()
    hash_, typed = str(form.get("hash", "")), str(form.get("name", ""))[:40]
    return await _told(at, found, "approved_notice", partial(deeds.approve, hash_=hash_, places=at.places, typed=typed))


@routes.post("/notices/{number}/withdraw", Deed.APPROVE, "looked-up")
async def withdraw(at: Here, number: str) -> Response:
    """Take back, or give back, what nobody approved."""
    found = await touching(at, number)
    return await _told(at, found, "withdrawn_notice", deeds.withdraw)


@routes.post("/notices/{number}/stop", Deed.APPROVE, "looked-up")
async def stop(at: Here, number: str) -> Response:
    """Stop one on its way: at once, without a code."""
    found = await touching(at, number)
    return await _told(at, found, "stopped_notice", deeds.stop)


@routes.post("/notices/{number}/resume", Deed.APPROVE, "looked-up")
async def resume(at: Here, number: str) -> Response:
    """Let a stopped one go on."""
    found = await touching(at, number)
    at.require_fresh()
    return await _told(at, found, "resumed_notice", deeds.resume)


@routes.post("/notices/{number}/review", Deed.APPROVE, "looked-up")
async def review(at: Here, number: str) -> Response:
    """Note that one has looked at an urgent one which another let go."""
    found = await touching(at, number)
    return await _told(at, found, "reviewed_notice", deeds.review)


async def _told(at: At, found: Broadcast, said: str, deed: Callable[[Acting, int], Awaitable[object]]) -> Response:
    """Do it; where that can't be done the page says why, and nothing of it was done."""
    try:
        async with at.conn.begin_nested():
            await deed(acting(at), found.id)
    except (NotAllowed, NotPossible) as error:
        now = await touching(at, found.number)
        return await shown_one(at, now, trouble=deeds.sentence(error), status=409)
    return done(f"/notices/{found.number}", said)
