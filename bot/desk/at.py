"""Somebody at the desk: who they are and what they need, within one transaction that ends before the page is sent."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk import cookies
from bot.desk.built import Desk
from bot.desk.refusals import Absent, MayNot, NotFresh, NotIn, NotOurForm
from bot.desk.routes import Declared, declared
from bot.dialogue.turn import Knowledge
from bot.staff.may import Deed, may
from content.places import PlaceError, Places
from scheduler.calendar import local_date
from storage import desk as sessions
from storage.desk import Session
from storage.staff import Staff


@dataclass(repr=False)
class At:
    """One request of one member of staff. What is raised takes back all that was changed."""

    request: Request
    desk: Desk
    conn: AsyncConnection
    who: Staff
    session: Session
    declared: Declared
    know: Knowledge
    now: datetime
    allowed: bool = field(default=False)  # whether somebody asked for the right to a place

    @property
    def actor(self) -> str:
        """Who acts, as the trail says it."""
        return f"staff:{self.who.id}"

    @property
    def places(self) -> Places:
        """All places."""
        return self.know.places

    @property
    def today(self) -> date:
        """The day here."""
        return local_date(self.now)

    @property
    def token(self) -> str:
        """The session's token: what the forms of a page are made for."""
        return cookies.session_token(self.request)

    def may(self, deed: Deed, place: str | None = None) -> bool:
        """Whether they may do this, and for this place (a stem) where one is meant."""
        return may(self.who, deed, place)

    def allow(self, place: str, deed: Deed | None = None) -> None:
        """Go on only if the route's deed (or this one) may be done for a place (a stem). Raises Absent."""
        wanted = deed or self.declared.deed
        if wanted is None or not may(self.who, wanted, place):
            raise Absent
        self.allowed = True

    def stems(self, deed: Deed | None = None) -> list[str]:
        """The places of theirs for which they may do the route's deed, or this one."""
        wanted = deed or self.declared.deed
        return [stem for stem in self.who.places if wanted is not None and may(self.who, wanted, stem)]

    def fresh(self) -> bool:
        """Whether they entered a code within the last ten minutes."""
        return self.session.fresh(self.now)

    def require_fresh(self) -> None:
        """Go on only if they entered a code just now. Raises NotFresh, whose page asks for one."""
        if not self.fresh():
            raise NotFresh

    async def record(self, verb: str, object_id: str) -> None:
        """Put a deed on the trail; call it last. A deed for something that was looked up needs `allow` before."""
        if self.declared.scope == "looked-up" and not self.allowed:
            raise RuntimeError("a route that looks things up calls at.allow(place) before it changes anything")
        await self.desk.trail.record(self.conn, actor=self.actor, verb=verb, object_id=object_id, now=self.now)

    def name(self, stem: str) -> str:
        """The name of a place as one says it whole: 达拉特旗树林召镇永安村."""
        return "".join(one.short for one in self.places.path(stem))


def desk_of(request: Request) -> Desk:
    """What the application was built with."""
    desk: Desk = request.app.state.desk
    return desk


async def _at(request: Request) -> AsyncIterator[At]:
    desk, said = desk_of(request), declared(request)
    token, changing = cookies.session_token(request), request.method == "POST"
    if not token:
        raise NotIn
    if changing:
        await own_form(request, token)
    now = desk.now()
    async with desk.database.begin() as conn:
        found = await sessions.known(conn, token, now=now, lock=changing)
        if found is None:
            raise NotIn
        at = At(request, desk, conn, found[1], found[0], said, desk.knowledge(), now)
        _declared_rights(at)
        yield at


def _declared_rights(at: At) -> None:
    """What the route says of itself: the deed, and the place in its address."""
    if at.declared.deed is None or not at.may(at.declared.deed):
        raise MayNot
    if at.declared.scope == "named":
        try:
            at.allow(at.places.stem_of(str(at.request.path_params["place"])))
        except PlaceError:
            raise Absent from None


async def own_form(request: Request, token: str) -> None:
    """Go on only with a form that our page made for this browser. Raises NotOurForm."""
    form = await request.form()
    if not cookies.is_own_form(token, str(form.get("csrf", ""))):
        raise NotOurForm


Here = Annotated[At, Depends(_at, scope="function")]
"""What a handler takes: it is there only for who is in and may do what the route declares."""
