"""People: who works where, and who stands above somebody and may let them in or go."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Path, Response

from bot.desk.at import At, Here
from bot.desk.pages import done, page
from bot.desk.refusals import Absent, MayNot
from bot.desk.routes import Routes
from bot.desk.ways_in import show
from bot.staff.may import Deed, may_invite, stands_above
from storage import desk as sessions
from storage import staff
from storage.alerts import raise_alert
from storage.staff import ROLES, Role, Staff

routes = Routes()

AT_ONCE = 50
"""People on one page."""

Number = Annotated[int, Path(ge=1, lt=2**63)]


@dataclass(frozen=True)
class Person:
    """Somebody as a list shows them; `places` are names."""

    who: Staff
    places: tuple[str, ...]
    above: bool  # they stand above whoever looks, and may be asked for a code


def person(at: At, one: Staff) -> Person:
    """Name the places of somebody."""
    return Person(one, tuple(at.name(stem) for stem in one.places), above=stands_above(one, at.who))


def roles_to_invite(at: At) -> list[Role]:
    """The roles in which somebody may bring in colleagues."""
    return [role for role in ROLES if may_invite(at.who, role, at.who.places[:1])]


@routes.get("/people", Deed.PEOPLE)
async def people(at: Here, after: int = 0) -> Response:
    """List who works for one's places and below; and who stands above them."""
    found = await staff.below(at.conn, at.stems(), limit=AT_ONCE + 1, after=max(0, min(after, 2**62)))
    shown = [person(at, one) for one in found[:AT_ONCE]]
    more = f"/desk/people?after={shown[-1].who.id}" if len(found) > AT_ONCE else ""
    wider = await staff.above(at.conn, at.who.places, "administrator") if not after else []
    over = [person(at, one) for one in wider[:AT_ONCE] if stands_above(one, at.who)]
    return page(at, "people", shown=shown, more=more, over=over, after=after, roles=roles_to_invite(at))


@routes.get("/people/{number:int}", Deed.PEOPLE, "looked-up")
async def one(at: Here, number: Number) -> Response:
    """Show somebody of one's places; what may be done about them, only to who stands above."""
    return await _shown(at, await _theirs(at, number))


async def _shown(at: At, who: Staff, *, status: int = 200, unsure: bool = False) -> Response:
    """The page of somebody; `unsure`: letting go was not ticked."""
    above = stands_above(at.who, who)
    devices = await sessions.sessions(at.conn, [who.id], now=at.now) if above else []
    return page(at, "person", status=status, one=person(at, who), above=above, devices=devices, unsure=unsure)


async def _theirs(at: At, number: int) -> Staff:
    """Somebody who works for a place of theirs. Raises Absent."""
    found = await staff.get(at.conn, number)
    if found is None:
        raise Absent
    at.allow(next((stem for stem in found.places if at.may(Deed.PEOPLE, stem)), found.places[0]))
    return found


async def below(at: At, number: int) -> Staff:
    """Somebody above whom one stands. Raises Absent, MayNot."""
    found = await _theirs(at, number)
    if not stands_above(at.who, found):
        raise MayNot
    return found


@routes.post("/people/{number:int}/link", Deed.PEOPLE, "looked-up")
async def link(at: Here, number: Number) -> Response:
    """Make a way in for somebody who has none; they are told, and it stands in the trail."""
    who = await below(at, number)
    token = await staff.sign_in_link(at.conn, who.id, made_by=at.actor, now=at.now)
    await raise_alert(at.conn, "sign_in_made", f"{who.id} {at.now:%Y-%m-%d %H:%M}", at.now)
    await at.record("sign-in link made", f"staff:{who.id}")
    return show(at, token, to="other", name=who.name, back=f"/desk/people/{who.id}")


@routes.post("/people/{number:int}/out", Deed.PEOPLE, "looked-up")
async def out(at: Here, number: Number) -> Response:
    """End all sessions of somebody, whose phone was lost say."""
    who = await below(at, number)
    await sessions.end_all(at.conn, who.id)
    await at.record("sessions ended", f"staff:{who.id}")
    return done(f"/people/{who.id}", "out")


@routes.post("/people/{number:int}/gone", Deed.PEOPLE, "looked-up")
async def gone(at: Here, number: Number, sure: Annotated[str, Form(max_length=8)] = "") -> Response:
    """Let somebody go, at once."""
    who = await below(at, number)
    if not sure:
        return await _shown(at, who, status=422, unsure=True)
    await staff.revoke(at.conn, who.id, now=at.now)
    await at.record("revoked", f"staff:{who.id}")
    return done("/people", "gone")
