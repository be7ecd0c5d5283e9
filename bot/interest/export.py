"""A release as a file: CSV, XLSX or JSON, each from the stored release and nothing else."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.interest.names import Names, full_code, month_name
from content.render import say
from storage.interest.releases import Kept
from storage.interest.rule import Note, Part, Release

SAID = ("always", "how_counted", "how_shown", "how_summed", "how_used")
"""The sentences that stand on every page and in every file."""

COLUMNS = ("table", "month", "code", "place", "id", "subject", "measure", "people")


@dataclass(frozen=True)
class Line:
    """A row of a table. `people` is a figure, or the words that stand where none is shown."""

    table: str
    month: str
    code: str
    place: str
    id: str
    subject: str = ""
    measure: str = ""
    people: int | str = ""


def lines(release: Release, names: Names, part: Part) -> Iterator[Line]:
    """The rows of one table: in the order of codes and ids, never of figures; then what is shown of nothing."""
    for cell in sorted(cell for cell in release.figures if cell.part is part):
        said = {"subject": names.subject(cell), "measure": say("interest", f"measure_{cell.measure}")}
        yield replace(_line(release, names, Note(*cell[:3])), people=release.figures[cell], **said)
    for note in sorted(note for note in release.withheld if note.part is part):
        yield replace(
            _line(release, names, note), subject=names.topic(note.subject), people=say("interest", "withheld")
        )
    for unit in release.units if part is Part.UNIT else ():
        note = Note(Part.UNIT, unit.id)
        if note not in release.enough | release.withheld:
            yield replace(_line(release, names, note), people=say("interest", "few"))


def _line(release: Release, names: Names, where: Note) -> Line:
    part, place, id_ = where
    table, month = say("interest", f"part_{part}"), month_name(release.month)
    return Line(table, month, full_code(place), names.place(part, place), id_)


def headers() -> list[str]:
    """What stands above the columns."""
    return [say("interest", f"column_{name}") for name in COLUMNS]


def write(kept: Kept, names: Names, file: Path) -> None:
    """Write a release; the file's ending says how. ValueError for an ending other than .csv, .xlsx and .json."""
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx, ".json": _write_json}
    if file.suffix not in writers:
        raise ValueError(f"{file.suffix or file.name}: one of {', '.join(writers)}")
    writers[file.suffix](kept, names, file)


def _tables(kept: Kept, names: Names) -> Iterator[tuple[Part, Sequence[Line]]]:
    yield from ((part, list(lines(kept.release, names, part))) for part in Part)


def _write_csv(kept: Kept, names: Names, file: Path) -> None:
    """With the mark by which Excel knows UTF-8; the sentences come first, each in a row of its own."""
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerows([say("interest", sentence)] for sentence in SAID)
        writer.writerow(headers())
        writer.writerows(vars(line).values() for _, rows in _tables(kept, names) for line in rows)


def _write_xlsx(kept: Kept, names: Names, file: Path) -> None:
    book = Workbook()
    about = book.active
    assert isinstance(about, Worksheet)  # noqa: S101 - a new book has one sheet
    about.title = say("interest", "sheet_about")
    for row in [*([say("interest", sentence)] for sentence in SAID), [month_name(kept.release.month)], [kept.digest]]:
        about.append(row)
    for part, rows in _tables(kept, names):
        sheet = book.create_sheet(say("interest", f"part_{part}"))
        sheet.append(headers())
        for line in rows:
            sheet.append(list(vars(line).values()))
    book.save(file)


def _write_json(kept: Kept, names: Names, file: Path) -> None:
    release = kept.release
    units = [vars(unit) | {"members": list(unit.members), "name": names.unit(unit)} for unit in release.units]
    whole = {
        "month": f"{release.month:%Y-%m}",
        "rule": kept.rule,
        "digest": kept.digest,
        "says": [say("interest", sentence) for sentence in SAID],
        "units": units,
        "tables": {part: [vars(line) for line in rows] for part, rows in _tables(kept, names)},
    }
    file.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")
