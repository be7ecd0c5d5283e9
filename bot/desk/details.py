"""Local details at the desk: what a place adds to a thing, with where it stands; each lapses on its day."""

from fastapi import Response

from bot.desk import details_form as form
from bot.desk import entries
from bot.desk.at import At, Here
from bot.desk.details_form import KINDS, MOST_SAID
from bot.desk.entries import Pages, by
from bot.desk.pages import page
from bot.desk.routes import Routes
from bot.desk.windows_form import Typed
from bot.desk.windows_history import history
from bot.desk.windows_scope import own_places, subject, subjects
from bot.staff.may import Deed
from bot.windows.rows import Row
from bot.windows.take import told_of
from storage import details, listed
from storage.details import DETAILS, Detail

routes = Routes()


async def _same(at: At, row: Row, typed: Typed) -> Detail | None:
    kind = form.kind_of(typed.values["kind"])
    return await details.find(at.conn, place=row.place, programme=row.programme, matter=row.matter, kind=kind)


async def _entered(at: At, row: Row, typed: Typed) -> Detail:
    told = told_of(row, form.kind_of(typed.values["kind"]), at.today)
    return await details.enter(at.conn, told, **by(at, "reason_desk_entered"))


def _new(at: At, typed: Typed, there: Detail | None, status: int) -> Response:
    given = {"typed": typed, "places": own_places(at), "subjects": list(subjects(at.know.library))}
    return page(at, "details_new", status=status, there=there, kinds=KINDS, most=MOST_SAID, **given)


async def _shown(at: At, detail: Detail, typed: Typed, status: int) -> Response:
    past = await history(at, await details.history(at.conn, detail.id))
    named = {"place": at.name(detail.place), "subject": subject(at.know.library, detail.programme, detail.matter)}
    given = {"kinds": dict(KINDS), "most": MOST_SAID, "history": past}
    return page(at, "details_one", status=status, one=detail, typed=typed, **named, **given)


PAGES = Pages(
    "detail", DETAILS, listed.details, details.get, _same, _entered, details.change, details.publish, details.cancel,
    form.empty, form.read, form.filled, lambda at, row, kept: form.changes(row, kept.kind, at.today), _new, _shown,
)  # fmt: skip


@routes.get("/details", Deed.WINDOWS)
async def index(at: Here, place: str = "", state: str = "", number: str = "") -> Response:
    """List the details of one's own places, what lapses first first."""
    return await entries.index(at, PAGES, place, state, number, kinds=dict(KINDS))


@routes.get("/details/new", Deed.WINDOWS)
async def new(at: Here, place: str = "", programme: str = "") -> Response:
    """Show an empty form; a place and a card may be given."""
    return entries.new(at, PAGES, place, programme)


@routes.post("/details/new", Deed.WINDOWS, "looked-up")
async def enter(at: Here) -> Response:
    """Keep a new detail, and publish it where that was pressed."""
    return await entries.enter(at, PAGES)


@routes.get("/details/{id_}", Deed.WINDOWS, "looked-up")
async def one(at: Here, id_: str) -> Response:
    """Show one detail: as it is told, its form, what may be done with it, and who changed what."""
    return await entries.one(at, PAGES, id_)


@routes.post("/details/{id_}/change", Deed.WINDOWS, "looked-up")
async def change(at: Here, id_: str) -> Response:
    """Change a detail; one that is published stays so, confirmed by who changed it."""
    return await entries.change(at, PAGES, id_)


@routes.post("/details/{id_}/publish", Deed.WINDOWS, "looked-up")
async def publish(at: Here, id_: str) -> Response:
    """Show a detail to residents: whoever presses has confirmed it."""
    return await entries.publish(at, PAGES, id_)


@routes.post("/details/{id_}/cancel", Deed.WINDOWS, "looked-up")
async def cancel(at: Here, id_: str) -> Response:
    """Take a detail back, with a reason."""
    return await entries.cancel(at, PAGES, id_)
