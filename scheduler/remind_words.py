"""The words of a reminder, made on the day on which it is sent and from the facts of that moment."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from content.message import Block, Message, Option, Text
from content.places import Places
from content.render import numbered_options, say
from scheduler.calendar import local_date
from scheduler.holidays import OfficeDays
from scheduler.stages import last_day, still_helps
from storage import reminders
from storage.deliveries import Claimed
from storage.entries import State
from storage.reminders import Line
from storage.windows import Timing

RECENTLY = timedelta(days=60)
"""How long ago a window below may have closed that is still worth a word."""

IN_FULL = 3
"""More lines than this tell only the days, not where to go and what to bring."""

A_DAY = timedelta(days=1)


class Reminding:
    """Composes reminders. `library` is asked anew each time, so that content taken up meanwhile counts."""

    def __init__(self, library: Callable[[], Library], places: Places, days: OfficeDays) -> None:
        self._library, self._places, self._days = library, places, days

    async def __call__(self, conn: AsyncConnection, rows: Sequence[Claimed], now: datetime) -> Mapping[int, Message]:
        """Make the messages of these deliveries. What a delivery was to tell and tells no more is forgotten."""
        today = local_date(now)
        found = await reminders.lines(conn, [row.id for row in rows], today=today, recently=today - RECENTLY)
        told = [line for line in _newest(found) if self._is_told(line, now)]
        kept = {(line.delivery_id, line.window_id) for line in told}
        await reminders.drop(conn, {(line.delivery_id, line.window_id) for line in found} - kept)
        grouped = groupby(told, key=lambda line: line.delivery_id)
        return {delivery: self._message(list(lines), today) for delivery, lines in grouped}

    def _is_told(self, line: Line, now: datetime) -> bool:
        if not line.follows or line.planned != days_of(line):
            return False  # the next look plans what is true now
        return line.changed or still_helps(line.opens_on, line.closes_on, now, self._days)

    def _message(self, lines: Sequence[Line], today: date) -> Message:
        blocks: list[Block] = [Text(text=say("remind", "head"), strong=True)]
        for line in lines:
            blocks += self._line(line, today, in_full=len(lines) <= IN_FULL)
        blocks.append(Text(text=say("remind", "foot")))
        return Message(blocks=tuple(blocks), options=self._options(lines), by_words=True)

    def _line(self, line: Line, today: date, *, in_full: bool) -> list[Block]:
        if line.discreet:
            said = [say("remind", "discreet_changed" if line.changed else "discreet")]
            said += [say("remind", "tap")] if self._known(line) else []
            return [Text(text="".join(said))]
        said = [*sentences(line, today, self._days), *_after_below(line, today, self._days)]
        more = [Text(text=words) for words in _particulars(line)] if in_full else []
        return [Text(text=self._name(line), strong=True), Text(text="".join(said)), *more]

    def _name(self, line: Line) -> str:
        programme = self._library().programmes.get(line.programme or "")
        name = programme.short if programme else line.matter or say("remind", "something")
        return say("remind", "called", name=name, batch=line.batch, place=self._places.get(line.place).name)

    def _known(self, line: Line) -> bool:
        return (line.programme or "") in self._library().programmes

    def _options(self, lines: Sequence[Line]) -> tuple[Option, ...]:
        cards = {line.programme: self._label(line) for line in lines if line.programme and self._known(line)}
        seen = [(label, f"card:{programme}") for programme, label in cards.items()]
        return numbered_options(*seen, (say("labels", "stop"), "stop"))

    def _label(self, line: Line) -> str:
        if line.discreet:
            return say("remind", "look_discreet")
        return say("remind", "look", name=self._library().programmes[line.programme or ""].short)


def _newest(lines: Sequence[Line]) -> list[Line]:
    """Of several plans for one window in one delivery only the newest is told; they stand first."""
    first: dict[tuple[int, int], Line] = {}
    for line in lines:
        first.setdefault((line.delivery_id, line.window_id), line)
    return list(first.values())


def days_of(line: Line) -> tuple[date | None, date | None]:
    """The days of a line's window now; none where it is cancelled or awaits a notice."""
    dated = line.state == State.PUBLISHED and line.timing != Timing.AWAITING
    return (line.opens_on, line.closes_on) if dated else (None, None)


def sentences(line: Line, today: date, days: OfficeDays) -> list[str]:
    """Say a window's days as they stand on this day."""
    if line.state == State.CANCELLED:
        return [say("remind", "cancelled")]
    changed = [say("remind", "changed")] if line.changed else []
    if line.timing == Timing.AWAITING:
        return [*changed, say("remind", "awaiting")]
    if line.closes_on is not None and line.closes_on < today:
        return [*changed, say("remind", "over", on=line.closes_on)]
    return [*changed, *_opening(line, today), *_closing(line, today, days)]


def _opening(line: Line, today: date) -> list[str]:
    if line.opens_on is None or line.opens_on < today:
        return [say("remind", "open_already")]
    if line.opens_on == today:
        return [say("remind", "opens_today")]
    if line.opens_on == line.closes_on:
        return [say("remind", "one_day", on=line.opens_on)]
    return [say("remind", "will_open", on=line.opens_on)]


def _closing(line: Line, today: date, days: OfficeDays) -> list[str]:
    if line.closes_on is None:
        return [say("remind", "no_end")]
    last = last_day(line.opens_on, line.closes_on, days)
    if last < today or not days.is_open(last):
        return [say("remind", "last_on", on=line.closes_on), say("remind", "closed_throughout")]
    if last != line.closes_on:
        go = say("remind", "go_today") if last == today else say("remind", "go_by", on=last)
        return [say("remind", "last_on", on=line.closes_on), say("remind", "office_closed", on=line.closes_on), go]
    if line.opens_on == line.closes_on and today < last:
        return [say("remind", "days_left", count=(last - today).days)]
    return _countdown(last, today)


def _countdown(last: date, today: date) -> list[str]:
    if last == today:
        return [say("remind", "last_today")]
    if last == today + A_DAY:
        return [say("remind", "last_tomorrow")]
    return [say("remind", "last_on", on=last), say("remind", "days_left", count=(last - today).days)]


def _after_below(line: Line, today: date, days: OfficeDays) -> list[str]:
    """After the village's own days: where it can still be done, if it can be today."""
    if line.closed is None or line.state == State.CANCELLED or line.timing == Timing.AWAITING:
        return []
    if not days.takes_papers(line.opens_on, line.closes_on, today):
        return []
    levels = {"level": say("remind", "level", digits=len(line.closed))}
    return [
        say(
            "remind",
            "below_closed",
            **levels,
            above=say("remind", "level", digits=len(line.place)),
            office=say("remind", "office", digits=len(line.place)),
        )
    ]


def _particulars(line: Line) -> list[str]:
    if line.state == State.CANCELLED:
        return []
    where = [say("remind", "at", where=line.where_to_go)] if line.where_to_go else []
    papers = [say("remind", "with_papers", papers=line.what_to_bring)] if line.what_to_bring else []
    return [*where, *papers, *([say("remind", "source", source=line.source)] if line.source else [])]
