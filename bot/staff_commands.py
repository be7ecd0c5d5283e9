"""`mingbai staff invite | link | list | revoke`, `mingbai audit verify`: staff and the trail, for the operator."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bot.running import run
from bot.settings import Settings, settings
from content.places import PlaceError, Places
from content.render import say
from scheduler.clock import now

if TYPE_CHECKING:
    from storage.audit import Verified
    from storage.staff import Staff

OPERATOR = "operator"
"""How the trail calls whoever uses the command line."""

ROLES = ("cadre", "editor", "administrator")
MOST_MINUTES = 24 * 60
MOST_PLACES, LONGEST_NAME = 20, 40


@click.group()
def staff() -> None:
    """Invite staff, list them, let them go."""


@staff.command("invite")
@click.option("--role", type=click.Choice(ROLES), required=True, help="cadre, editor or administrator.")
@click.option("--place", "codes", multiple=True, required=True, help="Code of a place; may be given several times.")
@click.option("--name", default="", help="How colleagues know them; residents never see it.")
@click.option(
    "--minutes", type=click.IntRange(1, MOST_MINUTES), default=10, show_default=True, help="How long the link works."
)
def invite(role: str, codes: tuple[str, ...], name: str, minutes: int) -> None:
    """Print a link by which one person becomes staff, once. It works for ten minutes unless said otherwise."""
    places = Places.load()
    try:
        stems = list(dict.fromkeys(places.stem_of(code) for code in codes))
    except PlaceError as error:
        raise click.UsageError(str(error)) from error
    if len(stems) > MOST_PLACES or len(name) > LONGEST_NAME:
        raise click.UsageError(f"At most {MOST_PLACES} places, and a name of at most {LONGEST_NAME} characters.")
    for stem in stems:
        click.echo("".join(one.short for one in places.path(stem)), err=True)
    run(_invite(settings(), role, stems, name, timedelta(minutes=minutes)))


async def _invite(chosen: Settings, role: str, stems: list[str], name: str, lasts: timedelta) -> None:
    from bot.stores import opened, trail_of  # noqa: PLC0415 - drivers are loaded only where a database is used
    from storage import staff as people  # noqa: PLC0415

    trail = trail_of(chosen)
    async with opened(chosen) as database, database.begin() as conn:
        token = await people.invite(
            conn,
            role=next(one for one in people.ROLES if one == role),
            places=stems,
            name=name,
            made_by=OPERATOR,
            lasts=lasts,
            now=now(),
        )
        await trail.record(conn, actor=OPERATOR, verb="invited", object_id=f"{role}:{','.join(stems)}", now=now())
    await _tell_ways_in(chosen, token)


async def _tell_ways_in(chosen: Settings, token: str) -> None:
    """Print how to join: at the desk by a link or its code; in the staff bot where there is one."""
    _tell_desk(chosen, token)
    username = await _username(chosen)
    if username:
        click.echo(f"https://t.me/{username}?start={token}")
    elif chosen.staff_token is not None:
        click.echo(f"/start {token}")
        click.echo("The staff bot can't be asked for its name: send it this line. (MINGBAI_STAFF_TOKEN)", err=True)


def _tell_desk(chosen: Settings, token: str) -> None:
    from storage.staff import code_of  # noqa: PLC0415 - as above

    address, code = chosen.public_url or f"http://{chosen.host}:{chosen.port}", code_of(token)
    click.echo(f"{address.rstrip('/')}/desk/enter#{token}")
    click.echo(f"{code[:4]} {code[4:8]} {code[8:]}")


async def _username(chosen: Settings) -> str:
    """The staff bot's name, empty where there is none or Telegram is out of reach."""
    from telegram.error import TelegramError  # noqa: PLC0415

    from bot.staff.door import client  # noqa: PLC0415

    if chosen.staff_token is None:
        return ""
    try:
        async with asyncio.timeout(10), client(chosen.staff_token.get_secret_value(), chosen.telegram_api) as bot:
            return (await bot.get_me()).username or ""
    except (TelegramError, TimeoutError):
        return ""


@staff.command("link")
@click.argument("number", type=int)
def link(number: int) -> None:
    """Print a link into the desk, and its code, for the member of staff NUMBER: ten minutes, once."""
    run(_link(settings(), number))


async def _link(chosen: Settings, number: int) -> None:
    from bot.stores import opened, trail_of  # noqa: PLC0415 - as above
    from storage import staff as people  # noqa: PLC0415

    trail, token = trail_of(chosen), ""
    async with opened(chosen) as database, database.begin() as conn:
        if await people.get(conn, number) is not None:
            token = await people.sign_in_link(conn, number, made_by=OPERATOR, now=now())
            await trail.record(conn, actor=OPERATOR, verb="sign-in link made", object_id=f"staff:{number}", now=now())
    if not token:
        raise click.ClickException(f"There is no member of staff with the number {number}.")
    _tell_desk(chosen, token)


@staff.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_command(*, as_json: bool) -> None:
    """List staff: number, role, places, name, the last day on which they did something."""
    run(_list(settings(), as_json=as_json))


async def _list(chosen: Settings, *, as_json: bool) -> None:
    from bot.stores import opened  # noqa: PLC0415 - as above
    from storage import staff as people  # noqa: PLC0415

    async with opened(chosen) as database, database.begin() as conn:
        found = await people.everyone(conn)
    if not found:
        click.echo("Nobody yet: mingbai staff invite", err=True)
    for line in _listed(found, as_json=as_json):
        click.echo(line)


def _listed(found: "list[Staff]", *, as_json: bool) -> Iterator[str]:
    places = Places.load()
    for one in found:
        if as_json:
            known = {"id": one.id, "role": one.role, "places": [places.get(stem).code for stem in one.places]}
            yield json.dumps(known | {"name": one.name, "active_on": str(one.active_on)}, ensure_ascii=False)
        else:
            names = "、".join("".join(part.short for part in places.path(stem)) for stem in one.places)
            yield f"{one.id}  {one.role}  {names}  {one.name}  {one.active_on}"


@staff.command("revoke")
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """Let the member of staff NUMBER (of `mingbai staff list`) go, at once."""
    run(_revoke(settings(), number))


async def _revoke(chosen: Settings, number: int) -> None:
    from bot.stores import opened, trail_of  # noqa: PLC0415 - as above
    from storage import staff as people  # noqa: PLC0415

    trail = trail_of(chosen)
    async with opened(chosen) as database, database.begin() as conn:
        gone = await people.revoke(conn, number, now=now())
        if gone:
            await trail.record(conn, actor=OPERATOR, verb="revoked", object_id=f"staff:{number}", now=now())
    if not gone:
        raise click.ClickException(f"There is no member of staff with the number {number}.")
    click.echo("Gone: their account, links and unfinished drafts too.")


@click.group()
def audit() -> None:
    """Look after the trail: who did what to which id."""


@audit.command("verify")
@click.option("--head", default=None, help="A head that was kept elsewhere, such as 12:9f…; else the one noted here.")
def verify(head: str | None) -> None:
    """Find a changed, missing or forked row. A clean trail's head is printed, and noted beside its key."""
    run(_verify(settings(), head))


async def _verify(chosen: Settings, written: str | None) -> None:
    from bot.stores import opened, trail_of  # noqa: PLC0415 - as above
    from storage.audit import Head  # noqa: PLC0415
    from storage.trail_files import note, noted_head  # noqa: PLC0415

    trail = trail_of(chosen)
    try:
        noted = Head.read(written) if written else noted_head(chosen.data)
    except ValueError as error:
        raise click.UsageError("A head is a number, a colon and hexadecimal digits.") from error
    async with opened(chosen) as database, database.begin() as conn:
        found = await trail.verify(conn, noted=noted)
    _tell(found)
    if found.head:
        note(chosen.data, found.head)


def _tell(found: "Verified") -> None:
    if found.faults:
        raise click.ClickException("\n".join(say("trail", one.kind, number=one.number) for one in found.faults))
    click.echo(f"{found.rows} row(s), none changed, missing or forked. Head: {found.head or 'none yet'}")
