"""`mingbai windows import | list | template | ics`: what staff enter for their places, from the command line."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.running import run
from bot.settings import settings
from content.library import Library, read_library
from content.local import Local
from content.places import PlaceError, Places
from content.render import say
from scheduler.calendar import local_date
from scheduler.clock import now

if TYPE_CHECKING:
    from bot.windows.rows import Checked
    from bot.windows.take import Tally
    from storage.details import Detail
    from storage.windows import Window

SHEET = click.Path(dir_okay=False, path_type=Path)


@click.group()
def windows() -> None:
    """Windows and local details of places: when and where one can apply."""


@windows.command("template")
@click.argument("file", type=SHEET)
def template_command(file: Path) -> None:
    """Write an empty spreadsheet to fill in."""
    from bot.windows.template import write_template  # noqa: PLC0415 - openpyxl is loaded only where a sheet is used

    with _writing(file):
        write_template(file, _cards(_library()))


@windows.command("import")
@click.argument("file", type=SHEET)
@click.option("--partial", is_flag=True, help="Keep the good rows even if others are wrong.")
@click.option("--draft", is_flag=True, help="Keep everything as drafts, to be confirmed by staff.")
@click.option("--by", default="operator", show_default=True, help="Id of the staff member who answers for it.")
def import_command(file: Path, by: str, *, partial: bool, draft: bool) -> None:
    """Enter the rows of a spreadsheet. Every problem is told with its cell; a second import changes, never doubles."""
    from bot.windows.examples import AUTHOR  # noqa: PLC0415 - as above
    from bot.windows.rows import check_rows  # noqa: PLC0415
    from bot.windows.sheet import SheetError, read_sheet  # noqa: PLC0415

    if by == AUTHOR:  # `serve` takes out what the demo entered
        raise click.UsageError(f"{by} is who brings the examples of the demo: give another id.")
    library = _library()
    try:
        checked = check_rows(read_sheet(file), library, Places.load(), local_date(now()))
    except SheetError as error:
        raise click.ClickException("\n".join(error.problems)) from error
    for line in (*checked.problems, *checked.notes):
        click.echo(line, err=True)
    if checked.problems and not partial:
        raise click.ClickException(say("windows", "nothing_kept", count=len(checked.problems)))
    tally = run(_keep(checked, library, by, publishing=not draft))
    click.echo(say("windows", "kept_rows", **vars(tally), left=len(checked.problems)))
    if checked.problems:
        raise SystemExit(1)


async def _keep(checked: "Checked", library: Library, by: str, *, publishing: bool) -> "Tally":
    from bot.stores import opened, trail_of  # noqa: PLC0415 - drivers are loaded only where a database is used
    from bot.windows.take import Taker  # noqa: PLC0415

    moment, trail = now(), trail_of(settings())
    async with opened(settings()) as database, database.begin() as conn:
        taker = Taker(conn, library, by, local_date(moment), moment, publishing)
        tally = await taker.take(checked.rows)
        what = f"windows:{tally.new}+{tally.changed}+{tally.cancelled}"  # entered, changed, given up
        await trail.record(conn, actor=by, verb="imported", object_id=what, now=moment)
        return tally


@windows.command("list")
@click.option("--place", default="150000", show_default=True, help="Code of the place to look at, with all below it.")
def list_command(place: str) -> None:
    """List windows, the ones that close first first, then local details; drafts, cancelled and lapsed ones too."""
    places, library = Places.load(), _library()
    for line in _listed(*run(_below(_stem(places, place))), library, places):
        click.echo(line)


async def _below(stem: str) -> "tuple[list[Window], list[Detail]]":
    from bot.stores import opened  # noqa: PLC0415 - as above
    from storage import details, windows  # noqa: PLC0415

    async with opened(settings()) as database, database.begin() as conn:
        return await windows.below(conn, [stem]), await details.below(conn, [stem])


def _listed(found: "Sequence[Window]", told: "Sequence[Detail]", library: Library, places: Places) -> Iterator[str]:
    if not (found or told):
        yield say("windows", "none_listed")
    for one in found:
        yield say("windows", "listed", id=one.id, window=one, **_named(one, library, places))
    for each in told:
        named = _named(each, library, places)
        shown = {"kind": each.kind.value, "says": each.says, "state": each.state.value, "source": each.source}
        yield say("windows", "listed_detail", on=each.lapses_on, **named, **shown)


def _named(one: "Window | Detail", library: Library, places: Places) -> dict[str, str]:
    programme = library.programmes.get(one.programme or "")
    subject = programme.short if programme else one.matter or one.programme or ""
    return {"place": "".join(each.short for each in places.path(one.place)), "subject": subject}


@windows.command("ics")
@click.argument("file", type=SHEET)
@click.option("--place", required=True, help="Code of the place whose days are wanted.")
def ics_command(file: Path, place: str) -> None:
    """Write a place's days as a calendar for a phone: its own windows and those of the levels above."""
    from bot.windows.ics import calendar_of  # noqa: PLC0415 - as above

    places, library = Places.load(), _library()
    stem = _stem(places, place)
    local = run(_local())
    with _writing(file):
        file.write_bytes(calendar_of(local.windows_at(stem), library, places, now()))


async def _local() -> Local:
    from bot.stores import opened  # noqa: PLC0415 - as above
    from bot.windows.snapshot import read_local  # noqa: PLC0415

    async with opened(settings()) as database, database.begin() as conn:
        return await read_local(conn, local_date(now()))


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    """Tell the file that was written, or in a sentence that it can't be."""
    try:
        yield
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    click.echo(str(file))


def _library() -> Library:
    own = settings().content
    return read_library(own) if own else read_library()


def _cards(library: Library) -> Iterator[tuple[str, str]]:
    for programme in library.programmes.values():
        yield library.topics[programme.topic].name, programme.short


def _stem(places: Places, code: str) -> str:
    try:
        return places.stem_of(code)
    except PlaceError as error:
        raise click.UsageError(str(error)) from error
