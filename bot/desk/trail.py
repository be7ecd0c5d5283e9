"""The trail: who did what to which id, newest first; never the text of anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Response

from bot.desk.at import At, Here
from bot.desk.pages import page
from bot.desk.routes import Routes
from bot.staff.may import Deed
from content.render import say
from storage import staff, trail_reading
from storage.trail_reading import NEWEST, Done

routes = Routes()

AT_ONCE = 50
REGION = "15"
"""Whoever looks after the whole region sees what the operator did too."""


@dataclass(frozen=True)
class Line:
    """A row in words: who, did what, to what."""

    number: int
    at: datetime
    who: str
    what: str
    about: str


async def lines(at: At, found: Sequence[Done]) -> list[Line]:
    """Put rows into words. Names are those of staff who were not let go; others stay a number."""
    ids = {int(said.removeprefix("staff:")) for one in found for said in (one.actor, one.object_id) if _is_staff(said)}
    names = await staff.names(at.conn, ids)

    def named(said: str) -> str:
        number = said.removeprefix("staff:")
        known = names.get(int(number), "") if _is_staff(said) else ""
        return say("desk", "thing", kind=said.partition(":")[0], id=said.partition(":")[2], name=known)

    return [Line(one.number, one.at, named(one.actor), deed(one.verb), named(one.object_id)) for one in found]


def deed(verb: str) -> str:
    """A verb of the trail as people say it."""
    return say("desk", "deed", verb=verb)


def _is_staff(said: str) -> bool:
    kind, _, number = said.partition(":")
    return kind == "staff" and number.isdecimal() and len(number) < 19  # noqa: PLR2004 - a bigint has 19 digits


@routes.get("/trail", Deed.TRAIL)
async def trail(at: Here, before: int = NEWEST) -> Response:
    """Show what staff of one's places and below did."""
    stems, last = at.stems(), max(0, min(before, NEWEST))
    if REGION in stems:
        found = await trail_reading.whole(at.conn, limit=AT_ONCE + 1, before=last)
    else:
        found = await trail_reading.of_places(at.conn, stems, limit=AT_ONCE + 1, before=last)
    more = f"/desk/trail?before={found[AT_ONCE - 1].number}" if len(found) > AT_ONCE else ""
    head = await trail_reading.head(at.conn, before=at.now)
    return page(at, "trail", shown=await lines(at, found[:AT_ONCE]), more=more, head=head, first=last == NEWEST)
