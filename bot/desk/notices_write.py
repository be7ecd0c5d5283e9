"""Writing a notice at the desk: its form, the look at it, keeping it as a draft, submitting it."""

import asyncio
from dataclasses import dataclass
from typing import Any

from fastapi import Response
from starlette.datastructures import FormData

from bot.broadcasts import deeds
from bot.desk import notices_form as forms
from bot.desk.at import At, Here
from bot.desk.notices_form import Typed
from bot.desk.notices_look import Look, look, sheet_words
from bot.desk.notices_scope import acting, numbered
from bot.desk.pages import done, page
from bot.desk.refusals import Absent, CannotBePrinted
from bot.desk.routes import Routes
from bot.notices.page import CannotPrint, Paper
from bot.notices.page import page as sheet
from bot.notices.preparing import NotPrepared, prepare
from bot.notices.values import NAMES
from bot.staff.approving import may_stop
from bot.staff.may import Deed
from content.render import say
from scheduler.calendar import local_date
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
    about = await _own_draft(at, number)
    assert about.there is not None  # noqa: S101 - just found
    typed = forms.filled(at, about.there)
    return _form(at, typed, about)


@routes.post("/notices/draft/{number}", Deed.NOTICE, "looked-up")
async def rewrite(at: Here, number: str) -> Response:
    """Look at a changed draft, keep it, or submit it."""
    return await _pressed(at, await _own_draft(at, number))


@routes.post("/notices/draft/{number}/drop", Deed.NOTICE, "looked-up")
async def drop(at: Here, number: str) -> Response:
    """Throw a draft away."""
    about = await _own_draft(at, number)
    assert about.there is not None  # noqa: S101 - just found
    await notices.drop(at.conn, about.there.id)
    return done("/notices", "dropped_notice")


@routes.get("/notices/{number}/correct", Deed.NOTICE, "looked-up")
async def correct(at: Here, number: str) -> Response:
    """Show the form of a notice that puts another one right."""
    about = await _to_correct(at, number)
    assert about.first is not None  # noqa: S101 - just found
    return _form(at, forms.correcting(at, about.first), about)


@routes.post("/notices/{number}/correct", Deed.NOTICE, "looked-up")
async def write_correction(at: Here, number: str) -> Response:
    """Look at a correction, keep it, or submit it."""
    return await _pressed(at, await _to_correct(at, number))


async def _own_draft(at: At, number: str) -> About:
    found = await notices.get(at.conn, numbered(number))
    if found is None or found.staff_id != at.who.id:
        raise Absent
    at.allow(at.stems(Deed.NOTICE)[0])
    return About(found, await broadcasts.get(at.conn, found.corrects) if found.corrects is not None else None)


async def _to_correct(at: At, number: str) -> About:
    found = await broadcasts.find(at.conn, numbered(number))
    if found is None or not may_stop(at.who, found):
        raise Absent
    for stem in found.audience:
        at.allow(stem)
    return About(first=found)


async def _pressed(at: At, about: About) -> Response:
    sent = await at.request.form()
    typed = forms.read(at, sent, first=about.first, there=about.there)
    if typed.draft is None:
        return _form(at, typed, about, status=UNREADABLE)
    for stem in typed.draft.audience:
        at.allow(stem)
    match sent.get("then"):
        case "keep":
            return await _kept(at, typed.draft, about)
        case "submit":
            return await _submitted(at, typed, about)
        case "page":
            return await _sheet(at, typed.draft)
        case _:
            return await _looked(at, typed, about, sent)


async def _looked(at: At, typed: Typed, about: About, sent: FormData) -> Response:
    """The form with the look below it; to a script the look alone."""
    assert typed.draft is not None  # noqa: S101 - read just now
    found = await look(at, typed.draft, first=about.first)
    if sent.get("then") == "part":
        return page(at, "notice_look", preview=found)
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


async def _submitted(at: At, typed: Typed, about: About) -> Response:
    """Freeze it. What is wrong with it is shown, and nothing was kept of the try."""
    assert typed.draft is not None  # noqa: S101 - read just now
    try:
        async with at.conn.begin_nested():
            kept = await _stored(at, typed.draft, about)
            ready = prepare(kept, at.who, at.know, now=at.now)
            frozen = await deeds.submit(acting(at), kept, ready.words, at.know.library)
    except NotPrepared as error:
        return _form(at, typed, about, found=Look(error.problems), status=UNREADABLE)
    except (NotPossible, deeds.NotAllowed) as error:
        return _form(at, typed, about, found=Look([deeds.sentence(error)]), status=409)
    return done(f"/notices/{frozen.number}", "submitted_notice")


async def _sheet(at: At, draft: Notice) -> Response:
    """The page for the wall as it would be printed."""
    words = sheet_words(at, draft)
    if words is None:
        raise Absent
    kind, _, id_ = (draft.link or "").partition(":")
    programme = at.know.library.programmes.get(id_) if kind == "card" else None
    paper = Paper(local_date(at.now), at.know.service.pages, programme)
    try:
        return Response(await asyncio.to_thread(sheet, words, paper), media_type="application/pdf")
    except CannotPrint as error:
        raise CannotBePrinted from error


def _form(at: At, typed: Typed, about: About, *, found: Look | None = None, status: int = 200) -> Response:
    library = at.know.library
    subjects = [one.name for one in library.topics.values()]
    cards = [one.short for one in library.programmes.values()]
    windows = [
        say("desk_notice", "window", id=one.id) for one in at.know.local.windows if at.may(Deed.NOTICE, one.place)
    ]
    offered = {"subjects": [*subjects, *cards], "cards": [*windows, *cards], "names": NAMES}
    return page(at, "notice_form", status=status, typed=typed, about=about, preview=found, **offered)
