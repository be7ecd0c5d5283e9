"""What a member of staff enters, changes, publishes or takes back: stored with author and reason, and on the trail."""

from bot.staff import shown
from bot.staff.entry import Entry
from bot.staff.may import Deed, may
from bot.staff.said import Said
from bot.staff.there import kept, told
from bot.staff.work import Words, Work
from bot.windows.take import filed_under
from content.render import say
from storage import details, windows
from storage.details import Kind, Told
from storage.entries import AlreadyThere, By, Confirmed, State, Step
from storage.windows import Entered


async def enter(work: Work, entry: Entry) -> Words:
    """Keep a new one; with a source it is published, by who entered it."""
    if not may(work.who, Deed.WINDOWS, entry.place):
        return _done(work, say("entry", "gone"))
    try:
        id_ = await _entered(work, entry)
    except AlreadyThere:
        return _done(work, say("entry", "meanwhile_there"))
    made = entry.model_copy(update={"id": id_})
    if entry.source:
        await _publish(work, made, say("entry", "reason", which="entered"))
    await _record(work, made, "published" if entry.source else "entered")
    return _done(work, say("entry", _published(entry) if entry.source else "drafted"))


async def keep(work: Work, entry: Entry, reason: str) -> Words:
    """Store a change, and publish what has a source; what somebody else changed meanwhile is shown instead."""
    there = await kept(work, entry.key)
    if there is None:
        return _done(work, say("entry", "gone"))
    if there.revision != entry.revision:
        return await _meanwhile(work, there)
    if told(there) != told(entry):
        await _change(work, entry, reason)
    elif there.state is State.PUBLISHED:
        return _done(work, say("entry", "unchanged"))
    if entry.source and there.state is not State.PUBLISHED:
        await _publish(work, entry, reason)
    await _record(work, entry, "published" if entry.source and there.state is not State.PUBLISHED else "changed")
    return _done(work, _said_of_change(entry, there))


async def cancel(work: Work, entry: Entry, reason: str) -> Words:
    """Take it back."""
    there = await kept(work, entry.key)
    if there is None or there.id is None:
        return _done(work, say("entry", "gone"))
    if there.revision != entry.revision or there.state is State.CANCELLED:
        return await _meanwhile(work, there)
    by: By = {"author": work.actor, "reason": reason, "now": work.now}
    await (windows if there.is_window else details).cancel(work.conn, there.id, **by)
    await _record(work, there, "cancelled")
    return _done(work, say("entry", "cancelled" if there.is_window else "taken_back"))


async def _entered(work: Work, entry: Entry) -> int:
    by: By = {"author": work.actor, "reason": say("entry", "reason", which="entered"), "now": work.now}
    thing = {"programme": entry.programme or None, "matter": entry.matter or None}
    if entry.is_window:
        topic, sensitive = filed_under(work.know.library, entry.programme, entry.matter)
        filed = {"topic": topic, "sensitive": sensitive, "batch": entry.batch}
        return (await windows.enter(work.conn, Entered(place=entry.place, **thing, **filed, **told(entry)), **by)).id  # type: ignore[arg-type]
    says = Told(place=entry.place, kind=Kind(entry.what), **thing, **told(entry))  # type: ignore[arg-type]
    return (await details.enter(work.conn, says, **by)).id


async def _change(work: Work, entry: Entry, reason: str) -> None:
    by: By = {"author": work.actor, "reason": reason, "now": work.now}
    await (windows if entry.is_window else details).change(work.conn, entry.id or 0, told(entry), **by)


async def _publish(work: Work, entry: Entry, reason: str) -> None:
    by: Confirmed = {"confirmer": work.actor, "reason": reason, "now": work.now}
    await (windows if entry.is_window else details).publish(work.conn, entry.id or 0, **by)


def _said_of_change(entry: Entry, there: Entry) -> str:
    if not entry.source:
        return say("entry", "drafted")
    if there.state is not State.PUBLISHED:
        return say("entry", _published(entry))
    return say("entry", "changed" if entry.times != there.times else "saved")


def _published(entry: Entry) -> str:
    return "published" if entry.is_window else "published_detail"


async def _meanwhile(work: Work, there: Entry) -> Words:
    work.move(entry=there, listening="", ticket=None)
    return [Said(text=say("entry", "meanwhile")), *await shown.whole(work, there)]


def _done(work: Work, said: str) -> Words:
    work.move(entry=None, listening="", ticket=None)
    return [Said(text=said)]


async def _record(work: Work, entry: Entry, step: Step) -> None:
    what = "window" if entry.is_window else "detail"
    await work.record(f"{what} {step}", f"{what}:{entry.id}")
