"""`mingbai db …`: bringing the tables up to date, backups, restoring them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.running import run
from bot.settings import Settings, settings
from scheduler.calendar import LOCAL
from scheduler.clock import now

if TYPE_CHECKING:
    from storage.database import Database

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def db() -> None:
    """Keep the database."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Bring the tables to those of this version; changes nothing if they are there."""
    run(_upgrade(settings()))
    click.echo("The tables are up to date.")


async def _upgrade(chosen: Settings) -> None:
    from scheduler.engine import prepare  # noqa: PLC0415 - drivers are loaded only where a database is used
    from storage.schema import upgrade  # noqa: PLC0415

    async with _opened_as_it_is(chosen) as database:
        await asyncio.to_thread(upgrade, database.url)
        await asyncio.to_thread(prepare, database.url)


@db.command("backup")
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Write a backup to FILE, while the service runs, and the newest list of erasures beside it.

    Without interest marks and their keys, tokens, links, sessions and talks. Keep the trail's key elsewhere.
    """
    run(_backup(settings(), file))


async def _backup(chosen: Settings, file: Path) -> None:
    from bot.stores import erasures_of, opened  # noqa: PLC0415 - as above
    from storage.backup import LIST, back_up  # noqa: PLC0415

    async with opened(chosen) as database:
        taken = await back_up(database, file, erasures=erasures_of(chosen), now=now())
    click.echo(f"{taken.file}: {taken.size:,} bytes. Beside it: {LIST}, {taken.listed} entries.")


@db.command("erasures")
@click.argument("file", type=FILE)
def erasures(file: Path) -> None:
    """Write to FILE who asked to be forgotten, as keyed digests: a restore needs the newest list."""
    run(_erasures(settings(), file))


async def _erasures(chosen: Settings, file: Path) -> None:
    from bot.stores import erasures_of, opened  # noqa: PLC0415 - as above
    from storage.backup import write_list  # noqa: PLC0415

    async with opened(chosen) as database:
        listed = await write_list(database, file, erasures=erasures_of(chosen), now=now())
    click.echo(f"{file}: {listed} entries.")


@db.command("restore")
@click.argument("file", type=FILE)
@click.option("--erasures", "list_", type=FILE, help="The newest list of erasures; else the one beside FILE.")
@click.option("--nothing-sent-since", is_flag=True, help="The service was stopped before the backup, and is still.")
def restore(file: Path, list_: Path | None, *, nothing_sent_since: bool) -> None:
    """Restore FILE into an empty database, erasing who asked for it since, before anything is served.

    What waited to be sent may have been sent since the backup: it is not sent, except what is urgent.
    """
    run(_restore(settings(), file, list_, sent=not nothing_sent_since))


async def _restore(chosen: Settings, file: Path, list_: Path | None, *, sent: bool) -> None:
    from bot.stores import erasures_of, trail_of  # noqa: PLC0415 - as above
    from storage.backup import restored  # noqa: PLC0415

    noted, trail = erasures_of(chosen), trail_of(chosen)
    async with _opened_as_it_is(chosen) as database:
        async with restored(database, file, list_=list_, erasures=noted, trail=trail, now=now(), sent=sent) as done:
            if sent:
                await _plan_reminders(chosen, database)
        click.echo(f"Restored as of {_local(done.taken_at)}; {done.again} thing(s) taken back again.")
        click.echo(f"The list of erasures goes until {_local(done.list_until)}: who erased themselves later is back.")
        click.echo("Whoever was let go from staff since is back too: mingbai staff list")


async def _plan_reminders(chosen: Settings, database: "Database") -> None:
    """Plan what is due now, so that it counts among what may have been sent: none of it comes twice."""
    from scheduler.holidays import office_days  # noqa: PLC0415 - as above
    from scheduler.reminders import look  # noqa: PLC0415

    await look(database, now(), days=office_days(), ahead=chosen.reminded_before)


@asynccontextmanager
async def _opened_as_it_is(chosen: Settings) -> "AsyncIterator[Database]":
    """The database, whatever tables it has."""
    from storage.database import Database  # noqa: PLC0415 - as above

    database = await Database.open(chosen.outside, chosen.data)
    try:
        yield database
    finally:
        await database.close()


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%Y-%m-%d %H:%M}"
