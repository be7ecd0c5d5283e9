"""Open a spreadsheet of windows and hand out its rows, whatever state the file is in."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

import content
from bot.windows.days import plain
from content.render import say

MOST_ROWS = 5_000
MOST_BYTES = 40_000_000
"""What a file may hold when unpacked: a small file can be packed to fill any memory."""

HEADER_ROWS = 10
NEEDED = ("place", "subject")


@dataclass(frozen=True)
class Column:
    """One column of the sheet, as content/windows_sheet.yaml has it."""

    id: str
    header: str
    need: str
    width: int
    hint: str
    example: str


@dataclass(frozen=True)
class Form:
    """The whole form: the names of its sheets, its columns in order, notes for those who fill it in."""

    sheet: str
    explained: str
    cards: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...]

    def header(self, id_: str) -> str:
        """What a column is called."""
        return next(column.header for column in self.columns if column.id == id_)


@dataclass(frozen=True)
class RawRow:
    """A row that holds something: cells by column, and the letters of their columns."""

    number: int
    cells: Mapping[str, object]
    letters: Mapping[str, str]

    def address(self, column: str) -> str:
        """Where a cell stands: E5; of a column that the sheet leaves out, the row's first."""
        return f"{self.letters.get(column, 'A')}{self.number}"


class SheetError(ValueError):
    """The file as a whole can't be used; `problems` are sentences that say why and what to do."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@cache
def form() -> Form:
    """Read the form."""
    path = Path(content.__file__).parent / "windows_sheet.yaml"
    read: dict[str, Any] = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    columns = tuple(Column(**column) for column in read.pop("columns"))
    return Form(columns=columns, notes=tuple(read.pop("notes")), **read)


def read_sheet(path: Path) -> list[RawRow]:
    """Read every row that is not empty. Raises SheetError."""
    rows = list(islice(_cells(path), MOST_ROWS + 2))
    if len(rows) > MOST_ROWS + 1:
        raise SheetError(say("windows", "too_big", most=MOST_ROWS))
    at = next((at for at, row in enumerate(rows[:HEADER_ROWS]) if _is_header(row)), None)
    if at is None:
        raise SheetError(say("windows", "no_headers", headers=[form().header(id_) for id_ in NEEDED]))
    columns = _columns(rows[at])
    letters = {id_: get_column_letter(place + 1) for place, id_ in columns.items()}
    found = [
        RawRow(number, {id_: row[place] for place, id_ in columns.items() if place < len(row)}, letters)
        for number, row in enumerate(rows[at + 1 :], at + 2)
    ]
    filled = [row for row in found if any(value not in (None, "") for value in row.cells.values())]
    if not filled:
        raise SheetError(say("windows", "empty_sheet"))
    return filled


def _cells(path: Path) -> Iterator[Sequence[object]]:
    """Hand out the first sheet's rows. A damaged file may break openpyxl anywhere and in any way."""
    try:
        with path.open("rb") as opened:
            _unpacks_to_little(opened)
            book = load_workbook(opened, read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its own size may be wrong
            width = 4 * len(form().columns)
            for row in sheet.iter_rows(max_row=MOST_ROWS + HEADER_ROWS, max_col=width):
                yield [_value(cell) for cell in row]
    except OSError as error:
        raise SheetError(say("windows", "no_file", path=path.name)) from error
    except SheetError:
        raise
    except Exception as error:  # openpyxl raises what its parsers do: KeyError, ParseError, zlib.error, …
        raise SheetError(say("windows", "not_a_sheet", path=path.name)) from error


def _value(cell: Any) -> object:
    """What a cell holds; a share as people see it: 30% typed into a cell is kept as 0.3."""
    value: object = cell.value
    is_share = isinstance(value, int | float) and "%" in cell.number_format
    return f"{value * 100:.10g}%" if is_share else value  # type: ignore[operator]


def _unpacks_to_little(opened: Any) -> None:
    with zipfile.ZipFile(opened) as packed:
        if sum(one.file_size for one in packed.infolist()) > MOST_BYTES:
            raise SheetError(say("windows", "too_big", most=MOST_ROWS))


def _is_header(row: Sequence[object]) -> bool:
    said = {plain(str(cell)) for cell in row if cell}
    return all(form().header(id_) in said for id_ in NEEDED)


def _columns(header: Sequence[object]) -> dict[int, str]:
    """Which column stands where. A header that nobody knows is an error: what stands below it would be lost unseen."""
    known = {column.header: column.id for column in form().columns}
    said = {place: plain(str(cell)) for place, cell in enumerate(header) if cell is not None and str(cell).strip()}
    problems = [
        say("windows", "unknown_header", said=name[:20], headers=list(known))
        for name in said.values()
        if name not in known
    ]
    twice = {name for name in said.values() if list(said.values()).count(name) > 1}
    problems += [say("windows", "twice_header", said=name[:20]) for name in sorted(twice)]
    if problems:
        raise SheetError(*problems)
    return {place: known[name] for place, name in said.items()}
