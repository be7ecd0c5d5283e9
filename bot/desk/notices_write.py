"""Writing a notice at the desk: its form, the look at it, keeping it as a draft, submitting it."""

import asyncio
from dataclasses import dataclass
from typing import Any

from fastapi import Response

from bot.broadcasts import deeds
from bot.broadcasts.composing import corrects
from bot.desk import notices_form as forms
from bot.desk.at import At, Here
from bot.desk.notices_form import Typed
from bot.desk.notices_look import Look, look
from bot.desk.notices_scope import acting, numbered
from bot.desk.pages import done, page
from bot.desk.refusals import Absent, CannotBePrinted
from bot.desk.routes import Routes
from bot.desk.windows_scope import subjects
from bot.notices.page import CannotPrint, Paper
from bot.notices.page import page as sheet
from bot.notices.preparing import NotPrepared, prepare
from bot.notices.preview import as_sent
from bot.notices.values import NAMES
from bot.notices.words import programme_of
from bot.staff.approving import may_stop
from bot.staff.may import Deed
from content.render import say
from storage import broadcasts, notices
from storage.broadcasts import Broadcast, NotPossible
from storage.notices import Notice

routes = Routes()
UNREADABLE = 422


@dataclass(frozen=True)
class About:
    """What a form is about: the draft that it changes, the broadcast that it corrects; for most neither."""

    there: Notice | None = None
    first: Broadcast | None = None

    @property
    def address(self) -> str:
        """Where the form is sent."""
        if self.there is not None:
            return f"/notices/draft/{self.there.number}"
        return f"/notices/{self.first.number}/correct" if self.first else "/notices/new"


@routes.get("/notices/new", Deed.NOTICE)
async def new(at: Here, card: str = "") -> Response:
    """Show an empty form."""
    return _form(at, forms.empty(at, card=card[:40]), About())


@routes.post("/notices/new", Deed.NOTICE, "looked-up")
async def write(at: Here) -> Response:
    """Look at a new notice, keep it, or submit it: whichever was pressed."""
    return await _pressed(at, About())


@routes.get("/notices/draft/{number}", Deed.NOTICE, "looked-up")
async def draft(at: Here, number: str) -> Response:
    """Show the form of a draft."""
    there = await _own_draft(at, number)
    return _form(at, forms.filled(at, there), await _about(at, there))


@routes.post("/notices/draft/{number}", Deed.NOTICE, "looked-up")
async def rewrite(at: Here, number: str) -> Response:
    """Look at a changed draft, keep it, or submit it."""
    return await _pressed(at, await _about(at, await _own_draft(at, number)))


@routes.post("/notices/draft/{number}/drop", Deed.NOTICE, "looked-up")
async def drop(at: Here, number: str) -> Response:
    """Throw a draft away."""
    await notices.drop(at.conn, (await _own_draft(at, number)).id)
    return done("/notices", "dropped_notice")


@routes.get("/notices/{number}/correct", Deed.NOTICE, "looked-up")
async def correct(at: Here, number: str) -> Response:
    """Show the form of a notice that puts another one right."""
    first = await _to_correct(at, number)
    return _form(at, forms.correcting(at, first), About(first=first))


@routes.post("/notices/{number}/correct", Deed.NOTICE, "looked-up")
async def write_correction(at: Here, number: str) -> Response:
    """Look at a correction, keep it, or submit it."""
    return await _pressed(at, About(first=await _to_correct(at, number)))


async def _own_draft(at: At, number: str) -> Notice:
    found = await notices.get(at.conn, numbered(number))
    if found is None or found.staff_id != at.who.id:
        raise Absent
    at.allow(at.stems(Deed.NOTICE)[0])
    return found


async def _about(at: At, there: Notice) -> About:
    return About(there, await broadcasts.get(at.conn, there.corrects) if there.corrects is not None else None)


async def _to_correct(at: At, number: str) -> Broadcast:
    found = await broadcasts.find(at.conn, numbered(number))
    if found is None or not may_stop(at.who, found):
        raise Absent
    for stem in found.audience:
        at.allow(stem)
    return found


async def _pressed(at: At, about: About) -> Response:
    sent = await at.request.form()
    typed = forms.read(at, sent, first=about.first, there=about.there)
    draft = typed.draft
    if draft is None:
        return _form(at, typed, about, status=UNREADABLE)
    for stem in draft.audience:
        at.allow(stem)
    match sent.get("then"):
        case "keep":
            return await _kept(at, draft, about)
        case "submit":
            return await _submitted(at, typed, draft, about)
        case "page":
            return await _sheet(at, draft)
        case "part":  # a script shows the look alone
            return page(at, "notice_look", preview=await look(at, draft, first=about.first))
    found = await look(at, draft, first=about.first)
    return _form(at, typed, about, found=found, status=UNREADABLE if found.problems else 200)


async def _kept(at: At, draft: Notice, about: About) -> Response:
    kept = await _stored(at, draft, about)
    await at.record("drafted", f"notice:{kept.number}")
    return done(f"/notices/draft/{kept.number}", "kept_notice")


async def _stored(at: At, draft: Notice, about: About) -> Notice:
    names = ("kind", "title", "text", "link", "audience", "follows", "send_at", "expires_at", "corrects")
    values: dict[str, Any] = {name: getattr(draft, name) for name in names}
    if about.there is None:
        return await notices.draft(at.conn, staff_id=at.who.id, now=at.now, **values)
    changed = await notices.change(at.conn, about.there.id, **values)
    if changed is None:
        raise Absent
    return changed


async def _submitted(at: At, typed: Typed, draft: Notice, about: About) -> Response:
    """Freeze it. What is wrong with it is shown, and nothing was kept of the try."""
    try:
        async with at.conn.begin_nested():
            kept = await _stored(at, draft, about)
            ready = prepare(kept, at.who, at.know, now=at.now)
            frozen = await deeds.submit(acting(at), kept, ready.words, at.know.library)
    except NotPrepared as error:
        return _form(at, typed, about, found=Look(error.problems), status=UNREADABLE)
    except (NotPossible, deeds.NotAllowed) as error:
        return _form(at, typed, about, found=Look([deeds.sentence(error)]), status=409)
    return done(f"/notices/{frozen.number}", "submitted_notice")


async def _sheet(at: At, draft: Notice) -> Response:
    """The page for the wall as it would be printed."""
    try:
        words = as_sent(draft, prepare(draft, at.who, at.know, now=at.now), at.now)
    except NotPrepared as error:
        raise Absent from error
    programme = at.know.library.programmes.get(programme_of(words, at.know) or "")
    paper = Paper(at.today, at.know.service.pages, programme, await corrects(at.conn, draft.corrects))
    try:
        return Response(await asyncio.to_thread(sheet, words, paper), media_type="application/pdf")
    except CannotPrint as error:
        raise CannotBePrinted from error


def _form(at: At, typed: Typed, about: About, *, found: Look | None = None, status: int = 200) -> Response:
    library = at.know.library
    cards = list(subjects(library))
    windows = [
        say("desk_notice", "window", id=one.id) for one in at.know.local.windows if at.may(Deed.NOTICE, one.place)
    ]
    offered = {
        "subjects": [*(one.name for one in library.topics.values()), *cards],
        "cards": [*windows, *cards],
        "names": NAMES,
    }
    return page(at, "notice_form", status=status, typed=typed, about=about, preview=found, **offered)
