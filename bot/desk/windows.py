"""Windows at the desk: what is collected when and where in one's own places; entered, changed, confirmed, cancelled."""

from typing import Any

from fastapi import Response

from bot.desk import windows_form as form
from bot.desk.at import At, Here
from bot.desk.pages import done, page
from bot.desk.refusals import Absent
from bot.desk.routes import Routes
from bot.desk.windows_form import Typed
from bot.desk.windows_history import history
from bot.desk.windows_scope import STATES, number_of, own_places, page_number, scope, state_of, subject, subjects
from bot.staff.may import Deed
from bot.windows.take import entered_of
from content.render import say
from storage import listed, windows
from storage.entries import AlreadyThere, EntryError, NoSource, State
from storage.listed import PAGE, Wanted
from storage.tickets import storable
from storage.windows import WINDOWS, Window

routes = Routes()
LONGEST_REASON = 60


@routes.get("/windows", Deed.WINDOWS)
async def index(at: Here, place: str = "", state: str = "", number: str = "") -> Response:
    """List windows of one's own places, what closes first first."""
    wanted = Wanted(scope(at, place), state_of(state))
    count = await listed.count(at.conn, WINDOWS, wanted)
    chosen, pages = page_number(number, count, PAGE)
    found = await listed.windows(at.conn, wanted, number=chosen)
    shown = [(one, at.name(one.place), subject(at.know.library, one.programme, one.matter)) for one in found]
    picked: dict[str, Any] = {"place": place, "state": state, "number": chosen, "pages": pages, "count": count}
    return page(at, "windows", shown=shown, places=own_places(at), states=STATES, **picked)


@routes.get("/windows/new", Deed.WINDOWS)
async def new(at: Here, place: str = "", programme: str = "") -> Response:
    """Show an empty form; a place and a card may be given."""
    places = own_places(at)
    typed = form.empty(place or (places[0][1] if len(places) == 1 else ""))
    known = at.know.library.programmes.get(programme)
    typed.values = {**typed.values, "subject": known.short if known else ""}
    return _form(at, typed, None)


@routes.post("/windows/new", Deed.WINDOWS, "looked-up")
async def enter(at: Here) -> Response:
    """Keep a new window, and publish it where that was pressed."""
    sent = await at.request.form()
    typed = form.read(at, sent)
    if typed.row is not None and not at.may(Deed.WINDOWS, typed.row.place):
        typed.wrong["place"] = say("desk_work", "not_your_place")
    if typed.row is None or typed.wrong:
        return _form(at, typed, None, status=422)
    at.allow(typed.row.place)
    publishing = sent.get("then") == "publish"
    if publishing and not typed.row.source:
        typed.wrong["source"] = say("desk_work", "no_source")
        return _form(at, typed, None, status=422)
    try:
        made = await windows.enter(at.conn, entered_of(typed.row, at.know.library), **_by(at, "reason_desk_entered"))
    except AlreadyThere:
        return await _there_already(at, typed)
    if publishing:
        await windows.publish(at.conn, made.id, **_confirmed(at))
    await at.record("window published" if publishing else "window entered", f"window:{made.id}")
    return done(f"/windows/{made.id}", "published" if publishing else "drafted")


@routes.post("/windows/publish", Deed.WINDOWS, "looked-up")
async def publish_many(at: Here) -> Response:
    """Publish the drafts that were ticked in the list; those without a source stay drafts."""
    ticked = [str(one) for one in (await at.request.form()).getlist("id")][:PAGE]
    found = [await _theirs(at, one) for one in ticked]
    ready = [one for one in found if one.source and one.state is not State.PUBLISHED]
    for window in ready:
        await windows.publish(at.conn, window.id, **_confirmed(at))
    for window in ready:  # the trail last: deeds take turns from there
        await at.record("window published", f"window:{window.id}")
    return done("/windows", "published" if ready and len(ready) == len(found) else "some_published")


@routes.get("/windows/{id_}", Deed.WINDOWS, "looked-up")
async def one(at: Here, id_: str) -> Response:
    """Show one window: as it is told, its form, what may be done with it, and who changed what."""
    window = await _theirs(at, id_)
    return await _shown(at, window, form.filled(window, subject(at.know.library, window.programme, window.matter)))


@routes.post("/windows/{id_}/change", Deed.WINDOWS, "looked-up")
async def change(at: Here, id_: str) -> Response:
    """Change a window; one that is published stays so, confirmed by who changed it."""
    window, sent = await _theirs(at, id_), await at.request.form()
    typed = form.read(at, sent, of=window)
    if typed.row is not None and sent.get("revision") != str(window.revision):
        typed.wrong["revision"] = say("desk_work", "changed_meanwhile")
        return await _shown(at, window, typed, status=409)
    if typed.row is None:
        return await _shown(at, window, typed, status=422)
    try:
        kept = await windows.change(at.conn, window.id, form.changes(typed.row), **_by(at, "reason_desk_changed"))
    except NoSource:
        typed.wrong["source"] = say("desk_work", "no_source")
        return await _shown(at, window, typed, status=422)
    if kept.revision == window.revision:
        return done(f"/windows/{window.id}", "unchanged")
    await at.record("window changed", f"window:{window.id}")
    return done(f"/windows/{window.id}", "changed")


@routes.post("/windows/{id_}/publish", Deed.WINDOWS, "looked-up")
async def publish(at: Here, id_: str) -> Response:
    """Show a window to residents: whoever presses has confirmed it."""
    window = await _theirs(at, id_)
    try:
        await windows.publish(at.conn, window.id, **_confirmed(at))
    except NoSource:
        typed = form.filled(window, subject(at.know.library, window.programme, window.matter))
        typed.wrong["source"] = say("desk_work", "no_source")
        return await _shown(at, window, typed, status=422)
    except EntryError:
        return done(f"/windows/{window.id}", "unchanged")
    await at.record("window published", f"window:{window.id}")
    return done(f"/windows/{window.id}", "published")


@routes.post("/windows/{id_}/cancel", Deed.WINDOWS, "looked-up")
async def cancel(at: Here, id_: str) -> Response:
    """Take a window back, with a reason."""
    window = await _theirs(at, id_)
    reason = storable(str((await at.request.form()).get("reason", "")).strip())
    if not reason or len(reason) > LONGEST_REASON:
        typed = form.filled(window, subject(at.know.library, window.programme, window.matter))
        typed.wrong["reason"] = say("desk_work", "no_reason", most=LONGEST_REASON)
        return await _shown(at, window, typed, status=422)
    if window.state is State.CANCELLED:
        return done(f"/windows/{window.id}", "unchanged")
    await windows.cancel(at.conn, window.id, author=at.actor, reason=reason, now=at.now)
    await at.record("window cancelled", f"window:{window.id}")
    return done(f"/windows/{window.id}", "cancelled")


async def _theirs(at: At, id_: str) -> Window:
    """A window of one of their places. Raises Absent."""
    window = await windows.get(at.conn, number_of(id_))
    if window is None:
        raise Absent
    at.allow(window.place)
    return window


def _form(at: At, typed: Typed, there: Window | None, *, status: int = 200) -> Response:
    given = {"typed": typed, "places": own_places(at), "subjects": list(subjects(at.know.library))}
    return page(at, "windows_new", status=status, there=there, **given)


async def _there_already(at: At, typed: Typed) -> Response:
    row = typed.row
    assert row is not None  # noqa: S101 - only what was read is entered
    there = await windows.find(at.conn, place=row.place, programme=row.programme, matter=row.matter, batch=row.batch)
    return _form(at, typed, there, status=409)


async def _shown(at: At, window: Window, typed: Typed, *, status: int = 200) -> Response:
    past = await history(at, await windows.history(at.conn, window.id))
    named = {"place": at.name(window.place), "subject": subject(at.know.library, window.programme, window.matter)}
    return page(at, "windows_one", status=status, one=window, typed=typed, history=past, **named)


def _by(at: At, reason: str) -> form.By:
    return {"author": at.actor, "reason": say("desk_work", reason), "now": at.now}


def _confirmed(at: At) -> form.Confirmed:
    return {"confirmer": at.actor, "reason": say("desk_work", "reason_desk_published"), "now": at.now}
