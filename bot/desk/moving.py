"""Giving a colleague another role or other places, by who stands above them before and after."""

from typing import Annotated

from fastapi import Depends, Response

from bot.desk.at import At, Here
from bot.desk.inviting import Invited, allow, read
from bot.desk.pages import done, page
from bot.desk.people import Number, below, person, roles_to_invite
from bot.desk.routes import Routes
from bot.staff import newcomers
from bot.staff.may import Deed
from storage import staff
from storage.staff import Staff

routes = Routes()


@routes.get("/people/{number:int}/change", Deed.PEOPLE, "looked-up")
async def ask(at: Here, number: Number) -> Response:
    """The form, with what holds now."""
    who = await below(at, number)
    return _form(at, who, Invited(role=who.role, own=list(who.places)), {})


def _form(at: At, who: Staff, said: Invited, wrong: dict[str, str]) -> Response:
    own = [(stem, at.name(stem)) for stem in who.places]
    shown = {"form": said, "wrong": wrong, "roles": roles_to_invite(at), "own": own}
    return page(at, "change", status=422 if wrong else 200, one=person(at, who), **shown)


@routes.post("/people/{number:int}/change", Deed.PEOPLE, "looked-up")
async def change(at: Here, number: Number, said: Annotated[Invited, Depends()]) -> Response:
    """Change role and places; it counts from their next page."""
    who, meant = await below(at, number), read(at, said)
    if meant.role is None or meant.wrong:
        return _form(at, who, said, meant.wrong)
    allow(at, meant.role, meant.stems)
    await staff.change(at.conn, who.id, role=meant.role, places=meant.stems)
    await newcomers.tell(at.conn, who.id, meant.stems, at.now)
    await at.record("moved", f"staff:{who.id}")
    return done(f"/people/{who.id}", "moved")
