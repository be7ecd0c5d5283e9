"""`mingbai broadcast paper NUMBER`: what a notice is taken to the group, the loudspeaker and the wall with."""

from pathlib import Path

import click

from bot.broadcasts.composing import corrects
from bot.dialogue.turn import Knowledge, Service
from bot.knowledge import knowledge
from bot.notices.page import REMEDY
from bot.notices.paper import Papers, papers
from bot.running import run
from bot.settings import Settings, settings
from storage import broadcasts
from storage.broadcasts.records import PUBLIC


@click.command("paper")
@click.argument("number")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Where to write them.")
def paper(number: str, folder: Path) -> None:
    """Write the texts for the WeChat group and the loudspeaker and the page for the wall of an approved notice."""
    made = run(_made(settings(), number.upper()))
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"group.txt": f"{made.group}\n".encode(), "loudspeaker.txt": f"{made.loudspeaker}\n".encode()}
    sheet = {"page.pdf": made.page} if made.page is not None else {}
    for name, content in (texts | sheet).items():
        path = folder / f"{number.upper()}-{name}"
        path.write_bytes(content)
        click.echo(path)
    if not sheet:
        raise click.ClickException(f"No page for the wall: this machine has no Pango. As root: {REMEDY}")


async def _made(chosen: Settings, number: str) -> Papers:
    from bot.stores import opened  # noqa: PLC0415 - drivers are loaded only where a database is used

    async with opened(chosen) as database, database.begin() as conn:
        found = await broadcasts.find(conn, number)
        if found is None:
            raise click.ClickException(f"There is no notice {number}; `mingbai broadcast list` shows them.")
        if found.state not in PUBLIC:
            raise click.ClickException(f"{number} is {found.state}: nothing is taken to the wall that nobody approved.")
        return papers(found, _know(chosen), corrects=await corrects(conn, found.corrects))


def _know(chosen: Settings) -> Knowledge:
    service = Service(chosen.service_name, chosen.service_phone, pages=chosen.public_url or "")
    return knowledge(service, own=chosen.content)
