"""Inviting a colleague: nobody above oneself, in role or in place."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form, Response

from bot.desk import places
from bot.desk.at import At, Here
from bot.desk.pages import page
from bot.desk.people import roles_to_invite
from bot.desk.refusals import MayNot
from bot.desk.routes import Routes
from bot.desk.ways_in import show
from bot.staff.may import Deed, may_invite
from content.render import say
from storage import staff, tickets
from storage.staff import Role

routes = Routes()

LONGEST_NAME = 40


@dataclass(frozen=True)
class Invited:
    """The form: `own` are places of theirs that were ticked, `where` names that were typed."""

    role: Annotated[str, Form(max_length=20)] = ""
    name: Annotated[str, Form(max_length=LONGEST_NAME)] = ""
    own: Annotated[list[str] | None, Form()] = None
    where: Annotated[str, Form(max_length=1000)] = ""


@dataclass(frozen=True)
class Meant:
    """The role and the places (stems) that a form names, or what is wrong with which field."""

    role: Role | None
    stems: tuple[str, ...]
    wrong: dict[str, str]


def read(at: At, said: Invited) -> Meant:
    """Read a role and places that are not above who fills in the form."""
    role = next((one for one in roles_to_invite(at) if one == said.role), None)
    typed = places.read(at, "、".join([*(said.own or ()), said.where]), Deed.PEOPLE)
    wrong = {"where": typed.wrong} if typed.wrong else {}
    return Meant(role, typed.stems, wrong if role else wrong | {"role": say("desk", "choose_one")})


def allow(at: At, role: Role, stems: Collection[str]) -> None:
    """Go on only if somebody may bring in a colleague of this role for these places. Raises Absent, MayNot."""
    for stem in stems:
        at.allow(stem)
    if not may_invite(at.who, role, stems):
        raise MayNot


@routes.get("/people/invite", Deed.PEOPLE)
async def ask(at: Here) -> Response:
    """The form."""
    return _form(at, Invited(), {})


def _form(at: At, said: Invited, wrong: dict[str, str]) -> Response:
    own = [(stem, at.name(stem)) for stem in at.who.places]
    return page(at, "invite", status=422 if wrong else 200, form=said, wrong=wrong, roles=roles_to_invite(at), own=own)


@routes.post("/people/invite", Deed.PEOPLE, "looked-up")
async def invite(at: Here, said: Annotated[Invited, Depends()]) -> Response:
    """Make an invitation and show it once."""
    meant, name = read(at, said), tickets.storable(said.name.strip())
    if meant.role is None or meant.wrong:
        return _form(at, said, meant.wrong)
    allow(at, meant.role, meant.stems)
    token = await staff.invite(at.conn, role=meant.role, places=meant.stems, name=name, made_by=at.actor, now=at.now)
    await at.record("invited", f"{meant.role}:{','.join(meant.stems)}")
    return show(at, token, to="join", name=name, back="/desk/people")
