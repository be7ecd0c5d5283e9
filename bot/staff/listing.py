"""/windows: what the places of a member of staff have entered, each to be opened, and the way to enter more."""

from collections.abc import Sequence
from datetime import timedelta

from bot.staff import shown
from bot.staff.entry import Entry, of_detail, of_window
from bot.staff.may import Deed, may
from bot.staff.said import Said, buttons
from bot.staff.there import differs
from bot.staff.work import Words, Work
from bot.windows.history import days
from content.render import say
from scheduler.calendar import local_date
from storage import details, windows

AT_ONCE = 8

KEPT_IN_SIGHT = timedelta(days=60)
"""How long what is over stands in the list: it may be moved and held again."""


async def see(work: Work, after: str = "") -> Words:
    """Show what is entered, windows that close first first, some at a time."""
    found = await _all(work)
    first = min(int(after), len(found)) if after.isascii() and after.isdecimal() and len(after) < 9 else 0  # noqa: PLR2004
    page = found[first : first + AT_ONCE]
    head = say("entry", "list_head", count=len(found)) if found else say("entry", "list_none")
    lines = [_line(work, number, one) for number, one in enumerate(page, first + 1)]
    ways = [_way(work, number, one) for number, one in enumerate(page, first + 1)]
    if first + AT_ONCE < len(found):
        ways.append((say("entry", "more_option"), f"windows:{first + AT_ONCE}"))
    ways += [(say("entry", f"begin_{what}"), f"entry:{what}") for what in ("window", "detail")]
    return [*await _left(work), Said(text="\n".join([head, *lines]), buttons=buttons(*ways))]


async def _all(work: Work) -> Sequence[Entry]:
    stems = [stem for stem in work.who.places if may(work.who, Deed.WINDOWS, stem)]
    since = local_date(work.now) - KEPT_IN_SIGHT
    dated = [one for one in await windows.below(work.conn, stems) if one.closes_on is None or one.closes_on >= since]
    told = [one for one in await details.below(work.conn, stems) if one.lapses_on >= since]
    return [*map(of_window, dated), *map(of_detail, told)]


async def _left(work: Work) -> Words:
    """What was begun and not finished waits; what was only looked at is put away."""
    if work.stand.entry is None or not await differs(work, work.stand.entry):
        work.move(entry=None)
        return []
    ways = ((say("entry", "go_on_option"), "entry-on"), (say("entry", "drop_option"), "entry-drop"))
    return [Said(text=say("entry", "going_on"), buttons=buttons(*ways))]


def _line(work: Work, number: int, one: Entry) -> str:
    said = days(one.times) if one.times else f"{say('entry', 'kinds', kind=one.what)} {one.says}"
    name = shown.subject(work, one) + (f"（{one.batch}）" if one.batch else "")
    where = shown.place(work, one.place)
    return say("entry", "listed", number=number, place=where, subject=name, said=said, state=one.state)


def _way(work: Work, number: int, one: Entry) -> tuple[str, str]:
    label = say("entry", "listed_option", number=number, subject=shown.subject(work, one))
    return label[:40], f"entry-see:{one.key}"
