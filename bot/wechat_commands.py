"""`mingbai wechat …`: the menu, the codes on posters, the monthly mass sends of the official account."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

import click

from bot.broadcasts.mass import of_broadcast
from bot.channels.wechat import mass as sends
from bot.channels.wechat.account import Account
from bot.channels.wechat.api import Api, Failed, Rejected
from bot.channels.wechat.asking import scene_action
from bot.channels.wechat.mass import NotPlanned
from bot.channels.wechat.service import account_of, client
from bot.settings import settings
from bot.stores import opened
from content.errors import InvalidContent
from content.places import PlaceError, Places
from content.render import say
from content.wechat import menu as read_menu
from content.wechat import menu_json
from scheduler.calendar import LOCAL
from scheduler.clock import now
from storage import wechat_mass
from storage.database import Database
from storage.errors import DatabaseError

T = TypeVar("T")


@click.group()
def wechat() -> None:
    """Keep the official account: menu, codes for posters, mass sends."""


@wechat.group()
def menu() -> None:
    """The menu at the foot of the official account."""


@menu.command("show")
def menu_show() -> None:
    """Show the menu as it would be published."""
    for button in _menu()["button"]:
        click.echo(_line(button))
        for item in button.get("sub_button", ()):
            click.echo(f"  {_line(item)}")


@menu.command("publish")
def menu_publish() -> None:
    """Publish the menu of content/wechat_menu.yaml; phones show it within a day, or when followed anew."""
    body = _menu()
    _call(lambda api: api.post("/cgi-bin/menu/create", body))
    click.echo(say("wechat", "menu_published", count=len(body["button"])))


@wechat.command("code")
@click.argument("scene", metavar="SCENE")
def code(scene: str) -> None:
    """Make the code of a poster: SCENE is card:ID, topic:ID or in:CODE (a village, a 苏木镇, a banner)."""
    action = scene_action(scene, Places.load())
    if action is None:
        raise click.ClickException(say("wechat", "no_scene", said=scene))
    body = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": action}}}
    answer = _call(lambda api: api.post("/cgi-bin/qrcode/create", body))
    click.echo(str(answer["url"]))
    click.echo(f"https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket={answer['ticket']}")


@wechat.group("mass")
def mass_group() -> None:
    """The monthly mass sends: planned by one person, approved by another."""


@mass_group.command("plan")
@click.option("--banner", required=True, help="Code of a banner or county, such as 150621.")
@click.option(
    "--at", "at", required=True, type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]), help="Local time."
)
@click.option("--by", required=True, help="Who plans it.")
@click.option(
    "--broadcast", "number", default="", help="A notice's number: to those whose copy of it waits, its words."
)
@click.argument("text", type=click.File(encoding="utf-8"), required=False)
def mass_plan(banner: str, at: datetime, by: str, number: str, text: Any) -> None:
    """Plan a mass send of the words in TEXT (a file; - for standard input). Nothing goes before it is approved."""
    if bool(number) == (text is not None):
        raise click.UsageError("Give a file of words, or --broadcast with the number of a notice.")
    try:
        stem = Places.load().stem_of(banner)
    except PlaceError as error:
        raise click.ClickException(say("new", "no_place", code=banner)) from error
    if len(stem) != 6:  # noqa: PLR2004 - digits of a banner's stem
        raise click.ClickException(say("wechat", "mass_banner"))
    when = at.replace(tzinfo=LOCAL)

    async def planned(database: Database, account: Account) -> wechat_mass.Mass:
        of = await of_broadcast(database, number, stem) if number else None
        body, id_ = of or (text.read().strip(), None)
        return await sends.plan(
            database, account.app_id, banner=stem, body=body, when=when, by=by, now=now(), broadcast_id=id_
        )

    made = _with_database(planned)
    click.echo(say("wechat", "mass_planned", id_=made.id, digest=made.digest))


@mass_group.command("list")
def mass_list() -> None:
    """Show all mass sends with their state, and what stands under each digest."""

    async def found(database: Database, account: Account) -> list[wechat_mass.Mass]:
        async with database.begin() as conn:
            return await wechat_mass.listed(conn, account.app_id)

    places = Places.load()
    for one in _with_database(found):
        local = one.planned_for.astimezone(LOCAL)
        reached = f" {one.taken}/{one.recipients}" if one.taken is not None else ""
        where = places.get(one.banner).short
        click.echo(f"{one.id}  {local:%Y-%m-%d %H:%M}  {where}  {one.state}{reached}  {one.digest}  {one.planned_by}")
        click.echo("\n".join(f"    {line}" for line in one.body.splitlines()))


@mass_group.command("approve")
@click.argument("id_", metavar="ID", type=int)
@click.option("--digest", required=True, help="The digest that `list` shows: you approve exactly that.")
@click.option("--by", required=True, help="Who approves it; not who planned it.")
def mass_approve(id_: int, digest: str, by: str) -> None:
    """Approve a mass send: it spends one of the month's four."""
    _with_database(lambda database, _: sends.approve(database, id_, digest=digest, by=by, now=now()))
    click.echo(say("wechat", "mass_approved", id_=id_))


@mass_group.command("cancel")
@click.argument("id_", metavar="ID", type=int)
def mass_cancel(id_: int) -> None:
    """Take back a mass send that has not gone yet."""
    waiting = (wechat_mass.MassState.PLANNED, wechat_mass.MassState.APPROVED)

    async def cancelled(database: Database, _: Account) -> bool:
        async with database.begin() as conn:
            return await wechat_mass.move(conn, id_, waiting, wechat_mass.MassState.CANCELLED, now())

    if not _with_database(cancelled):
        raise click.ClickException(say("wechat", "mass_changed"))
    click.echo(say("wechat", "mass_cancelled", id_=id_))


def _menu() -> dict[str, Any]:
    chosen = settings()
    try:
        return menu_json(read_menu(chosen.content), chosen.public_url or "")
    except InvalidContent as error:
        raise click.ClickException(str(error)) from error


def _line(item: dict[str, Any]) -> str:
    return f"{item['name']}  {item.get('key') or item.get('url') or ''}".rstrip()


def _call(work: Callable[[Api], Awaitable[T]]) -> T:
    """Call an interface of the account; what an operator can mend is told in a sentence."""

    async def called(database: Database, account: Account) -> T:
        async with client(account, database, now) as api:
            return await work(api)

    return _with_database(called)


def _with_database(work: Callable[[Database, Account], Awaitable[T]]) -> T:
    account = account_of(settings())
    if account is None:
        raise click.ClickException(say("wechat", "not_set"))
    try:
        return asyncio.run(_opened(work, account))
    except NotPlanned as error:
        raise click.ClickException(say("wechat", error.reason, **error.values)) from error
    except Rejected as error:
        raise click.ClickException(say("wechat", "rejected", code=error.code)) from error
    except (Failed, DatabaseError) as error:
        raise click.ClickException(str(error) or say("wechat", "not_reached")) from error


async def _opened(work: Callable[[Database, Account], Awaitable[T]], account: Account) -> T:
    async with opened(settings()) as database:
        return await work(database, account)
