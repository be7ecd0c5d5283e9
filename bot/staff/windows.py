"""Windows and local details, entered and changed step by step: what is missing is asked for, then the whole is shown.

Nothing is kept before they have seen it. What residents would read stands below it, made as residents get it.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date

from bot.staff import entered, shown, there
from bot.staff.entry import Entry, Part
from bot.staff.may import Deed, may
from bot.staff.said import Said, buttons
from bot.staff.where import own, typed_place
from bot.staff.work import Words, Work
from bot.windows.cells import called, fault, seen
from bot.windows.dated import dated_source
from bot.windows.days import Unreadable, read_day
from bot.windows.times import LONGEST_ABOUT, Wrong
from bot.windows.typed import read_typed
from content.render import say
from scheduler.calendar import local_date
from storage.details import Kind
from storage.entries import LONGEST_REASON, State
from storage.windows import Timing, later

MOST_CARDS = 3
REASONS = {"keep": ("notice", "moved", "mistake"), "cancel": ("off", "mistake")}
FIXED = ("what", "programme", "matter", "place", "batch")
"""What can't be changed of an entry that is kept: it would be another one."""


async def begin(work: Work, what: str) -> Words:
    """Write a window or a detail anew; what was being written is gone."""
    return await _go_on(work, Entry(what="detail" if what == "detail" else "window"))


async def kind(work: Work, which: str) -> Words:
    """Take the kind of a detail."""
    return await _set(work, what=which) if which in set(Kind) else await _again(work)


async def heard(work: Work) -> Words:
    """Take a plain text for what was asked last."""
    entry = work.stand.entry
    if entry is None or not entry.asks:
        return [Said(text=say("entry", "nothing_written"))]
    said = seen(work.heard.text)
    match entry.asks:
        case "subject":
            return await _subject(work, entry, said)
        case "place":
            found = typed_place(work, said, Deed.WINDOWS, "entry-place")
            return await _set(work, place=found) if isinstance(found, str) else found
        case "days":
            return await _days(work, entry, said)
        case "until":
            return await _until(work, said)
        case "reason":
            return await _with_reason(work, entry, said)
        case part:
            return await _words(work, entry, part, said)


async def _words(work: Work, entry: Entry, part: Part, said: str) -> Words:
    column: str = part if part != "says" else "bring" if entry.what == "papers" else entry.what
    why = fault(column, said) if said else say("windows", "nothing_told")
    if why:
        return [Said(text=say("entry", "wrong", why=why))]
    if part != "source":
        return await _set(work, **{part: said})
    source, on = dated_source(said, local_date(work.now))
    return await _set(work, source=source, source_on=on)


async def _subject(work: Work, entry: Entry, said: str) -> Words:
    """The card of that name; else those that a resident would be shown, and the name itself."""
    why = fault("subject", said) if said else say("windows", "no_subject")
    id_ = called(work.know.library, said)
    if id_ is not None:
        return await _set(work, programme=id_, matter="", meant="")
    if why:
        return [Said(text=say("entry", "wrong", why=why))]
    work.move(entry=entry.model_copy(update={"meant": said}))
    cards = [one.programme for one in work.know.search.find(said).candidates[:MOST_CARDS]]
    ways = [(card.short, f"entry-is:{card.id}") for card in cards]
    own_name = (say("entry", "own_subject", said=said), "entry-own")
    return [Said(text=say("entry", "choose_subject", said=said), buttons=buttons(*ways, own_name))]


async def is_card(work: Work, id_: str) -> Words:
    """Take a card that was tapped."""
    known = id_ in work.know.library.programmes
    return await _set(work, programme=id_, matter="", meant="") if known else await _again(work)


async def own_name(work: Work, _: str) -> Words:
    """Take the name as it was typed."""
    meant = work.stand.entry.meant if work.stand.entry else ""
    return await _set(work, programme="", matter=meant, meant="") if meant else await _again(work)


async def place(work: Work, stem: str) -> Words:
    """Take a place that was tapped."""
    if not may(work.who, Deed.WINDOWS, stem):
        return [Said(text=say("entry", "place_unknown", said=""))]
    return await _set(work, place=stem)


async def batch(work: Work, _: str) -> Words:
    """Ask for the name of another batch of the same thing."""
    return _ask(work, work.stand.entry, "batch") if work.stand.entry else await _again(work)


async def _days(work: Work, entry: Entry, said: str) -> Words:
    today = local_date(work.now)
    try:
        times = read_typed(said, today)
    except Wrong as wrong:
        why = say("windows", wrong.why, most=LONGEST_ABOUT) if wrong.why == "too_long" else say("windows", wrong.why)
        return [Said(text=say("entry", "days_wrong", why=why))]
    past = times.timing is Timing.DATED and times.closes_on is not None and times.closes_on < today
    before = [Said(text=say("entry", "days_past"))] if past else []
    return [*before, *await _set(work, times=times)]


async def _until(work: Work, said: str) -> Words:
    today = local_date(work.now)
    try:
        until = read_day(said, today)
    except Unreadable as unreadable:
        return [Said(text=say("entry", "days_wrong", why=say("windows", unreadable.why)))]
    return await _set(work, until=until) if until >= today else [Said(text=say("entry", "until_past"))]


async def skip(work: Work, part: str) -> Words:
    """Leave a part empty."""
    entry = work.stand.entry
    if part == "source" and entry is not None and entry.state is State.PUBLISHED:
        return [Said(text=say("entry", "needs_source"))]
    if part in ("where", "bring", "source"):
        return await _set(work, **{part: ""})
    if part == "until" and entry is not None:
        return await _set(work, until=_a_year(entry, local_date(work.now)))
    return await _again(work)


def _a_year(entry: Entry, today: date) -> date:
    """A year from the day of the source; of an older one, from today: else nobody would be shown it."""
    until = later(entry.source_on or today, 1)
    return until if until >= today else later(today, 1)


async def change(work: Work, part: str) -> Words:
    """Ask for one part anew; what stands there stays until there is something else."""
    entry = work.stand.entry
    parts: tuple[Part, ...] = ("subject", "place", "days", "where", "bring", "says", "source", "until")
    wanted = next((one for one in parts if one == part), None)
    if entry is None or wanted is None or (entry.id is not None and wanted in ("subject", *FIXED)):
        return await _again(work)
    return _ask(work, entry, wanted)


async def keep(work: Work, _: str) -> Words:
    """Store it; a change of what is there already needs a reason first."""
    entry = work.stand.entry
    if entry is None or entry.missing():
        return await _again(work)
    if entry.state is None:
        return await entered.enter(work, entry)
    if entry.state is State.DRAFT and not await there.differs(work, entry):
        return await entered.keep(work, entry, say("entry", "reason", which="checked"))
    return _ask_reason(work, entry, "keep")


async def cancel(work: Work, _: str) -> Words:
    """Take back what is published; it needs a reason first."""
    entry = work.stand.entry
    return await _again(work) if entry is None or entry.id is None else _ask_reason(work, entry, "cancel")


async def reason(work: Work, which: str) -> Words:
    """Take a reason that was tapped."""
    entry = work.stand.entry
    known = entry is not None and which in REASONS.get(entry.doing, ())
    return (
        await _with_reason(work, entry, say("entry", "reason", which=which)) if entry and known else await _again(work)
    )


async def _with_reason(work: Work, entry: Entry, why: str) -> Words:
    if len(why) > LONGEST_REASON:
        return [Said(text=say("entry", "too_long", most=LONGEST_REASON))]
    if not why:
        return _ask_reason(work, entry, "cancel" if entry.doing == "cancel" else "keep")
    return await (entered.cancel if entry.doing == "cancel" else entered.keep)(work, entry, why)


def _ask_reason(work: Work, entry: Entry, doing: str) -> Words:
    work.move(entry=entry.model_copy(update={"doing": doing, "asks": "reason"}), listening="entry", ticket=None)
    ways = buttons(*((say("entry", "reason", which=one), f"entry-reason:{one}") for one in REASONS[doing]))
    return [Said(text=say("entry", "ask_reason" if doing == "keep" else "ask_why"), buttons=ways)]


async def drop(work: Work, _: str) -> Words:
    """Throw away what is being written."""
    work.move(entry=None, listening="", ticket=None)
    return [Said(text=say("entry", "dropped"))]


async def open_kept(work: Work, key: str) -> Words:
    """Show an entry that is kept, with what can be done to it."""
    entry = await there.kept(work, key)
    if entry is None:
        return [Said(text=say("entry", "gone"))]
    return await _go_on(work, entry)


TAPS: Mapping[str, Callable[[Work, str], Awaitable[Words]]] = {
    "entry": begin,
    "entry-kind": kind,
    "entry-is": is_card,
    "entry-own": own_name,
    "entry-place": place,
    "entry-batch": batch,
    "entry-skip": skip,
    "entry-change": change,
    "entry-keep": keep,
    "entry-cancel": cancel,
    "entry-reason": reason,
    "entry-on": lambda work, _: _again(work),
    "entry-drop": drop,
    "entry-see": open_kept,
    "entry-history": shown.history,
}
"""What a button does with what stands behind the colon; all of it is Deed.WINDOWS."""


async def _set(work: Work, **parts: object) -> Words:
    entry = work.stand.entry
    if entry is None or (entry.id is not None and not parts.keys().isdisjoint(FIXED)):
        return await _again(work)
    return await _go_on(work, entry.model_copy(update=parts))


async def _again(work: Work) -> Words:
    """A tap of an old message: ask again for what is missing, or say that nothing is being written."""
    entry = work.stand.entry
    return await _go_on(work, entry) if entry else [Said(text=say("entry", "nothing_written"))]


async def _go_on(work: Work, entry: Entry) -> Words:
    """Ask for the first part that is missing; show the whole when none is."""
    if not entry.place and len(own(work, "entry-place")) == 1:
        entry = entry.model_copy(update={"place": work.who.places[0]})
    entry = entry.model_copy(update={"asks": "", "doing": ""})
    work.move(entry=entry, listening="", ticket=None)
    missing = entry.missing()
    if entry.state is None and missing not in ("kind", "subject", "place"):
        already = await there.same(work, entry)
        if already is not None:
            return shown.there_already(work, already)
    if missing == "kind":
        ways = buttons(*((say("entry", "kinds", kind=one.value), f"entry-kind:{one.value}") for one in Kind))
        return [Said(text=say("entry", "ask_kind"), buttons=ways)]
    return _ask(work, entry, missing) if missing else await shown.whole(work, entry)


def _ask(work: Work, entry: Entry, part: Part) -> Words:
    work.move(entry=entry.model_copy(update={"asks": part, "doing": ""}), listening="entry", ticket=None)
    ways = own(work, "entry-place") if part == "place" else []
    if part in ("where", "bring", "source", "until") and (part, entry.state) != ("source", State.PUBLISHED):
        ways = [(say("entry", "skip", part=part), f"entry-skip:{part}")]
    ways.append((say("entry", "drop_option"), "entry-drop"))
    text = say("entry", "ask_says", kind=entry.what) if part == "says" else say("entry", f"ask_{part}")
    return [Said(text=text, buttons=buttons(*ways))]
