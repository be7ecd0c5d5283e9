"""The desk with years of work behind it: every page that only shows, for each role, and how long it takes.

2 million marks, 5,000 broadcasts, 50,000 tickets, 20,000 windows and as many details, 500 staff and a long trail stand
in the database. A page is asked for again and again of the application itself; each must come within 200 ms at the 95th
percentile. What is measured or drawn once and then kept is told with its first time beside.
`python -m tests.proof.desk 0.02` does it with a fiftieth of all that.
"""

import asyncio
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import text
from starlette.routing import BaseRoute

from bot.channels.web.rehearsal import set_aside
from bot.desk import cookies
from bot.desk.app import PARTS, desk_app
from bot.desk.built import Desk
from bot.desk.routes import Declared
from bot.dialogue.turn import Service
from bot.knowledge import knowledge
from bot.staff.may import may
from storage import desk as sessions
from storage import schema, staff
from storage.audit import Trail
from storage.database import Database
from storage.staff import Role, Staff
from tests.proof.desk_filling import BANNER, NOW, VILLAGE, Size, fill

MOST = 0.200
"""Seconds that a page may take at the 95th percentile."""

ROUNDS, FEW_ROUNDS = 20, 8
ROLES: tuple[tuple[Role, str], ...] = (
    ("cadre", VILLAGE), ("editor", BANNER), ("administrator", BANNER), ("administrator", "15"),
)  # fmt: skip
EXAMPLES = {
    "place": "150621", "key": "150621", "name": "topics", "number": "1", "id_": "grain-soy-insurance",
}  # fmt: skip
"""What stands in an address where the table below names nothing."""

IDS = {
    "/windows/{id_}": "SELECT id FROM place_window WHERE starts_with(place, :place) LIMIT 1",
    "/details/{id_}": "SELECT id FROM local_detail WHERE starts_with(place, :place) LIMIT 1",
    "/questions/{id_}": "SELECT id FROM ticket WHERE place = :place AND answer IS NULL LIMIT 1",
    "/interest/files/{name}": "SELECT '2026-10.csv'",
    "/notices/{number}": "SELECT number FROM broadcast WHERE starts_with(place, :place) LIMIT 1",
    "/notices/{number}/paper": "SELECT number FROM broadcast WHERE starts_with(place, :place) LIMIT 1",
    "/notices/{number}/page.pdf": "SELECT number FROM broadcast WHERE starts_with(place, :place) LIMIT 1",
    "/people/{number:int}": "SELECT id FROM staff WHERE starts_with(places[1], :place) LIMIT 1",
}
"""Where a page finds the thing that it shows."""

OWN_DRAFTS = {"/notices/draft/{number}", "/notices/{number}/correct"}
"""Pages on what one is writing oneself: forms, as light as that of a new one."""


@dataclass(frozen=True)
class Timed:
    """One page for one member of staff: seconds of the first time, and of the others at the 95th percentile.

    `least`: of the quickest; on a machine that is busy with other things, all that can be told of the page itself.
    """

    role: str
    path: str
    first: float
    p95: float
    least: float
    page: bool  # and no file or chart


@asynccontextmanager
async def filled(size: Size) -> AsyncIterator[Desk]:
    """A desk on a database with all of it."""
    folder = Path(tempfile.mkdtemp(prefix="mingbai-proof-desk-"))
    know = knowledge(Service("proof", "12345"))
    know.places.find("x", BANNER)
    database = await Database.open(None, folder)
    try:
        await asyncio.to_thread(schema.upgrade, database.url)
        await fill(database, know, size)
        set_aside()  # as `mingbai serve` does
        yield Desk(database, lambda: know, lambda: NOW, Trail(b"a key of enough bytes"))
    finally:
        await database.close()
        shutil.rmtree(folder, ignore_errors=True)


async def measure(desk: Desk, rounds: int) -> list[Timed]:
    """Ask for every page that each role may see."""
    found: list[Timed] = []
    for role, place in ROLES:
        who, client = await _seat(desk, role, place)
        async with client:
            for route in _shown(who):
                address = await _address(desk, route, place)
                if address:
                    found += await _timed(client, f"{role} {place}", route.path, address, rounds)
    return found


async def _timed(client: AsyncClient, role: str, path: str, address: str, rounds: int) -> list[Timed]:
    """Ask for one page; nothing where it is not of this role."""
    first, shown = await _once(client, address)
    if shown.status_code == 404:
        return []
    assert shown.status_code == 200, (role, address, shown.status_code)
    taken = [(await _once(client, address))[0] for _ in range(rounds)]
    p95 = statistics.quantiles(taken, n=20)[-1]
    return [Timed(role, path, first, p95, min(taken), page=shown.headers["content-type"].startswith("text/html"))]


async def _once(client: AsyncClient, address: str) -> tuple[float, Response]:
    began = time.perf_counter()
    shown = await client.get(f"/desk{address}")
    return time.perf_counter() - began, shown


async def _seat(desk: Desk, role: Role, place: str) -> tuple[Staff, AsyncClient]:
    """Somebody who is in."""
    async with desk.database.begin() as conn:
        token = await staff.invite(conn, role=role, places=(place,), name="证明", made_by="operator", now=NOW)
        who = await staff.join_at_desk(conn, token, now=NOW)
        assert who is not None
        session = await sessions.begin(conn, who.id, device="other", trusted=False, now=NOW)
    app = FastAPI()
    app.mount("/desk", desk_app(desk))
    client = AsyncClient(transport=ASGITransport(app), base_url="https://desk.example")
    client.cookies.set(cookies.SESSION, session, domain="desk.example", path="/desk")
    return who, client


def _shown(who: Staff) -> Iterator[APIRoute]:
    """The routes that show something to somebody."""
    for part in PARTS:
        for route in part.router.routes:
            deed = said_of(route).deed if _asked(route) else None
            if isinstance(route, APIRoute) and deed is not None and may(who, deed):
                yield route


def said_of(route: BaseRoute) -> Declared:
    """What a route says of itself."""
    assert isinstance(route, APIRoute)
    declared: Declared = (route.openapi_extra or {})["desk"]
    return declared


def _asked(route: BaseRoute) -> TypeGuard[APIRoute]:
    """Whether a route shows something to who is in."""
    shows = isinstance(route, APIRoute) and "GET" in (route.methods or ())
    return shows and said_of(route).deed is not None


async def _address(desk: Desk, route: APIRoute, place: str) -> str:
    """An address of a route; empty where there is nothing that it could show to somebody of this place."""
    values = {name: EXAMPLES.get(name, "") for name in route.param_convertors}
    if "place" in values or "key" in values:
        values |= {"place": place.ljust(6, "0"), "key": place.ljust(6, "0")}
    if route.path in IDS:
        async with desk.database.begin() as conn:
            found = await conn.scalar(text(IDS[route.path]), {"place": place} if ":place" in IDS[route.path] else {})
        values |= dict.fromkeys(route.param_convertors, str(found or ""))
    return "" if "" in values.values() else route.path.replace(":int", "").format(**values)


def unseen(found: list[Timed]) -> list[str]:
    """The pages that nobody was shown, so that none is forgotten here."""
    seen = {one.path for one in found} | OWN_DRAFTS
    return [route.path for part in PARTS for route in part.router.routes if _asked(route) and route.path not in seen]


def told(found: list[Timed]) -> str:
    """The slowest pages, and what is drawn or measured once; AssertionError where a page is too slow."""
    pages = sorted((one for one in found if one.page), key=lambda one: -one.p95)
    slow = [
        f"{one.role} {one.path} {one.p95 * 1000:.0f} ms (least {one.least * 1000:.0f})"
        for one in pages
        if one.p95 > MOST
    ]
    assert not slow, "\n".join(slow)
    worst = ", ".join(f"{one.path} {one.p95 * 1000:.0f}" for one in pages[:3])
    once = max(found, key=lambda one: one.first)
    first = f"the slowest first time {one_second(once.first)} s ({once.path})"
    return f"{len(pages)} pages of {len(ROLES)} roles; slowest at p95, ms: {worst}; {first}"


def one_second(seconds: float) -> str:
    """Seconds with one digit."""
    return f"{seconds:.1f}"


def desk_round(_: int, share: float = 1.0) -> str:
    """Fill a database and ask for every page; a line on it."""

    async def whole() -> str:
        size = Size().times(share) if share < 1 else Size()
        async with filled(size) as desk:
            found = await measure(desk, ROUNDS if share == 1 else FEW_ROUNDS)
        for one in found if "-v" in sys.argv else ():
            print(f"p95 {one.p95:6.3f} least {one.least:6.3f} first {one.first:6.3f} s  {one.role} {one.path}")
        assert share < 1 or not unseen(found), f"give an example in IDS of {unseen(found)}"
        return f"{size.marks:,} marks, {size.broadcasts:,} broadcasts, {size.tickets:,} tickets: {told(found)}"

    return asyncio.run(whole())


if __name__ == "__main__":
    print(desk_round(0, float(sys.argv[1])))
