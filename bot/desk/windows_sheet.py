"""A spreadsheet of windows and local details at the desk: the empty one, and the import with every wrong cell.

The phone's calendar of a place is here too.
"""

import asyncio
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from fastapi import Response
from starlette.datastructures import UploadFile

from bot.desk.at import At, Here
from bot.desk.pages import page
from bot.desk.routes import Routes
from bot.desk.windows_scope import own_places
from bot.staff.may import Deed
from bot.windows.ics import MEDIA_TYPE, calendar_of
from bot.windows.rows import Checked, Row, check_rows
from bot.windows.sheet import SheetError, read_sheet
from bot.windows.take import Taker, Tally
from bot.windows.template import write_template
from content.render import say

routes = Routes()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_TOLD = 300
"""Problems that a page lists; a sheet may hold thousands."""


@dataclass
class Result:
    """What became of a sheet: `problems` name their cells; `tally` is there when something was kept."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tally: Tally | None = None

    @property
    def left_out(self) -> int:
        """Problems that the page does not list."""
        return max(0, len(self.problems) - MOST_TOLD)


@routes.get("/windows/sheet", Deed.WINDOWS)
async def sheet(at: Here) -> Response:
    """Show the form to send a spreadsheet."""
    return page(at, "windows_sheet", result=None, most=MOST_TOLD, places=own_places(at))


@routes.post("/windows/sheet", Deed.WINDOWS, "own")
async def take(at: Here) -> Response:
    """Keep the rows of a spreadsheet: all or, if wished, the good ones; rows of places that are not theirs never."""
    sent = await at.request.form()
    file = sent.get("file")
    if not isinstance(file, UploadFile) or not file.size:
        return _told(at, Result([say("desk_work", "no_file")]), status=422)
    try:
        checked = await asyncio.to_thread(_checked, at, await file.read())
    except SheetError as error:
        return _told(at, Result(list(error.problems)), status=422)
    rows, strangers = _own_rows(at, checked.rows)
    result = Result([*checked.problems, *strangers], checked.notes)
    if rows and (not result.problems or sent.get("partial") == "yes"):
        result.tally = await _keep(at, rows, publishing=sent.get("draft") != "yes")
    return _told(at, result, status=422 if result.problems else 200)


@routes.get("/windows/template.xlsx", Deed.WINDOWS)
async def template(at: Here) -> Response:
    """Give the empty spreadsheet."""
    library = at.know.library
    cards = tuple((library.topics[one.topic].name, one.short) for one in library.programmes.values())
    return _file(await asyncio.to_thread(_template, cards), XLSX, "mingbai-windows.xlsx")


@routes.get("/windows/calendar/{place}.ics", Deed.WINDOWS, "named")
async def calendar(at: Here, place: str) -> Response:
    """Give a place's days for a phone's calendar: its own, and those of the levels above it."""
    stem = at.places.stem_of(place)
    written = calendar_of(at.know.local.windows_at(stem), at.know.library, at.places, at.now)
    return _file(written, MEDIA_TYPE, f"mingbai-{place}.ics")


def _checked(at: At, held: bytes) -> Checked:
    """Read a sheet's bytes. Raises SheetError."""
    with NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(held)
        file.flush()
        return check_rows(read_sheet(Path(file.name)), at.know.library, at.places, at.today)


def _own_rows(at: At, rows: list[Row]) -> tuple[list[Row], list[str]]:
    """The rows of their own places, and what is said of the others."""
    own = [row for row in rows if at.may(Deed.WINDOWS, row.place)]
    others = [row for row in rows if not at.may(Deed.WINDOWS, row.place)]
    return own, [say("desk_work", "not_yours_in_row", row=row.number, name=at.name(row.place)) for row in others]


async def _keep(at: At, rows: list[Row], *, publishing: bool) -> Tally:
    taker = Taker(at.conn, at.know.library, at.actor, at.today, at.now, publishing)
    tally = await taker.take(rows)
    await at.record("imported", f"windows:{tally.new}+{tally.changed}+{tally.cancelled}")
    return tally


def _told(at: At, result: Result, *, status: int) -> Response:
    return page(at, "windows_sheet", status=status, result=result, most=MOST_TOLD, places=own_places(at))


@lru_cache(maxsize=1)
def _template(cards: tuple[tuple[str, str], ...]) -> bytes:
    """Made once for each state of the content: half a second."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "windows.xlsx"
        write_template(path, cards)
        return path.read_bytes()


def _file(held: bytes, media_type: str, name: str) -> Response:
    """An answer that the browser keeps as a file."""
    return Response(held, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
