"""Make records of a sheet's rows, or say what is wrong in which cell: all of it at once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.windows.cells import LONGEST, called, fault, is_broken, is_private, seen
from bot.windows.days import Unreadable, plain, read_day
from bot.windows.sheet import RawRow, form
from bot.windows.times import LONGEST_ABOUT, Times, Wrong, read_times
from content.library import Library
from content.places import PlaceError, Places
from content.render import say
from content.search.fold import fold
from storage.details import Kind
from storage.windows import Timing, later

_YES = {"是", "√", "y", "yes", "1", "对", "要"}
_NO = {"", "否", "不", "n", "no", "0"}
COLUMNS = {
    Kind.STANDARD: "standard", Kind.WHERE: "where", Kind.PHONE: "phone", Kind.PAPERS: "bring", Kind.QUOTA: "quota",
}  # fmt: skip
"""The column in which each kind of detail stands."""

_COMMITTEE = re.compile(r"(村|嘎查|社区)(村|嘎查)?[村居]?民?委(员)?会$")
"""What staff write after a village's name: 白柜村村委会, 白柜村民委员会."""


@dataclass(frozen=True)
class Row:
    """One row that can be kept. `times` is None for one that tells local details only."""

    number: int
    place: str
    programme: str | None
    matter: str | None
    batch: str
    times: Times | None
    where: str | None
    bring: str | None
    details: Mapping[Kind, str]
    source: str
    source_on: date | None
    lapses_on: date | None
    cancelled: bool

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two rows the same."""
        return self.place, self.programme, self.matter, self.batch


@dataclass
class Checked:
    """Rows that can be kept, what is wrong with the others, and what a person should look at."""

    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    """What is wrong by its column, for a form that is one row."""


def check_rows(raw: Iterable[RawRow], library: Library, places: Places, today: date) -> Checked:
    """Check every row and every cell; what is wrong names its cell."""
    checked = Checked()
    seen: dict[tuple[object, ...], int] = {}
    told: dict[tuple[object, ...], tuple[int, str]] = {}
    for one in raw:
        reader = _Reader(one, library, places, today)
        row = reader.row()
        if row is not None and row.key in seen:
            reader.wrong("subject", say("windows", "same_row", row=seen[row.key]))
            row = None
        row = reader.once(row, told) if row is not None else None
        checked.problems += reader.problems
        checked.wrong |= reader.by_column
        if row is not None:
            seen[row.key] = row.number
            checked.rows.append(row)
            checked.notes += reader.notes
    return checked


class _Reader:
    """Reads one row; goes on after a wrong cell, so that all are told together."""

    def __init__(self, raw: RawRow, library: Library, places: Places, today: date) -> None:
        self.raw, self.library, self.places, self.today = raw, library, places, today
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.by_column: dict[str, str] = {}

    def row(self) -> Row | None:
        """The row's record, None where a cell is wrong."""
        place, (programme, matter) = self._place(), self._subject()
        texts = {name: self._text(name) for name in LONGEST if name != "subject"}
        times, cancelled = self._times(), self._yes("cancelled")
        days = {name: self._day(name) for name in ("source_on", "lapses_on")}
        if days["source_on"] is not None and days["source_on"] > self.today:
            self.wrong("source_on", say("windows", "source_ahead"))
        details = self._details(texts, window=times is not None)
        if details:
            self._lapse(days)
        if not (details or cancelled or self._words("opens") or self._words("closes")):
            self.wrong("closes", say("windows", "nothing_told"))
        if self.problems:
            return None
        where, bring = (texts["where"] or None, texts["bring"] or None) if times else (None, None)
        batch, source = texts["batch"], texts["source"]
        return Row(
            self.raw.number, place, programme, matter, batch, times, where, bring, details, source,
            days["source_on"], days["lapses_on"], cancelled,
        )  # fmt: skip

    def once(self, row: Row, told: dict[tuple[object, ...], tuple[int, str]]) -> Row | None:
        """The row, None where another tells otherwise: batches of one thing share its details."""
        for kind, says in row.details.items():
            number, other = told.setdefault((row.place, row.programme, row.matter, kind), (row.number, says))
            if other != says:
                self.wrong(COLUMNS[kind], say("windows", "same_detail", row=number))
        return None if self.problems else row

    def wrong(self, column: str, why: str) -> None:
        """Note what is wrong with a cell."""
        header = form().header(column)
        address = self.raw.address(column)
        self.problems.append(say("windows", "bad_cell", address=address, header=header, row=self.raw.number, why=why))
        self.by_column.setdefault(column, why)

    def _words(self, column: str) -> str:
        """A cell as words. A number that is whole is written without its ".0"; a day as people write it."""
        cell = self.raw.cells.get(column)
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        if isinstance(cell, date):
            cell = f"{cell.year}年{cell.month}月{cell.day}日"
        return seen(str(cell)) if cell is not None else ""

    def _text(self, column: str) -> str:
        said = self._words(column)
        why = fault(column, said)
        if why:
            self.wrong(column, why)
        return said

    def _place(self) -> str:
        said = plain(self._words("place"))
        try:
            if not said:
                self.wrong("place", say("windows", "no_place"))
                return ""
            if said.isascii():
                return self.places.stem_of(said)
            return self._named(said)
        except PlaceError:
            self.wrong("place", say("windows", "unknown_place", said=said[:20]))
            return ""

    def _named(self, said: str) -> str:
        """The one place of a name. Nothing of the name may be left over, or a village unknown becomes its township."""
        said = said if self._all_of(said) else _COMMITTEE.sub(r"\1", said)
        found = self.places.find(said)
        if len(found) > 1:
            named = ["".join(each.short for each in self.places.path(one.stem)) for one in found[:4]]
            self.wrong("place", say("windows", "several_places", said=said[:20], places=named))
            return ""
        if not found or not self._all_of(said):
            raise PlaceError(said)
        return found[0].stem

    def _all_of(self, said: str) -> bool:
        mentions = self.places.mentions(said)
        return sum(one.end - one.start for one in mentions) == len(said)

    def _subject(self) -> tuple[str | None, str | None]:
        """A programme's id, or the staff's own name for a thing."""
        said = self._text("subject") if "subject" in self.raw.cells else ""
        if not said:
            self.wrong("subject", say("windows", "no_subject"))
            return None, None
        programme = called(self.library, said)
        if programme:
            return programme, None
        near = [one.short for one in self.library.programmes.values() if said in one.name or one.short in said][:3]
        self.notes.append(say("windows", "own_matter", address=self.raw.address("subject"), said=said, near=near))
        return None, said

    def _times(self) -> Times | None:
        try:
            times = read_times(self.raw.cells, self.today, yearly=self._yes("yearly"))
            if times and is_private(times.about or ""):
                raise Wrong("closes", "private_phone")
            if times and times.timing is Timing.DATED and times.closes_on and times.closes_on < self.today:
                self._note("closes", "past_already")
            return times
        except Wrong as wrong:
            said = self._words(wrong.column)
            broken = is_broken(said)
            why = say("windows", "broken_cell", said=said) if broken else _why(wrong.why)
            self.wrong(wrong.column, why)
            return None

    def _yes(self, column: str) -> bool:
        said = fold(self._words(column)).strip()
        if said not in _YES | _NO:
            self.wrong(column, say("windows", "yes_or_empty"))
        return said in _YES

    def _day(self, column: str) -> date | None:
        cell = self.raw.cells.get(column)
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return None
        try:
            return read_day(cell, self.today)
        except Unreadable as unreadable:
            self.wrong(column, _why(unreadable.why))
            return None

    def _lapse(self, days: Mapping[str, date | None]) -> None:
        """What is more than a year old needs a day until which it holds, or nobody would ever be shown it."""
        said, source_on = days["lapses_on"], days["source_on"]
        if said is None and source_on is not None and later(source_on, 1) < self.today:
            self.wrong("lapses_on", say("windows", "lapsed_source"))
        elif said is not None and said < self.today:
            self._note("lapses_on", "lapsed_already")

    def _note(self, column: str, what: str) -> None:
        header, address = form().header(column), self.raw.address(column)
        why = say("windows", what)
        self.notes.append(say("windows", "bad_cell", address=address, header=header, row=self.raw.number, why=why))

    def _details(self, texts: Mapping[str, str], *, window: bool) -> dict[Kind, str]:
        """What the row tells beside its window. Where to go and what to bring belong to a window that there is."""
        told = {Kind.STANDARD: texts["standard"], Kind.PHONE: texts["phone"], Kind.QUOTA: texts["quota"]}
        if not window:
            told |= {Kind.WHERE: texts["where"], Kind.PAPERS: texts["bring"]}
        return {kind: said for kind, said in told.items() if said}


def _why(name: str) -> str:
    return say("windows", name, most=LONGEST_ABOUT) if name == "too_long" else say("windows", name)
