"""`mingbai trial …`: who may be written to unasked before the service opens."""

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bot.running import run
from bot.settings import Settings, settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

JUST_NOW = timedelta(minutes=5)

ALONE = (
    "{found} residents wrote to the bot in the last five minutes, where one is wanted."
    " Let the guest alone write to it, and say this again."
)


@click.group()
def trial() -> None:
    """Say who may be written to unasked while the installation is in trial (MINGBAI_TRIAL)."""


@trial.command("invite")
@click.argument("channel")
@click.argument("address", required=False)
def invite(channel: str, address: str | None) -> None:
    """Make a guest of the resident at ADDRESS of CHANNEL, who must have written to the bot before.

    Without ADDRESS, of the only one who wrote to the bot on CHANNEL in the last five minutes: nobody shows an address.
    """
    run(_guest(settings(), channel, address, guest=True))


@trial.command("dismiss")
@click.argument("channel")
@click.argument("address", required=False)
def dismiss(channel: str, address: str | None) -> None:
    """Make a guest an ordinary resident again; without ADDRESS, as `invite`."""
    run(_guest(settings(), channel, address, guest=False))


async def _guest(chosen: Settings, channel: str, address: str | None, *, guest: bool) -> None:
    from bot.stores import opened  # noqa: PLC0415 - drivers are loaded only where a database is used
    from storage import residents  # noqa: PLC0415

    async with opened(chosen) as database, database.begin() as conn:
        address = address or await _writing_now(conn, channel)
        found = await residents.set_guest(conn, channel=channel, address=address, guest=guest)
    if not found:
        raise click.ClickException("Nobody at this address ever wrote to the bot.")
    click.echo(f"{found} resident(s) changed.")


async def _writing_now(conn: "AsyncConnection", channel: str) -> str:
    """Return the address of the one who writes now. ClickException where that is nobody, or several."""
    from scheduler.clock import now  # noqa: PLC0415 - as above
    from storage import residents  # noqa: PLC0415

    wrote = await residents.wrote_since(conn, channel=channel, since=now() - JUST_NOW)
    if len(wrote) != 1:
        raise click.ClickException(ALONE.format(found=len(wrote)))
    return wrote[0]
