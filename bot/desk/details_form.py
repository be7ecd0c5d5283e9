"""The form of a local detail, read as a row of the spreadsheet is."""

from datetime import date

from starlette.datastructures import FormData

from bot.desk.at import At
from bot.desk.windows_form import MOST_TYPED, Typed, Wrong, written
from bot.desk.windows_scope import code_meant
from bot.windows.rows import COLUMNS, Row, check_rows
from bot.windows.sheet import RawRow
from bot.windows.take import told_of
from content.places.place import full_code
from content.render import say
from storage.details import Detail, Kind

WORDS = ("place", "subject", "kind", "says", "source", "source_on", "lapses_on")
KINDS = tuple((kind.value, say("desk_work", f"kind_{kind.value}")) for kind in Kind)
"""The kinds with their names, to choose from."""

MOST_SAID = 60
"""Characters that the field takes; what is too long for its kind is told by the row."""


def empty(place: str) -> Typed:
    """A form for a place (a code, or nothing)."""
    return Typed(dict.fromkeys(WORDS, "") | {"place": place, "kind": Kind.STANDARD.value})


def read(at: At, form: FormData, of: Detail | None) -> Typed:
    """Read a form; `of`, if any, a detail that is there its place, thing and kind stay as they are."""
    values = {name: str(form.get(name, ""))[:MOST_TYPED].strip() for name in WORDS}
    values["place"] = full_code(of.place) if of else code_meant(at, values["place"])
    if of is not None:
        values |= {"subject": of.programme or of.matter or "", "kind": of.kind.value}
    values["kind"] = kind_of(values["kind"]).value
    typed = Typed(values)
    checked = check_rows([RawRow(1, _cells(values), {})], at.know.library, at.places, at.today)
    typed.wrong = Wrong({_field(column, values): why for column, why in checked.wrong.items()})
    if not values["says"]:
        typed.wrong["says"] = say("desk_work", "no_says")
    typed.row = checked.rows[0] if checked.rows and not typed.wrong else None
    return typed


def filled(detail: Detail, subject: str) -> Typed:
    """The form of a detail as it stands."""
    values = {
        "place": full_code(detail.place), "subject": subject, "kind": detail.kind.value, "says": detail.says,
        "source": detail.source, "source_on": written(detail.source_on), "lapses_on": written(detail.lapses_on),
    }  # fmt: skip
    return Typed(values)


def changes(row: Row, kind: Kind, today: date) -> dict[str, object]:
    """What the form says of a detail that is there."""
    new = told_of(row, kind, today)
    return {"says": new.says, "source": new.source, "source_on": new.source_on, "lapses_on": new.lapses_on}


def kind_of(said: str) -> Kind:
    """A kind by its name; of any other word the first."""
    return Kind(said) if said in set(Kind) else Kind.STANDARD


def _cells(values: dict[str, str]) -> dict[str, object]:
    cells: dict[str, object] = {COLUMNS[kind_of(values["kind"])]: values["says"]}
    return cells | {name: values[name] for name in ("place", "subject", "source", "source_on", "lapses_on")}


def _field(column: str, values: dict[str, str]) -> str:
    """The field of the form in which a column of the sheet stands."""
    mine = column in (COLUMNS[kind_of(values["kind"])], "closes")
    return "says" if mine else column
