"""Days of windows as a calendar for a phone (RFC 5545): it reminds by itself, where no channel may speak first."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from bot.dialogue.windows import level_word
from content.library import Library
from content.local import Window
from content.places import Places
from content.render import say
from scheduler.calendar import local_date
from scheduler.holidays import office_days

MEDIA_TYPE = "text/calendar; charset=utf-8"
LONGEST_LINE = 75  # octets
ALARMS = ("-P6DT15H", "-PT15H", "PT8H")
"""Before the last day begins at midnight: at 9 in the morning 7 days and 1 day ahead, and at 8 on the day itself."""


def calendar_of(windows: Iterable[Window], library: Library, places: Places, now: datetime) -> bytes:
    """Write the days that lie ahead; with none of them the calendar is empty."""
    today = local_date(now)
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    events = [line for one in windows for line in _events(one, library, places, today, stamp)]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//mingbai//windows//ZH", "METHOD:PUBLISH"]
    head += [f"X-WR-CALNAME:{_text(say('windows', 'calendar_name'))}"]
    return "".join(f"{_folded(line)}\r\n" for line in (*head, *events, "END:VCALENDAR")).encode()


def _first(window: Window, today: date) -> date | None:
    return window.opens_on if window.opens_on and window.opens_on > today else None


def _last(window: Window, today: date) -> date | None:
    """The day to be there at the latest: the last one, or the last before it on which the office is open."""
    if window.closes_on is None or window.closes_on < today:
        return None
    open_day = office_days().last_open(window.closes_on)
    return open_day if open_day >= max(today, window.opens_on or today) else window.closes_on


def _events(window: Window, library: Library, places: Places, today: date, stamp: str) -> Iterator[str]:
    programme = library.programmes.get(window.programme or "")
    named = {
        "subject": _subject(window, programme.short if programme else window.matter or window.programme or ""),
        "level": level_word(places, window.place),
    }
    told = say("windows", "calendar_told", window=window, today=today)
    first, last = _first(window, today), _last(window, today)
    if first and first != last:
        said = say("windows", "calendar_opens", on=first, **named)
        yield from _event(f"{window.id}-opens", first, said, told, stamp, alarms=ALARMS[-1:])
    if last:
        said = say("windows", "calendar_closes", on=last, **named)
        yield from _event(f"{window.id}-closes", last, said, told, stamp, alarms=ALARMS)


def _subject(window: Window, name: str) -> str:
    return say("windows", "subject_in_batch", name=name, batch=window.batch) if window.batch else name


def _event(uid: str, day: date, said: str, told: str, stamp: str, *, alarms: Sequence[str]) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:window-{uid}@mingbai", f"DTSTAMP:{stamp}")
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield from (f"SUMMARY:{_text(said)}", f"DESCRIPTION:{_text(told)}", "TRANSP:TRANSPARENT")
    for trigger in alarms:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(said)}", f"TRIGGER:{trigger}", "END:VALARM")
    yield "END:VEVENT"


def _text(said: str) -> str:
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        said = said.replace(sign, written)
    return said


def _folded(line: str) -> str:
    """Break a line at 75 octets, between characters; what follows begins with a space."""
    parts, size = [""], 0
    for character in line:
        octets = len(character.encode())
        if size + octets > LONGEST_LINE:
            parts, size = [*parts, ""], 1
        parts[-1] += character
        size += octets
    return "\r\n ".join(parts)
