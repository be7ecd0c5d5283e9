"""The windows and local details that are kept, as staff write on them."""

from bot.staff.entry import Entry, of_detail, of_window
from bot.staff.may import Deed, may
from bot.staff.work import Work
from storage import details, windows
from storage.details import Kind

LONGEST_NUMBER = 18
"""Digits: any number of so many is one that the database can hold."""


async def kept(work: Work, key: str) -> Entry | None:
    """The entry of a button's key (w12, d5), None where there is none of theirs."""
    number = key[1:]
    if not (number.isascii() and number.isdecimal()) or len(number) > LONGEST_NUMBER:
        return None
    if key[0] == "w":
        window = await windows.get(work.conn, int(number))
        return of_window(window) if window and may(work.who, Deed.WINDOWS, window.place) else None
    detail = await details.get(work.conn, int(number))
    return of_detail(detail) if detail and may(work.who, Deed.WINDOWS, detail.place) else None


async def same(work: Work, entry: Entry) -> Entry | None:
    """What the place has for the same thing already, in whatever state."""
    programme, matter = entry.programme or None, entry.matter or None
    if entry.is_window:
        window = await windows.find(work.conn, place=entry.place, programme=programme, matter=matter, batch=entry.batch)
        return of_window(window) if window else None
    kind = Kind(entry.what)
    detail = await details.find(work.conn, place=entry.place, programme=programme, matter=matter, kind=kind)
    return of_detail(detail) if detail else None


def told(entry: Entry) -> dict[str, object]:
    """What an entry says, by the columns of its table."""
    source: dict[str, object] = {"source": entry.source or "", "source_on": entry.source_on}
    if not entry.is_window or entry.times is None:
        return source | {"says": entry.says, "lapses_on": entry.until}
    days = {"timing": entry.times.timing, "opens_on": entry.times.opens_on, "closes_on": entry.times.closes_on}
    rest = {"about": entry.times.about, "where_to_go": entry.where or None, "what_to_bring": entry.bring or None}
    return source | days | rest


async def differs(work: Work, entry: Entry) -> bool:
    """Whether something else is written than what is kept."""
    there = await kept(work, entry.key) if entry.key else None
    return there is None or told(there) != told(entry)
