"""Local details at the desk: what a place adds to a thing, with where it stands; each lapses on its day."""

from typing import Any

from fastapi import Response

from bot.desk import details_form as form
from bot.desk.at import At, Here
from bot.desk.details_form import KINDS, MOST_SAID
from bot.desk.pages import done, page
from bot.desk.refusals import Absent
from bot.desk.routes import Routes
from bot.desk.windows_form import By, Confirmed, Typed
from bot.desk.windows_history import history
from bot.desk.windows_scope import STATES, number_of, own_places, page_number, scope, state_of, subject, subjects
from bot.staff.may import Deed
from content.render import say
from storage import details, listed
from storage.details import DETAILS, Detail
from storage.entries import AlreadyThere, EntryError, NoSource, State
from storage.listed import PAGE, Wanted
from storage.tickets import storable

routes = Routes()
LONGEST_REASON = 60


@routes.get("/details", Deed.WINDOWS)
async def index(at: Here, place: str = "", state: str = "", number: str = "") -> Response:
    """List the details of one's own places, what lapses first first."""
    wanted = Wanted(scope(at, place), state_of(state))
    count = await listed.count(at.conn, DETAILS, wanted)
    chosen, pages = page_number(number, count, PAGE)
    found = await listed.details(at.conn, wanted, number=chosen)
    shown = [(one, at.name(one.place), subject(at.know.library, one.programme, one.matter)) for one in found]
    picked: dict[str, Any] = {"place": place, "state": state, "number": chosen, "pages": pages, "count": count}
    return page(at, "details", shown=shown, places=own_places(at), states=STATES, kinds=dict(KINDS), **picked)


@routes.get("/details/new", Deed.WINDOWS)
async def new(at: Here, place: str = "", programme: str = "") -> Response:
    """Show an empty form; a place and a card may be given."""
    places = own_places(at)
    typed = form.empty(place or (places[0][1] if len(places) == 1 else ""))
    known = at.know.library.programmes.get(programme)
    typed.values = {**typed.values, "subject": known.short if known else ""}
    return _form(at, typed, None)


@routes.post("/details/new", Deed.WINDOWS, "looked-up")
async def enter(at: Here) -> Response:
    """Keep a new detail, and publish it where that was pressed."""
    sent = await at.request.form()
    typed = form.read(at, sent)
    if typed.row is not None and not at.may(Deed.WINDOWS, typed.row.place):
        typed.wrong["place"] = say("desk_work", "not_your_place")
    publishing = sent.get("then") == "publish"
    if publishing and typed.row is not None and not typed.row.source:
        typed.wrong["source"] = say("desk_work", "no_source")
    if typed.row is None or typed.wrong:
        return _form(at, typed, None, status=422)
    at.allow(typed.row.place)
    told = form.told(typed.row, form.kind_of(typed.values["kind"]), at.today)
    try:
        made = await details.enter(at.conn, told, **_by(at, "reason_desk_entered"))
    except AlreadyThere:
        same = {"place": told.place, "programme": told.programme, "matter": told.matter, "kind": told.kind}
        return _form(at, typed, await details.find(at.conn, **same), status=409)  # type: ignore[arg-type]
    if publishing:
        await details.publish(at.conn, made.id, **_confirmed(at))
    await at.record("detail published" if publishing else "detail entered", f"detail:{made.id}")
    return done(f"/details/{made.id}", "published" if publishing else "drafted")


@routes.get("/details/{id_}", Deed.WINDOWS, "looked-up")
async def one(at: Here, id_: str) -> Response:
    """Show one detail: as it is told, its form, what may be done with it, and who changed what."""
    detail = await _theirs(at, id_)
    return await _shown(at, detail, _filled(at, detail))


@routes.post("/details/{id_}/change", Deed.WINDOWS, "looked-up")
async def change(at: Here, id_: str) -> Response:
    """Change a detail; one that is published stays so, confirmed by who changed it."""
    detail, sent = await _theirs(at, id_), await at.request.form()
    typed = form.read(at, sent, of=detail)
    if typed.row is not None and sent.get("revision") != str(detail.revision):
        typed.wrong["revision"] = say("desk_work", "changed_meanwhile")
        return await _shown(at, detail, typed, status=409)
    if typed.row is None:
        return await _shown(at, detail, typed, status=422)
    given = form.changes(typed.row, detail.kind, at.today)
    try:
        kept = await details.change(at.conn, detail.id, given, **_by(at, "reason_desk_changed"))
    except NoSource:
        typed.wrong["source"] = say("desk_work", "no_source")
        return await _shown(at, detail, typed, status=422)
    if kept.revision == detail.revision:
        return done(f"/details/{detail.id}", "unchanged")
    await at.record("detail changed", f"detail:{detail.id}")
    return done(f"/details/{detail.id}", "changed")


@routes.post("/details/{id_}/publish", Deed.WINDOWS, "looked-up")
async def publish(at: Here, id_: str) -> Response:
    """Show a detail to residents: whoever presses has confirmed it."""
    detail = await _theirs(at, id_)
    try:
        await details.publish(at.conn, detail.id, **_confirmed(at))
    except NoSource:
        typed = _filled(at, detail)
        typed.wrong["source"] = say("desk_work", "no_source")
        return await _shown(at, detail, typed, status=422)
    except EntryError:
        return done(f"/details/{detail.id}", "unchanged")
    await at.record("detail published", f"detail:{detail.id}")
    return done(f"/details/{detail.id}", "published")


@routes.post("/details/{id_}/cancel", Deed.WINDOWS, "looked-up")
async def cancel(at: Here, id_: str) -> Response:
    """Take a detail back, with a reason."""
    detail = await _theirs(at, id_)
    reason = storable(str((await at.request.form()).get("reason", "")).strip())
    if not reason or len(reason) > LONGEST_REASON:
        typed = _filled(at, detail)
        typed.wrong["reason"] = say("desk_work", "no_reason", most=LONGEST_REASON)
        return await _shown(at, detail, typed, status=422)
    if detail.state is State.CANCELLED:
        return done(f"/details/{detail.id}", "unchanged")
    await details.cancel(at.conn, detail.id, author=at.actor, reason=reason, now=at.now)
    await at.record("detail cancelled", f"detail:{detail.id}")
    return done(f"/details/{detail.id}", "cancelled")


async def _theirs(at: At, id_: str) -> Detail:
    """A detail of one of their places. Raises Absent."""
    detail = await listed.detail(at.conn, number_of(id_))
    if detail is None:
        raise Absent
    at.allow(detail.place)
    return detail


def _filled(at: At, detail: Detail) -> Typed:
    return form.filled(detail, subject(at.know.library, detail.programme, detail.matter))


def _form(at: At, typed: Typed, there: Detail | None, *, status: int = 200) -> Response:
    given = {"typed": typed, "places": own_places(at), "subjects": list(subjects(at.know.library))}
    return page(at, "details_new", status=status, there=there, kinds=KINDS, most=MOST_SAID, **given)


async def _shown(at: At, detail: Detail, typed: Typed, *, status: int = 200) -> Response:
    past = await history(at, await details.history(at.conn, detail.id))
    named = {"place": at.name(detail.place), "subject": subject(at.know.library, detail.programme, detail.matter)}
    given = {"kinds": dict(KINDS), "most": MOST_SAID, "history": past}
    return page(at, "details_one", status=status, one=detail, typed=typed, **named, **given)


def _by(at: At, reason: str) -> By:
    return {"author": at.actor, "reason": say("desk_work", reason), "now": at.now}


def _confirmed(at: At) -> Confirmed:
    return {"confirmer": at.actor, "reason": say("desk_work", "reason_desk_published"), "now": at.now}
