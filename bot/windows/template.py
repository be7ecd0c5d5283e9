"""Write the empty spreadsheet: one sheet to fill in, one that explains it, one with the names of the cards."""

from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bot.windows.sheet import form

FILLED_IN = 500
"""Rows that are made ready for typing."""

_YES = {"yearly", "cancelled"}
_HEAD = PatternFill("solid", fgColor="DDE8DD")


def write_template(path: Path, cards: Iterable[tuple[str, str]]) -> None:
    """Write the spreadsheet to `path`; `cards` are topics with names of cards, as the third sheet lists them."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = form().sheet
    _to_fill_in(sheet)
    _explained(book.create_sheet(form().explained))
    listed = book.create_sheet(form().cards)
    listed.column_dimensions["A"].width = listed.column_dimensions["B"].width = 24
    for row in cards:
        listed.append(row)
    book.save(path)


def _to_fill_in(sheet: Worksheet) -> None:
    yes = DataValidation(type="list", formula1='"是"', allow_blank=True)
    sheet.add_data_validation(yes)
    for number, column in enumerate(form().columns, 1):
        letter = get_column_letter(number)
        head = sheet.cell(1, number, column.header)
        head.font, head.fill = Font(bold=True), _HEAD
        sheet.column_dimensions[letter].width = column.width
        if column.id in _YES:
            yes.add(f"{letter}2:{letter}{FILLED_IN}")
        for row in range(2, FILLED_IN + 1):
            sheet.cell(row, number).number_format = "@"  # text: 12.10 must not become 12.1
    sheet.freeze_panes = "C2"


def _explained(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 12, 12
    sheet.column_dimensions["C"].width, sheet.column_dimensions["D"].width = 60, 24
    for note in form().notes:
        sheet.append([note])
    sheet.append([])
    for column in form().columns:
        sheet.append([column.header, column.need, column.hint, column.example])
    for row in sheet.iter_rows(min_col=3, max_col=3):
        row[0].alignment = Alignment(wrap_text=True)
