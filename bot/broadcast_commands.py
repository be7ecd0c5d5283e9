"""`mingbai broadcast list | show | watch | stop | resume | paper`: notices on their way, for the operator.

Approving is for staff, at the desk or with the staff bot: whoever has a shell here is nobody whose scope is known. To
stop one must be possible to anybody who sees it go wrong.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

import click

from bot.running import run
from bot.settings import settings
from content.places import Places
from content.render import say
from scheduler.clock import now

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.broadcasts import Broadcast
    from storage.database import Database

OPERATOR = "operator"


class _WithPaper(click.Group):
    """Loads what prints only where something is printed, which takes seconds."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), "paper"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name != "paper":
            return super().get_command(ctx, cmd_name)
        from bot.notices.commands import paper  # noqa: PLC0415

        return paper


@click.group(cls=_WithPaper)
def broadcast() -> None:
    """See notices on their way; stop one."""


@broadcast.command("list")
@click.option("--most", default=30, show_default=True, type=click.IntRange(1, 1000), help="How many, newest first.")
def list_command(most: int) -> None:
    """List notices that were submitted, newest first."""

    async def listing(database: "Database") -> None:
        from bot.broadcasts.shown import listed  # noqa: PLC0415 - drivers are loaded only where a database is used
        from storage import broadcasts  # noqa: PLC0415

        async with database.begin() as conn:
            found = await broadcasts.listed(conn, limit=most)
        for one in found:
            click.echo(listed(one))
        if not found:
            click.echo(say("broadcast", "none_listed"))

    _with_database(listing)


@broadcast.command("show")
@click.argument("number")
def show(number: str) -> None:
    """Show a notice and what became of it so far, by channel and place."""

    async def showing(database: "Database") -> None:
        from bot.broadcasts import shown  # noqa: PLC0415 - as above
        from bot.broadcasts.composing import corrects  # noqa: PLC0415
        from content.library import read_library  # noqa: PLC0415
        from storage import broadcasts  # noqa: PLC0415

        places = Places.load()
        async with database.begin() as conn:
            one = await _found(conn, number)
            first = await corrects(conn, one.corrects)
            published = await broadcasts.by_number(conn, one.number)
            progress = await broadcasts.progress(conn, one.id, now=now())
            counts = await broadcasts.by_place(conn, one)
        corrected_by = (published and published.corrected_by) or ""
        lines = (
            *shown.shown(one, places, read_library(), corrects=first, corrected_by=corrected_by),
            *shown.progressed(progress),
            *shown.by_place(counts, places),
        )
        click.echo("\n".join(lines))

    _with_database(showing)


@broadcast.command("watch")
@click.argument("number")
@click.option("--every", default=2.0, show_default=True, type=click.FloatRange(0.2, 60), help="Seconds between looks.")
def watch(number: str, every: float) -> None:
    """Watch a notice being sent until all of it was tried. Ctrl-C ends the watching, not the sending."""

    async def watching(database: "Database") -> None:
        said = ""
        while True:
            line, out = await _line(database, number)
            if line != said:
                click.echo(f"\r\x1b[K{line}" if sys.stdout.isatty() else line, nl=not sys.stdout.isatty())
            if out:
                click.echo(("\n" if sys.stdout.isatty() else "") + say("broadcast", "finished"))
                return
            said = line
            await asyncio.sleep(every)

    _with_database(watching)


async def _line(database: "Database", number: str) -> tuple[str, bool]:
    """How far it is in one line, and whether all of it was tried."""
    from bot.broadcasts import shown  # noqa: PLC0415 - as above
    from storage import broadcasts  # noqa: PLC0415

    async with database.begin() as conn:
        one = await _found(conn, number)
        progress = await broadcasts.progress(conn, one.id, now=now())
    state = say("broadcast", "state", state=one.state.value)
    lines = [state, *(line for line in shown.progressed(progress) if one.untold or progress.counts or progress.waiting)]
    return "　".join(dict.fromkeys(lines)), one.out_at is not None


@broadcast.command("stop")
@click.argument("number")
def stop(number: str) -> None:
    """Stop a notice: nothing more of it is sent until it is resumed."""
    _deed("stopped", number)


@broadcast.command("resume")
@click.argument("number")
def resume(number: str) -> None:
    """Let a stopped notice go on. What expired meanwhile stays unsent."""
    _deed("resumed", number)


def _deed(verb: str, number: str) -> None:
    async def doing(database: "Database") -> None:
        from bot.broadcasts.deeds import sentence  # noqa: PLC0415
        from bot.stores import trail_of  # noqa: PLC0415 - as above
        from storage import broadcasts  # noqa: PLC0415

        act = {"stopped": broadcasts.stop, "resumed": broadcasts.resume}[verb]
        trail, at = trail_of(settings()), now()
        async with database.begin() as conn:
            one = await _found(conn, number)
            try:
                await act(conn, one.id, now=at)
            except broadcasts.NotPossible as error:
                raise click.ClickException(sentence(error)) from None
            await trail.record(conn, actor=OPERATOR, verb=verb, object_id=f"notice:{one.number}", now=at)
        click.echo(say("broadcast", f"now_{verb}", number=one.number))

    _with_database(doing)


async def _found(conn: "AsyncConnection", number: str) -> "Broadcast":
    from storage import broadcasts  # noqa: PLC0415 - as above

    one = await broadcasts.find(conn, number.strip().upper())
    if one is None:
        raise click.ClickException(say("broadcast", "not_unknown"))
    return one


def _with_database(work: Callable[["Database"], Awaitable[None]]) -> None:
    async def working() -> None:
        from bot.stores import opened  # noqa: PLC0415 - as above

        async with opened(settings()) as database:
            await work(database)

    done: Coroutine[Any, Any, None] = working()
    run(done)
