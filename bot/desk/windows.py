"""Windows at the desk: what is collected when and where in one's own places; entered, changed, confirmed, cancelled."""

from fastapi import Response

from bot.desk import entries
from bot.desk import windows_form as form
from bot.desk.at import At, Here
from bot.desk.entries import Pages, by, confirmed, revision_of
from bot.desk.pages import done, page
from bot.desk.routes import Routes
from bot.desk.windows_form import Typed
from bot.desk.windows_history import history
from bot.desk.windows_scope import own_places, subject, subjects
from bot.staff.may import Deed
from bot.windows.rows import Row
from bot.windows.take import changes_of, entered_of
from storage import listed, windows
from storage.entries import EntryError, State
from storage.listed import PAGE
from storage.windows import WINDOWS, Window

routes = Routes()


async def _same(at: At, row: Row, _: Typed) -> Window | None:
    return await windows.find(at.conn, place=row.place, programme=row.programme, matter=row.matter, batch=row.batch)


async def _entered(at: At, row: Row, _: Typed) -> Window:
    return await windows.enter(at.conn, entered_of(row, at.know.library), **by(at, "reason_desk_entered"))


def _new(at: At, typed: Typed, there: Window | None, status: int) -> Response:
    given = {"typed": typed, "places": own_places(at), "subjects": list(subjects(at.know.library))}
    return page(at, "windows_new", status=status, there=there, **given)


async def _shown(at: At, window: Window, typed: Typed, status: int) -> Response:
    past = await history(at, await windows.history(at.conn, window.id))
    named = {"place": at.name(window.place), "subject": subject(at.know.library, window.programme, window.matter)}
    return page(at, "windows_one", status=status, one=window, typed=typed, history=past, **named)


PAGES = Pages(
    "window", WINDOWS, listed.windows, windows.get, _same, _entered, windows.change, windows.publish, windows.cancel,
    form.empty, form.read, form.filled, lambda _, row, __: changes_of(row, emptying=True), _new, _shown,
)  # fmt: skip


@routes.get("/windows", Deed.WINDOWS)
async def index(at: Here, place: str = "", state: str = "", number: str = "") -> Response:
    """List windows of one's own places, what closes first first."""
    return await entries.index(at, PAGES, place, state, number, differ=())


@routes.get("/windows/new", Deed.WINDOWS)
async def new(at: Here, place: str = "", programme: str = "") -> Response:
    """Show an empty form; a place and a card may be given."""
    return entries.new(at, PAGES, place, programme)


@routes.post("/windows/new", Deed.WINDOWS, "looked-up")
async def enter(at: Here) -> Response:
    """Keep a new window, and publish it where that was pressed."""
    return await entries.enter(at, PAGES)


@routes.post("/windows/publish", Deed.WINDOWS, "looked-up")
async def publish_many(at: Here) -> Response:
    """Publish the drafts that were ticked in the list, as they stood there; those without a source stay drafts."""
    ticked = dict(str(one).partition(":")[::2] for one in (await at.request.form()).getlist("id")[:PAGE])
    found = [(await entries.theirs(at, PAGES, id_), revision_of(seen)) for id_, seen in ticked.items()]
    ready = [one for one, seen in found if one.source and one.state is State.DRAFT and one.revision == seen]
    published = [one for one in ready if await _published(at, one)]
    for window in published:  # the trail last: deeds take turns from there
        await at.record("window published", f"window:{window.id}")
    differ = [one for one, seen in found if one.revision != seen or (one in ready and one not in published)]
    if differ:
        named = [(one, at.name(one.place), subject(at.know.library, one.programme, one.matter)) for one in differ]
        return await entries.index(at, PAGES, "", State.DRAFT.value, "", differ=named, status=409)
    return done("/windows", "published" if published and len(published) == len(found) else "some_published")


async def _published(at: At, window: Window) -> bool:
    """Publish a draft; False where a colleague came first this very moment."""
    try:
        await windows.publish(at.conn, window.id, **confirmed(at), seen=window.revision)
    except EntryError:
        return False
    return True


@routes.get("/windows/{id_}", Deed.WINDOWS, "looked-up")
async def one(at: Here, id_: str) -> Response:
    """Show one window: as it is told, its form, what may be done with it, and who changed what."""
    return await entries.one(at, PAGES, id_)


@routes.post("/windows/{id_}/change", Deed.WINDOWS, "looked-up")
async def change(at: Here, id_: str) -> Response:
    """Change a window; one that is published stays so, confirmed by who changed it."""
    return await entries.change(at, PAGES, id_)


@routes.post("/windows/{id_}/publish", Deed.WINDOWS, "looked-up")
async def publish(at: Here, id_: str) -> Response:
    """Show a window to residents: whoever presses has confirmed it."""
    return await entries.publish(at, PAGES, id_)


@routes.post("/windows/{id_}/cancel", Deed.WINDOWS, "looked-up")
async def cancel(at: Here, id_: str) -> Response:
    """Take a window back, with a reason."""
    return await entries.cancel(at, PAGES, id_)
