"""`mingbai interest close | show | audit | simulate`: interest statistics, from the command line."""

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bot.running import run
from bot.settings import settings
from content.library import Library, read_library
from content.places import PlaceError, Places
from content.render import say
from scheduler.clock import now

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.interest.releases import Kept

_Result = TypeVar("_Result")


class _Month(click.ParamType[date]):
    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", str(value))
        if found is None:
            self.fail(f"{value}: write it as 2026-11", param, ctx)
        return date(int(found[1]), int(found[2]), 1)


MONTH = click.option("--month", type=_Month(), default=None, help="Such as 2026-11; without it, see above.")


@click.group()
def interest() -> None:
    """What people asked for, by place and month, in figures that point at no one."""


@interest.command("close")
@MONTH
def close_command(month: date | None) -> None:
    """Close a month that is over (without --month: all that are due). Its marks and their key are gone afterwards."""
    from scheduler.interest import close, close_due, frame_of  # noqa: PLC0415 - scipy is loaded only where it is used
    from storage.interest.closing import NotOver  # noqa: PLC0415

    frame = frame_of(_library(), Places.load())

    async def closing() -> list[Any]:
        from bot.stores import opened  # noqa: PLC0415 - drivers are loaded only where a database is used

        async with opened(settings()) as database:
            if month is None:
                return await close_due(database, frame, now())
            return [one for one in [await close(database, month, frame, now())] if one]

    try:
        closed = run(closing())
    except NotOver as error:
        raise click.ClickException(f"{error} is not over: nothing is counted of an open period.") from error
    for one in closed:
        rows = f"rows of marks before {one.before}, after {one.after}"
        click.echo(f"{one.release.month:%Y-%m} closed: {rows}; {len(one.release.figures)} figures; {one.digest}")
    if not closed:
        click.echo("Nothing to close.")


@interest.command("show")
@MONTH
@click.option("--place", default=None, help="Code of a place: its table alone, such as 150621.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it as .csv, .xlsx or .json.")
def show_command(month: date | None, place: str | None, out: Path | None) -> None:
    """Show a release (without --month: the newest): what stands in it and nothing else."""
    from bot.interest.export import SAID, write  # noqa: PLC0415 - openpyxl is loaded only where it is used
    from bot.interest.names import Names  # noqa: PLC0415

    kept = _kept(month)
    if kept is None:
        click.echo(say("interest", "nothing_released"))
        return
    names = Names.of(kept.release, _library(), Places.load())
    if out is not None:
        try:
            write(kept, names, out)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        click.echo(str(out))
        return
    for sentence in SAID:
        click.echo(say("interest", sentence))
    _show(kept, names, place)
    click.echo(f"{kept.release.month:%Y-%m}: marks before {kept.before}, after {kept.after}; digest {kept.digest}")


def _show(kept: "Kept", names: Any, place: str | None) -> None:
    from bot.interest.export import headers, lines  # noqa: PLC0415 - as above
    from storage.interest.rule import Part  # noqa: PLC0415

    stem = _stem(names.places, place) if place else ""
    click.echo("\t".join(headers()))
    for part in Part:
        for line in lines(kept.release, names, part):
            if line.code.startswith(stem):
                click.echo("\t".join(map(str, vars(line).values())))


@interest.command("audit")
@MONTH
def audit_command(month: date | None) -> None:
    """Attack the releases (without --month: all) by subtraction and linear constraints; fails if one can be broken."""
    broken = 0
    for kept in _all_kept(month):
        broken += not _audited(kept)
    if broken:
        raise click.ClickException(f"{broken} release(s) can be broken or were changed.")


def _audited(kept: "Kept") -> bool:
    from storage.interest.audit import attack  # noqa: PLC0415 - scipy
    from storage.interest.releases import digest  # noqa: PLC0415

    found, whole = attack(kept.release, kept.frame), digest(kept.release) == kept.digest
    for cell, bounds in found.broken.items():
        click.echo(f"{'/'.join(cell)}: between {bounds.low:.1f} and {bounds.high:.1f}")
    for cell in found.leaking_sums:
        click.echo(f"{'/'.join(cell)}: is not the sum of what is shown below it")
    for league in found.impossible:
        click.echo(f"{league}: no counts at all fit these figures")
    said = "as it was released" if whole else "CHANGED since it was released"
    hidden, shown = found.looked_at, len(kept.release.figures)
    click.echo(f"{kept.release.month:%Y-%m}: {shown} figures, {hidden} hidden, {len(found.broken)} broken; {said}")
    return found.passed and whole


@interest.command("simulate")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("docs"), show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--villages", default=200, show_default=True)
@click.option("--months", default=24, show_default=True, help="At least 1.")
def simulate_command(out: Path, seed: int, villages: int, months: int) -> None:
    """Live through two years of made-up villages beside plain k-suppression; write tables and figures."""
    from bot.interest.simulation.report import report  # noqa: PLC0415 - what draws is of the development group

    for path in report(out, seed=seed, villages=villages, months=months, tell=click.echo):
        click.echo(f"{path} written")


def _kept(month: date | None) -> "Kept | None":
    found = _all_kept(month)
    return found[-1] if found else None


def _all_kept(month: date | None) -> "list[Kept]":
    from storage.interest import releases  # noqa: PLC0415 - as above

    async def read(conn: "AsyncConnection") -> "list[Kept]":
        return [await releases.read(conn, one) for one in ([month] if month else await releases.months(conn))]

    try:
        return run(_reading(read))
    except releases.NoRelease as error:
        raise click.ClickException(f"{error} is not released.") from error


async def _reading(read: Any) -> Any:
    from bot.stores import opened  # noqa: PLC0415 - as above

    async with opened(settings()) as database, database.begin() as conn:
        return await read(conn)


def _library() -> Library:
    own = settings().content
    return read_library(own) if own else read_library()


def _stem(places: Places, code: str) -> str:
    try:
        return places.stem_of(code)
    except PlaceError as error:
        raise click.UsageError(str(error)) from error
