"""What the pages of windows and of local details do alike: list, enter, find one, change, publish, take back."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi import Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import FormData

from bot.desk.at import At
from bot.desk.pages import done, page
from bot.desk.refusals import Absent
from bot.desk.windows_form import Typed
from bot.desk.windows_scope import STATES, number_of, own_places, page_number, scope, state_of, subject
from bot.staff.may import Deed
from bot.windows.rows import Row
from content.render import say
from storage import listed
from storage.details import Detail
from storage.entries import (
    LONGEST_REASON,
    AlreadyThere,
    By,
    Confirmed,
    Differs,
    EntryError,
    Ledger,
    NoSource,
    State,
    Step,
)
from storage.listed import PAGE, Wanted
from storage.tickets import storable
from storage.windows import Window

Kept = TypeVar("Kept", Window, Detail)


@dataclass(frozen=True)
class Pages(Generic[Kept]):
    """The pages of one of the two. `name` is the trail's word for it; in addresses and templates it has an s.

    From `ledger` to `cancel` it is its storage, from `empty` to `changes` its form, then the pages: `new` with an empty
    form and what is there already, `shown` of one.
    """

    name: str
    ledger: Ledger
    listed: Callable[..., Awaitable[Sequence[Kept]]]
    get: Callable[[AsyncConnection, int], Awaitable[Kept | None]]
    same: Callable[[At, Row, Typed], Awaitable[Kept | None]]
    enter: Callable[[At, Row, Typed], Awaitable[Kept]]
    change: Callable[..., Awaitable[Kept]]
    publish: Callable[..., Awaitable[Kept]]
    cancel: Callable[..., Awaitable[Kept]]
    empty: Callable[[str], Typed]
    read: Callable[[At, FormData, Kept | None], Typed]
    filled: Callable[[Kept, str], Typed]
    changes: Callable[[At, Row, Kept], dict[str, object]]
    new: Callable[[At, Typed, Kept | None, int], Response]
    shown: Callable[[At, Kept, Typed, int], Awaitable[Response]]

    def form(self, at: At, kept: Kept) -> Typed:
        """The form of one as it stands."""
        return self.filled(kept, subject(at.know.library, kept.programme, kept.matter))

    def path(self, kept: Kept) -> str:
        """The address of one."""
        return f"/{self.name}s/{kept.id}"

    async def record(self, at: At, kept: Kept, step: Step) -> None:
        """Put on the trail what was done to one."""
        await at.record(f"{self.name} {step}", f"{self.name}:{kept.id}")


async def index(at: At, pages: Pages[Kept], place: str, state: str, number: str, **more: Any) -> Response:
    """List those of one's own places, what ends first first."""
    wanted = Wanted(scope(at, place), state_of(state))
    count = await listed.count(at.conn, pages.ledger, wanted)
    chosen, last = page_number(number, count, PAGE)
    found = await pages.listed(at.conn, wanted, number=chosen)
    shown = [(one, at.name(one.place), subject(at.know.library, one.programme, one.matter)) for one in found]
    picked: dict[str, Any] = {"place": place, "state": state, "number": chosen, "pages": last, "count": count}
    return page(at, f"{pages.name}s", shown=shown, places=own_places(at), states=STATES, **picked, **more)


def new(at: At, pages: Pages[Kept], place: str, programme: str) -> Response:
    """Show an empty form; a place and a card may be given."""
    places = own_places(at)
    typed = pages.empty(place or (places[0][1] if len(places) == 1 else ""))
    known = at.know.library.programmes.get(programme)
    typed.values = {**typed.values, "subject": known.short if known else ""}
    return pages.new(at, typed, None, 200)


async def enter(at: At, pages: Pages[Kept]) -> Response:
    """Keep a new one, and publish it where that was pressed."""
    sent = await at.request.form()
    typed, publishing = pages.read(at, sent, None), sent.get("then") == "publish"
    row = typed.row
    if row is not None and not at.may(Deed.WINDOWS, row.place):
        typed.wrong["place"] = say("desk_work", "not_your_place")
    if row is not None and publishing and not row.source:
        typed.wrong["source"] = say("desk_work", "no_source")
    if row is None or typed.wrong:
        return pages.new(at, typed, None, 422)
    at.allow(row.place)
    try:
        made = await pages.enter(at, row, typed)
    except AlreadyThere:
        return pages.new(at, typed, await pages.same(at, row, typed), 409)
    if publishing:
        await pages.publish(at.conn, made.id, **confirmed(at))
    await pages.record(at, made, "published" if publishing else "entered")
    return done(pages.path(made), "published" if publishing else "drafted")


async def theirs(at: At, pages: Pages[Kept], id_: str) -> Kept:
    """One of one of their places. Raises Absent."""
    kept = await pages.get(at.conn, number_of(id_))
    if kept is None:
        raise Absent
    at.allow(kept.place)
    return kept


async def one(at: At, pages: Pages[Kept], id_: str) -> Response:
    """Show one: as it is told, its form, what may be done with it, and who changed what."""
    kept = await theirs(at, pages, id_)
    return await pages.shown(at, kept, pages.form(at, kept), 200)


async def change(at: At, pages: Pages[Kept], id_: str) -> Response:
    """Change one; one that is published stays so, confirmed by who changed it."""
    kept, sent = await theirs(at, pages, id_), await at.request.form()
    typed = pages.read(at, sent, kept)
    if typed.row is not None and sent.get("revision") != str(kept.revision):
        typed.wrong["revision"] = say("desk_work", "changed_meanwhile")
        return await pages.shown(at, kept, typed, 409)
    if typed.row is None:
        return await pages.shown(at, kept, typed, 422)
    given = pages.changes(at, typed.row, kept)
    try:
        changed = await pages.change(at.conn, kept.id, given, **by(at, "reason_desk_changed"))
    except NoSource:
        return await _without_source(at, pages, kept, typed)
    if changed.revision == kept.revision:
        return done(pages.path(kept), "unchanged")
    return await _recorded(at, pages, kept, "changed")


async def publish(at: At, pages: Pages[Kept], id_: str) -> Response:
    """Show one to residents: whoever presses has confirmed it as they saw it."""
    kept, sent = await theirs(at, pages, id_), await at.request.form()
    try:
        await pages.publish(at.conn, kept.id, **confirmed(at), seen=revision_of(str(sent.get("revision", ""))))
    except Differs:
        return await _differs(at, pages, id_)
    except NoSource:
        return await _without_source(at, pages, kept, pages.form(at, kept))
    except EntryError:
        return done(pages.path(kept), "unchanged")
    return await _recorded(at, pages, kept, "published")


async def cancel(at: At, pages: Pages[Kept], id_: str) -> Response:
    """Take one back, with a reason."""
    kept = await theirs(at, pages, id_)
    reason = storable(str((await at.request.form()).get("reason", "")).strip())
    if not reason or len(reason) > LONGEST_REASON:
        typed = pages.form(at, kept)
        typed.wrong["reason"] = say("desk_work", "no_reason", most=LONGEST_REASON)
        return await pages.shown(at, kept, typed, 422)
    if kept.state is State.CANCELLED:
        return done(pages.path(kept), "unchanged")
    await pages.cancel(at.conn, kept.id, author=at.actor, reason=reason, now=at.now)
    return await _recorded(at, pages, kept, "cancelled")


async def _recorded(at: At, pages: Pages[Kept], kept: Kept, step: Step) -> Response:
    await pages.record(at, kept, step)
    return done(pages.path(kept), step)


def revision_of(sent: str) -> int:
    """The revision that a form was made of; 0, which there is none, for anything else."""
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 9 else 0  # noqa: PLR2004


async def _differs(at: At, pages: Pages[Kept], id_: str) -> Response:
    """Show what a colleague made of it, and ask again."""
    kept = await theirs(at, pages, id_)
    typed = pages.form(at, kept)
    typed.wrong["revision"] = say("desk_work", "not_published")
    return await pages.shown(at, kept, typed, 409)


async def _without_source(at: At, pages: Pages[Kept], kept: Kept, typed: Typed) -> Response:
    typed.wrong["source"] = say("desk_work", "no_source")
    return await pages.shown(at, kept, typed, 422)


def by(at: At, reason: str) -> By:
    """Who enters or changes, and why: a sentence of `desk_work.j2`."""
    return {"author": at.actor, "reason": say("desk_work", reason), "now": at.now}


def confirmed(at: At) -> Confirmed:
    """Who confirms."""
    return {"confirmer": at.actor, "reason": say("desk_work", "reason_desk_published"), "now": at.now}
