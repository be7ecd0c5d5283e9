"""In and out: a link or a typed code, and then a button. Looking at a page lets nobody in and spends nothing."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Annotated

import structlog
from fastapi import Depends, Form, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk import cookies
from bot.desk.at import Here, desk_of, own_form
from bot.desk.built import Desk
from bot.desk.devices import device_of
from bot.desk.pages import bare, done, page
from bot.desk.routes import Routes
from bot.staff import newcomers
from bot.staff.may import Deed
from storage import desk as sessions
from storage import staff
from storage.staff import Staff

log = structlog.get_logger()
routes = Routes()

LONGEST = 200
"""Characters of what is taken for a code or a link."""


@dataclass(frozen=True)
class Entering:
    """The form at the door. `own`: it is their own phone, which stays in; `then`: where they were on their way to."""

    code: Annotated[str, Form(max_length=LONGEST)] = ""
    own: Annotated[str, Form(max_length=8)] = ""
    then: Annotated[str, Form(max_length=LONGEST)] = ""


def read_code(said: str) -> str:
    """What was typed or pasted: the twelve digits however they were parted, or the token at the end of a link."""
    plain = unicodedata.normalize("NFKC", said).strip()
    digits = re.sub(r"[\s\-—_.,]", "", plain)
    return digits if staff.is_code(digits) else plain.rpartition("#")[2].strip()


@routes.get("/enter", None)
async def door(request: Request) -> Response:
    """The page at the door."""
    return at_the_door(request)


def at_the_door(request: Request, *, status: int = 200, why: str = "") -> Response:
    """Show the form to enter; `why`: why the last try did not work (`wrong`, `many`, `ended`, `member`)."""
    token = cookies.stranger_token(request) or secrets.token_urlsafe(32)
    shown = bare("enter", token, status=status, why=why)
    cookies.greet(shown, token, secure=desk_of(request).secure)
    return shown


@routes.post("/enter", None, scope="own")
async def enter(request: Request, form: Annotated[Entering, Depends()]) -> Response:
    """Let somebody in by a code or link; who has an invitation becomes staff. It is spent only here."""
    desk, code = desk_of(request), read_code(form.code)
    await own_form(request, cookies.stranger_token(request))
    address, now = request.client.host if request.client else "", desk.now()
    if staff.is_code(code) and not desk.tries.take(address, now):
        log.warning("codes_tried_too_often")
        return too_many(at_the_door(request, status=429, why="many"))
    async with desk.database.begin() as conn:
        if await _is_in(desk, conn, request) and await staff.invitation_waits(conn, code, now=now):
            return at_the_door(request, status=409, why="member")
        who = await _let_in(desk, conn, code)
        if who is None:
            return at_the_door(request, status=403, why="wrong")
        token = await _begun(desk, conn, who, request, trusted=bool(form.own))
    desk.tries.forgive(address)
    response = done("/", "entered")
    cookies.remember(response, token, trusted=bool(form.own), secure=desk.secure)
    return response


def too_many(response: Response) -> Response:
    """Say when it may be tried again."""
    response.headers["Retry-After"] = "600"
    return response


async def _is_in(desk: Desk, conn: AsyncConnection, request: Request) -> bool:
    return await sessions.known(conn, cookies.session_token(request), now=desk.now(), lock=False) is not None


async def _let_in(desk: Desk, conn: AsyncConnection, code: str) -> Staff | None:
    """Whose link this is; or who has just joined by it."""
    now = desk.now()
    known = await staff.sign_in(conn, code, now=now)
    if known is not None:
        return known
    joined = await staff.join_at_desk(conn, code, now=now)
    if joined is not None:
        actor = f"staff:{joined.id}"
        await newcomers.tell(conn, joined.id, joined.places, now)
        await desk.trail.record(conn, actor=actor, verb="joined", object_id=actor, now=now)
    return joined


async def _begun(desk: Desk, conn: AsyncConnection, who: Staff, request: Request, *, trusted: bool) -> str:
    """Begin a session; the one that this browser had before ends."""
    now, actor = desk.now(), f"staff:{who.id}"
    before = await sessions.known(conn, cookies.session_token(request), now=now, lock=False)
    if before is not None:
        await sessions.end(conn, before[0].id, staff_id=before[1].id)
    device = device_of(request.headers.get("user-agent", ""))
    token = await sessions.begin(conn, who.id, device=device, trusted=trusted, now=now)
    await desk.trail.record(conn, actor=actor, verb="entered", object_id=actor, now=now)
    return token


@routes.post("/leave", Deed.DESK, scope="own")
async def leave(at: Here) -> Response:
    """End this session."""
    await sessions.end(at.conn, at.session.id, staff_id=at.who.id)
    await at.record("left", at.actor)
    response = done("/enter")
    cookies.forget(response, secure=at.desk.secure)
    return response


@routes.get("/again", Deed.DESK)
async def ask_again(at: Here, then: str = "") -> Response:
    """Ask for a code, before something that asks again; `then` is where it goes on."""
    return page(at, "again", why="", then=inside(then))


@routes.post("/again", Deed.DESK, scope="own")
async def again(at: Here, form: Annotated[Entering, Depends()]) -> Response:
    """Make this session fresh by a code that was made elsewhere."""
    code, address, then = read_code(form.code), f"session:{at.session.id}", inside(form.then)
    if staff.is_code(code) and not at.desk.tries.take(address, at.now):
        return too_many(page(at, "again", status=429, why="many", then=then))
    if not await sessions.confirm(at.conn, at.session, code, now=at.now):
        return page(at, "again", status=403, why="wrong", then=then)
    at.desk.tries.forgive(address)
    await at.record("confirmed", at.actor)
    return done(then, "fresh")


def inside(path: str) -> str:
    """A path of the desk to go on to, without its /desk; today's page for anything else."""
    return path.removeprefix("/desk") if re.fullmatch(r"/desk(/[\w-]+)*/?", path) else "/"
