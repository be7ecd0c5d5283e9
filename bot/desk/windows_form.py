"""The form of a window: what staff type is read as a row of the spreadsheet is, so that both take the same days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from starlette.datastructures import FormData

from bot.desk.at import At
from bot.desk.windows_scope import code_meant
from bot.windows.rows import Row, check_rows
from bot.windows.sheet import RawRow
from content.places.place import full_code
from content.render import say
from storage.windows import Timing, Window

WORDS = ("place", "subject", "batch", "opens", "closes", "where", "bring", "source", "source_on")
MOST_TYPED = 200
"""Characters of a field that are read at all; each has its own limit beside."""


class Wrong(dict[str, str]):
    """What is wrong, by field; of the others nothing."""

    def __missing__(self, _: str) -> str:
        return ""


@dataclass
class Typed:
    """What stands in the fields, and what is wrong with which. `row` is there when nothing is."""

    values: Mapping[str, str]
    yearly: bool = False
    wrong: Wrong = field(default_factory=Wrong)
    row: Row | None = None


def empty(place: str) -> Typed:
    """A form for a place (a code, or nothing)."""
    return Typed(dict.fromkeys(WORDS, "") | {"place": place})


def read(at: At, form: FormData, of: Window | None) -> Typed:
    """Read a form; `of`, if any, a window that is there its place, thing and batch stay as they are."""
    values = {name: str(form.get(name, ""))[:MOST_TYPED].strip() for name in WORDS}
    values["place"] = full_code(of.place) if of else code_meant(at, values["place"])
    if of is not None:
        values |= {"subject": of.programme or of.matter or "", "batch": of.batch}
    typed = Typed(values, yearly=form.get("yearly") == "yes")
    cells = values | {"yearly": "是" if typed.yearly else ""}
    checked = check_rows([RawRow(1, cells, {})], at.know.library, at.places, at.today)
    typed.wrong = Wrong(checked.wrong)
    if checked.rows and checked.rows[0].times is None:  # in the sheet such a row tells details, here it is no window
        typed.wrong["closes"] = say("windows", "no_times")
    typed.row = checked.rows[0] if checked.rows and not typed.wrong else None
    return typed


def filled(window: Window, subject: str) -> Typed:
    """The form of a window as it stands."""
    values = {
        "place": full_code(window.place),
        "subject": subject,
        "batch": window.batch,
        "opens": written(window.opens_on),
        "closes": _closes(window),
        "where": window.where_to_go or "",
        "bring": window.what_to_bring or "",
        "source": window.source,
        "source_on": written(window.source_on),
    }
    return Typed(values, yearly=window.timing is Timing.YEARLY)


def written(day: date | None) -> str:
    """A day as it stands in a field: 2026年12月25日."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _closes(window: Window) -> str:
    if window.about is not None:
        return window.about
    return say("desk_work", "no_end") if window.closes_on is None else written(window.closes_on)
