"""Keep the rows of a sheet: new ones are entered, known ones changed, none doubled; what has a source is published."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from types import ModuleType

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.windows.rows import Row
from content.library import Library
from content.render import say
from content.sensitive import filed, sounds_sensitive
from storage import details, entries, windows
from storage.details import DETAILS, Detail, Kind, Told
from storage.entries import By, Confirmed, State
from storage.windows import WINDOWS, Entered, Window, later


def filed_under(library: Library, programme: str, matter: str) -> tuple[str | None, bool]:
    """The topic of a programme, none of a thing that staff named, and whether it is sensitive."""
    return filed(library)[programme] if programme else (None, sounds_sensitive(matter))


@dataclass
class Tally:
    """What became of the entries: windows and local details, each counted once."""

    new: int = 0
    changed: int = 0
    same: int = 0
    drafts: int = 0
    cancelled: int = 0
    again: int = 0
    """Published again, after they had been cancelled."""

    untouched: int = 0
    """Published already, and so left as they are by who keeps drafts only."""


@dataclass(frozen=True)
class Taker:
    """Who brings a sheet, into which transaction, and when. `publishing`: what has a source is shown at once."""

    conn: AsyncConnection
    library: Library
    author: str
    today: date
    now: datetime
    publishing: bool

    async def take(self, rows: Iterable[Row]) -> Tally:
        """Keep all rows, or none if one fails. Two sheets at once are taken one after the other."""
        await entries.in_turn(self.conn, WINDOWS)
        await entries.in_turn(self.conn, DETAILS)
        tally = Tally()
        for row in rows:
            if row.times is not None or row.cancelled:
                await self._window(row, tally)
            for kind, says in row.details.items():
                await self._detail(row, kind, says, tally)
        return tally

    async def _window(self, row: Row, tally: Tally) -> None:
        kept = await windows.find(
            self.conn, place=row.place, programme=row.programme, matter=row.matter, batch=row.batch
        )
        if self._left(kept, tally):
            return
        if row.cancelled:
            await self._cancel(kept, tally)
        elif kept is None:
            entered = await windows.enter(self.conn, entered_of(row, self.library), **self._by("reason_entered"))
            tally.new += 1
            await self._publish(entered, tally)
        else:
            changed = await windows.change(self.conn, kept.id, changes_of(row), **self._by("reason_changed"))
            await self._changed(kept, changed, tally)

    def _left(self, kept: Window | Detail | None, tally: Tally) -> bool:
        """Whether it stays as it is: what residents are shown can't be changed as a draft."""
        shown = kept is not None and kept.state is State.PUBLISHED and not self.publishing
        tally.untouched += shown
        return shown

    async def _cancel(self, kept: Window | Detail | None, tally: Tally) -> None:
        if kept is None or kept.state is State.CANCELLED:
            tally.same += 1
            return
        await _store(kept).cancel(self.conn, kept.id, **self._by("reason_cancelled"))
        tally.cancelled += 1

    async def _changed(self, kept: Window | Detail, changed: Window | Detail, tally: Tally) -> None:
        tally.changed += changed.revision > kept.revision
        tally.same += changed.revision == kept.revision
        await self._publish(changed, tally)

    async def _publish(self, kept: Window | Detail, tally: Tally) -> None:
        if kept.state is not State.PUBLISHED and self.publishing and kept.source:
            await _store(kept).publish(self.conn, kept.id, **self._confirmed())
            tally.again += kept.state is State.CANCELLED
        elif kept.state is not State.PUBLISHED:
            tally.drafts += 1

    async def _detail(self, row: Row, kind: Kind, says: str, tally: Tally) -> None:
        kept = await details.find(self.conn, place=row.place, programme=row.programme, matter=row.matter, kind=kind)
        if self._left(kept, tally):
            return
        if row.cancelled:  # what the row tells beside its window goes with it; what it leaves empty is not touched
            await self._cancel(kept, tally)
            return
        if kept is None:
            entered = await details.enter(self.conn, told_of(row, kind, self.today), **self._by("reason_entered"))
            tally.new += 1
            await self._publish(entered, tally)
            return
        told = {"says": says, "source": row.source, "source_on": row.source_on, "lapses_on": row.lapses_on}
        given = {name: value for name, value in told.items() if value}
        if row.lapses_on is None:
            given["lapses_on"] = _lasting(kept, row, self.today)
        changed = await details.change(self.conn, kept.id, given, **self._by("reason_changed"))
        await self._changed(kept, changed, tally)

    def _by(self, reason: str) -> By:
        return {"author": self.author, "reason": say("windows", reason), "now": self.now}

    def _confirmed(self) -> Confirmed:
        return {"confirmer": self.author, "reason": say("windows", "reason_published"), "now": self.now}


def _store(kept: Window | Detail) -> ModuleType:
    """Where an entry is kept: both have the same deeds under the same names."""
    return windows if isinstance(kept, Window) else details


def entered_of(row: Row, library: Library) -> Entered:
    """The window that a row tells of, filed under the topic of its programme."""
    topic, sensitive = filed_under(library, row.programme or "", row.matter or "")
    subject = {"programme": row.programme, "matter": row.matter, "batch": row.batch}
    return Entered(place=row.place, **subject, topic=topic, sensitive=sensitive, **changes_of(row))  # type: ignore[arg-type]


def told_of(row: Row, kind: Kind, today: date) -> Told:
    """The detail of a kind that a row tells."""
    says, until = row.details[kind], lapses_on(row, today)
    return Told(row.place, kind, says, until, row.programme, row.matter, row.source, row.source_on)


def changes_of(row: Row, *, emptying: bool = False) -> dict[str, object]:
    """What a row says of a window: its days always, other cells where they are filled in, or all if `emptying`."""
    days: dict[str, object] = asdict(row.times) if row.times else {}
    given = {
        "where_to_go": row.where,
        "what_to_bring": row.bring,
        "source": row.source,
        "source_on": row.source_on,
    }
    return days | {name: value for name, value in given.items() if value or emptying}


def lapses_on(row: Row, today: date) -> date:
    """The last day on which a detail is shown: a year after its source, where nothing else is said."""
    return row.lapses_on or later(row.source_on or today, 1)


def _lasting(kept: Detail, row: Row, today: date) -> date:
    """The last day of a detail told again with 有效到 empty: as it was, unless it has lapsed or its source is another.

    Then a year is counted anew, so that what staff have just told is seen; a later day that was set stays.
    """
    anew = kept.lapses_on < today or row.source_on not in (None, kept.source_on)
    return max(kept.lapses_on, lapses_on(row, today)) if anew else kept.lapses_on
