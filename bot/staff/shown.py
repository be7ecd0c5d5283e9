"""How an entry is shown to staff: every part of it, what residents read, and who changed what when."""

from collections.abc import Iterator
from datetime import date

from bot.dialogue.windows import lines_told
from bot.staff.entry import Entry
from bot.staff.may import Deed, may
from bot.staff.said import Said, buttons
from bot.staff.there import differs, kept
from bot.staff.work import Words, Work
from bot.windows.history import days, field, named, told
from bot.windows.times import Times
from content.local import Detail, Window
from content.render import say
from scheduler.calendar import local_date
from storage import details, staff, windows
from storage.details import Kind
from storage.entries import State

MOST_REVISIONS = 20


def subject(work: Work, entry: Entry) -> str:
    """What people call the thing."""
    programme = work.know.library.programmes.get(entry.programme)
    return programme.short if programme else entry.matter or entry.programme


def place(work: Work, stem: str) -> str:
    """The place with those above it, from the banner down."""
    path = work.places.path(stem)
    return "".join(one.short for one in path[1:] or path)


async def whole(work: Work, entry: Entry) -> Words:
    """All of it, what residents would read, and what can be done."""
    changed = await differs(work, entry)
    head = say("entry", "changing") if changed and entry.id else say("entry", "preview", state=entry.state or "new")
    lines = [head, *_fields(work, entry), *(await _by(work, entry) if entry.id else [])]
    seen = list(_seen(work, entry)) if entry.source else []
    if seen and (changed or entry.state is State.PUBLISHED):
        lines += [say("entry", "shown_to_residents"), *seen]
    return [Said(text="\n".join(lines), buttons=buttons(*_ways(entry, changed=changed)))]


async def _by(work: Work, entry: Entry) -> list[str]:
    """Who entered it, and who confirmed it since."""
    names = await _names(work)
    lines = [field("entered_by", named(entry.entered_by, names))]
    return lines + ([field("confirmed_by", named(entry.confirmed_by, names))] if entry.confirmed_by else [])


async def _names(work: Work) -> dict[str, str]:
    return {f"staff:{one.id}": one.name for one in await staff.everyone(work.conn)}


def there_already(work: Work, entry: Entry) -> Words:
    """The place has this already: change that, or enter another batch."""
    ways = [(say("entry", "change_it"), f"entry-see:{entry.key}")]
    if entry.is_window:
        ways.append((say("entry", "another_batch"), "entry-batch"))
    if not may(work.who, Deed.WINDOWS, entry.place):
        ways = []
    text = "\n".join([say("entry", "there_already"), *_fields(work, entry)])
    return [Said(text=text, buttons=buttons(*ways, (say("entry", "drop_option"), "entry-drop")))]


def _fields(work: Work, entry: Entry) -> Iterator[str]:
    yield field("place", place(work, entry.place))
    yield field("subject", subject(work, entry))
    if entry.batch:
        yield field("batch", entry.batch)
    if entry.is_window and entry.times is not None:
        yield field("days", days(entry.times))
        yield field("where", entry.where)
        yield field("bring", entry.bring)
    else:
        yield field("kind", say("entry", "kinds", kind=entry.what))
        yield field("says", entry.says)
    yield field("source", entry.source)
    if entry.source_on:
        yield field("source_on", say("entry", "date", on=entry.source_on))
    if entry.until:
        yield field("until", say("entry", "date", on=entry.until))


def _ways(entry: Entry, *, changed: bool) -> Iterator[tuple[str, str]]:
    parts = ("days", "where", "bring", "source") if entry.is_window else ("says", "source", "until")
    if entry.id is None:
        yield say("entry", "publish_option" if entry.source else "draft_option"), "entry-keep"
        parts = ("subject", "place", *parts)
    elif changed:
        yield say("entry", "save_option"), "entry-keep"
    elif entry.source and entry.state is not State.PUBLISHED:
        yield say("entry", "publish_option"), "entry-keep"
    yield from ((say("entry", "change_option", part=part), f"entry-change:{part}") for part in parts)
    if entry.id is not None and entry.state is not State.CANCELLED:
        yield say("entry", "cancel_option"), "entry-cancel"
    if entry.id is not None:
        yield say("entry", "history_option"), f"entry-history:{entry.key}"
    yield say("entry", "drop_option" if entry.id is None else "leave_option"), "entry-drop"


def _seen(work: Work, entry: Entry) -> Iterator[str]:
    """What a resident of the place reads of the thing with this entry in it, beside what is published."""
    local, today = work.know.local, local_date(work.now)
    thing = (entry.programme or None, entry.matter or None)
    shown = [one for one in local.windows_at(entry.place) if (one.programme, one.matter) == thing]
    added = [one for one in local.details_at(entry.place, today) if (one.programme, one.matter) == thing]
    if entry.is_window and entry.times is not None:
        shown = [_window(entry, entry.times), *(one for one in shown if one.id != entry.id)]
    elif entry.until and entry.until >= today:
        others = [one for one in added if (one.place, one.kind) != (entry.place, entry.what)]
        added = [_detail(entry, entry.until), *others]
    yield from (line.text for line in lines_told(work.places, shown, added, today))


def _window(entry: Entry, times: Times) -> Window:
    thing = (entry.programme or None, entry.matter or None, entry.place)
    days_ = (times.opens_on, times.closes_on, times.about)
    what = (entry.where or None, entry.bring or None, entry.source or "")
    return Window(entry.id or 0, *thing, times.timing.value, *days_, *what, batch=entry.batch)


def _detail(entry: Entry, until: date) -> Detail:
    thing = (entry.programme or None, entry.matter or None, entry.place)
    return Detail(*thing, kind=Kind(entry.what).value, says=entry.says, source=entry.source or "", lapses_on=until)


async def history(work: Work, key: str) -> Words:
    """Who changed what, when and why."""
    entry = await kept(work, key)
    if entry is None or entry.id is None:
        return [Said(text=say("entry", "gone"))]
    found = await (windows if entry.is_window else details).history(work.conn, entry.id)
    return [Said(text="\n".join([subject(work, entry), *told(found, await _names(work))[-MOST_REVISIONS:]]))]
