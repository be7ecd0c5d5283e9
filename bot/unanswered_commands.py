"""`mingbai search unanswered …`: what found no card, for editors."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bot.settings import Settings, settings
from content.render import say

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.dialogue.turn import Knowledge
    from content.library import Library
    from storage.unanswered import Count, Unanswered

Result = TypeVar("Result")

NEAR = 3


@click.group("unanswered")
def unanswered() -> None:
    """Questions that found no card: kept without their askers, 30 days."""


@unanswered.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def list_command(as_json: bool) -> None:
    """List the kept texts with the cards nearest to each, and the counts by nearest topic."""
    from storage.unanswered import counts, texts  # noqa: PLC0415 - drivers are loaded only where a database is used

    async def read(conn: "AsyncConnection") -> tuple[list["Unanswered"], list["Count"]]:
        return await texts(conn), await counts(conn)

    kept, counted = _asked(read)
    know = _knowledge(settings())
    rows = [(one, _near(know, one.text)) for one in kept]
    click.echo(_as_json(know, rows, counted) if as_json else "\n".join(_lines(know, rows, counted)))


def _lines(know: "Knowledge", rows: list[tuple["Unanswered", list[str]]], counted: list["Count"]) -> list[str]:
    from bot.interest.names import topic_name  # noqa: PLC0415
    from bot.unanswered.shown import shown  # noqa: PLC0415

    lines = [say("unanswered", "text", id_=one.id, since=one.kept_on, said=one.text, near=near) for one, near in rows]
    lines = lines or [say("unanswered", "no_texts")]
    if counted:
        lines += ["", say("unanswered", "counted_few")]
    for one in counted:
        name = topic_name(one.topic, know.library)
        lines.append(say("unanswered", "counted", since=one.month, name=name, times=shown(one, know.library)))
    return lines


def _as_json(know: "Knowledge", rows: list[tuple["Unanswered", list[str]]], counted: list["Count"]) -> str:
    from bot.unanswered.shown import shown  # noqa: PLC0415

    texts = [{"id": one.id, "on": str(one.kept_on), "text": one.text, "near": near} for one, near in rows]
    counts = [{"month": f"{one.month:%Y-%m}", "topic": one.topic, "times": shown(one, know.library)} for one in counted]
    return json.dumps({"texts": texts, "counts": counts}, ensure_ascii=False)


@unanswered.command("drop")
@click.argument("ids", metavar="ID…", nargs=-1, required=True)
def drop_command(ids: tuple[str, ...]) -> None:
    """Delete texts."""
    from storage.unanswered import drop  # noqa: PLC0415

    async def run(conn: "AsyncConnection") -> list[str]:
        return [id_ for id_ in ids if not await drop(conn, id_)]

    missing = _asked(run)
    click.echo(say("unanswered", "dropped", count=len(ids) - len(missing)))
    if missing:
        raise click.ClickException("\n".join(say("unanswered", "no_text", id_=id_) for id_ in missing))


@unanswered.command("phrase")
@click.argument("id_", metavar="ID")
@click.argument("programme")
@click.option("--as", "said", default=None, help="The words to add, where the kept ones have gaps.")
def phrase_command(id_: str, programme: str, said: str | None) -> None:
    """Make a text a phrasing of a programme: in the own folder (MINGBAI_CONTENT), else print the line to add."""
    from storage.unanswered import drop, text_of  # noqa: PLC0415

    text = _asked(lambda conn: text_of(conn, id_))
    if text is None:
        raise click.ClickException(say("unanswered", "no_text", id_=id_))
    library = _library(settings().content)
    if programme not in library.programmes:
        near = get_close_matches(programme, library.programmes, n=NEAR)
        raise click.ClickException(say("new", "no_card", id_=programme, near=near))
    if _add(library, programme, _whole(text, said)):
        _asked(lambda conn: drop(conn, id_))


def _whole(text: str, said: str | None) -> str:
    """The words to add: those given, else those kept, where nothing was taken out of them."""
    if said is not None:
        return said.strip()
    gaps = [say("unanswered", name) for name in ("some_place", "some_name", "some_account", "some_number")]
    if any(gap in text for gap in gaps):
        raise click.ClickException(say("unanswered", "not_bare", said=text))
    return text


def _library(own: Path | None) -> "Library":
    from content.errors import InvalidContent  # noqa: PLC0415
    from content.library import read_library  # noqa: PLC0415

    try:
        return read_library(*([own] if own else []))
    except InvalidContent as error:
        raise click.ClickException("\n".join(map(str, error.problems))) from error


def _add(library: "Library", programme: str, said: str) -> bool:
    """Add a phrasing; False where it could only be printed."""
    from bot.unanswered.phrasing import Broken, write_phrasing  # noqa: PLC0415

    own, path = settings().content, library.files[programme][0]
    if own is None:
        click.echo(say("unanswered", "to_phrase", path=path, line=f"- {said}"))
        return False
    try:
        written: Path = write_phrasing(own, library, programme, said)
    except Broken as error:
        told = say("unanswered", "not_phrased", path=error.path, problems=error.problems)
        raise click.ClickException(told) from error
    click.echo(say("unanswered", "phrased", path=written, said=said))
    return True


def _near(know: "Knowledge", text: str) -> list[str]:
    return [one.programme.id for one in know.search.find(text).ranked[:NEAR]]


def _knowledge(chosen: Settings) -> "Knowledge":
    from bot.dialogue.turn import Service  # noqa: PLC0415
    from bot.knowledge import knowledge  # noqa: PLC0415

    service = Service(chosen.service_name, chosen.service_phone)
    return knowledge(service, own=chosen.content, cache=chosen.data / "search-model.npz")


def _asked(run: Callable[["AsyncConnection"], Awaitable[Result]]) -> Result:
    """Do something in one transaction on the deployment's database."""
    from bot.stores import opened  # noqa: PLC0415
    from storage.errors import DatabaseError  # noqa: PLC0415

    async def on_database() -> Result:
        async with opened(settings()) as database, database.begin() as conn:
            return await run(conn)

    try:
        return asyncio.run(on_database())
    except DatabaseError as error:
        raise click.ClickException(str(error)) from error
