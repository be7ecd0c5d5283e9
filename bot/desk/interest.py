"""Interest at the desk: what people asked for, by place and month, from releases alone. No place is ranked."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import Depends, Request, Response

from bot.desk.at import At, Here, desk_of
from bot.desk.interest_cut import cut
from bot.desk.interest_place import below, look, shown, too_few
from bot.desk.pages import page
from bot.desk.refusals import Absent
from bot.desk.routes import Routes
from bot.interest.export import SAID, write
from bot.interest.names import Names, full_code, month_name
from bot.staff.may import Deed
from content.render import say
from storage.interest import releases
from storage.interest.releases import Kept

routes = Routes()

FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
SENTENCES = tuple(say("interest", sentence) for sentence in SAID)
"""They stand on every page."""


@routes.get("/interest", Deed.INTEREST)
async def index(at: Here) -> Response:
    """Show whose figures one may look at, and the releases to download."""
    released = await releases.months(at.conn)
    months = [(f"{one:%Y-%m}", month_name(one)) for one in released[::-1]]
    return page(at, "interest", places=_own(at), months=months, files=list(FILES), sentences=SENTENCES)


@routes.get("/interest/in/{key}", Deed.INTEREST, "looked-up")
async def one(at: Here, key: str, month: str = "") -> Response:
    """Show one place in one month, and the months before it."""
    looked = await look(at, key, month)
    return page(
        at,
        "interest_place",
        looked=looked,
        month=month_name(looked.month),
        asked=f"{looked.month:%Y-%m}",
        months=[(f"{one:%Y-%m}", month_name(one)) for one in looked.months[::-1]],
        sections=[(section, say("interest", f"title_{section.name}")) for section in await shown(at, looked)],
        few=await too_few(at, looked),
        below=below(at, looked),
        sentences=SENTENCES,
    )


async def _turn(request: Request) -> AsyncIterator[None]:
    async with desk_of(request).drawn.turn:
        yield


InTurn = Annotated[None, Depends(_turn, scope="function")]
"""What a handler takes before `Here`: who waits for a turn holds no connection."""


@routes.get("/interest/in/{key}/{name}.svg", Deed.INTEREST, "looked-up")
async def chart(_: InTurn, at: Here, key: str, name: str, month: str = "") -> Response:
    """Draw one table of a place."""
    looked = await look(at, key, month)
    section = next((section for section in await shown(at, looked) if section.name == name), None)
    if section is None:
        raise Absent
    drawn = await at.desk.drawn.svg(section)
    return Response(drawn, media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=600"})


@routes.get("/interest/files/{name}", Deed.INTEREST)
async def download(at: Here, name: str) -> Response:
    """Give a release as a file, `2026-10.csv`: only the figures of one's own places."""
    month, _, ending = name.partition(".")
    released = {f"{one:%Y-%m}": one for one in await releases.months(at.conn)}
    if month not in released or ending not in FILES:
        raise Absent
    kept = cut(await releases.read(at.conn, released[month]), at.stems())
    names = Names.of(kept.release, at.know.library, at.places)
    written = await asyncio.to_thread(_written, kept, names, ending)
    headers = {"Content-Disposition": f'attachment; filename="mingbai-interest-{name}"'}
    return Response(written, media_type=FILES[ending], headers=headers)


def _own(at: At) -> list[tuple[str, str]]:
    """Their places, as (key, whole name)."""
    return [(full_code(stem), at.name(stem)) for stem in at.stems()]


def _written(kept: Kept, names: Names, ending: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"release.{ending}"
        write(kept, names, path)
        return path.read_bytes()
