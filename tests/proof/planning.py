"""Planning at scale: residents and windows in bulk, a look, and the naive loop over residents beside it.

A resident follows three programmes or topics in one village; windows lie at every level. The look is timed as it runs
in the product; memory is that of this process and of the server's process that does the work.
"""

import asyncio
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import psutil
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduler.calendar import LOCAL
from scheduler.holidays import office_days
from scheduler.reminders import AHEAD, look
from scheduler.stages import as_due, due_on, with_earlier
from storage import accounts, schema
from storage.database import Database
from storage.windows import Window, as_window

TODAY = datetime(2026, 12, 7, 8, 0, tzinfo=LOCAL)
PROGRAMMES = 120
TOPICS = 20
LEVELS = ((2, 20), (4, 80), (6, 200), (9, 120), (12, 80))  # digits of a place, windows at it in 500
MEGABYTE = 1 << 20
SIZES = (20_000, 200_000, 1_000_000)  # residents
WINDOWS = 500
SAMPLE = 500  # residents on whom the naive loop is measured

_RESIDENTS = text("""
INSERT INTO resident (channel, account, address, places, created_on, seen_on)
SELECT 'telegram', 'bot', 'r' || n,
  ARRAY['15' || lpad((n % 12 + 1)::text, 2, '0') || lpad((n / 12 % 9 + 1)::text, 2, '0')
    || lpad((n / 108 % 11 + 1)::text, 3, '0') || lpad((n / 1188 % 12 + 1)::text, 3, '0')], '2026-01-01', '2026-11-01'
FROM generate_series(0, :residents - 1) AS n
""")
_FOLLOWING = text("""
INSERT INTO following (resident_id, kind, subject, since)
SELECT r.id, CASE WHEN k = 2 AND r.id % 4 = 0 THEN 'topic' ELSE 'programme' END,
  CASE WHEN k = 2 AND r.id % 4 = 0 THEN 't' || r.id % :topics ELSE 'p' || (r.id * 7 + k * 31) % :programmes END, now()
FROM resident r, generate_series(0, 2) AS k ON CONFLICT DO NOTHING
""")
_ALL = text("SELECT * FROM place_window")
_SOME = text("SELECT id, places FROM resident ORDER BY id LIMIT :count")
_WINDOW = text("""
INSERT INTO place_window (programme, topic, place, batch, timing, opens_on, closes_on, source, state, entered_by,
  confirmed_by, revision, changed_at)
VALUES (:programme, :topic, :place, :batch, 'dated', :opens, :closes, '通知', 'published', 's', 's', 2, '2026-11-01')
""")


@dataclass(frozen=True)
class Measured:
    """One size: seconds of the first look, of the same look again, lines planned, megabytes of client and server.

    `cpu`: seconds of processor that the first look took, the server's included, whatever else the machine does.
    """

    residents: int
    first: float
    again: float
    lines: int
    client: float
    server: float
    cpu: float


async def fill(database: Database, residents: int, windows: int, seed: int = 7) -> None:
    """Make so many residents with what they follow, and so many windows around today."""
    async with database.begin() as conn:
        await accounts.register(conn, channel="telegram", name="bot", per_second=30)
        await conn.execute(_RESIDENTS, {"residents": residents})
        await conn.execute(_FOLLOWING, {"programmes": PROGRAMMES, "topics": TOPICS})
        await conn.execute(_WINDOW, list(_windows(windows, random.Random(seed))))  # noqa: S311 - repeatable, no secret
    async with database.begin() as conn:
        await conn.execute(text("ANALYZE resident, following, place_window"))


def _windows(count: int, dice: random.Random) -> Iterator[dict[str, object]]:
    for number in range(count):
        digits = dice.choices([digits for digits, _ in LEVELS], [share for _, share in LEVELS])[0]
        banner = f"15{dice.randint(1, 12):02}{dice.randint(1, 9):02}"
        place = f"{banner}{dice.randint(1, 11):03}{dice.randint(1, 12):03}"[:digits]
        opens = date(2026, 12, 7) + timedelta(days=dice.randint(-30, 30))
        programme = dice.randrange(PROGRAMMES)
        yield {
            "programme": f"p{programme}", "topic": f"t{programme % TOPICS}", "place": place, "batch": str(number),
            "opens": opens, "closes": opens + timedelta(days=dice.randint(0, 60)),
        }  # fmt: skip


async def measure(database: Database, residents: int) -> Measured:
    """Look twice, and say how long each took and how much memory it needed."""
    peak = _Peak(database)
    began, worked = time.perf_counter(), peak.cpu()
    planned = await look(database, TODAY, days=office_days())
    first, worked = time.perf_counter() - began, peak.cpu() - worked
    client, server = peak.read()
    began = time.perf_counter()
    again = await look(database, TODAY, days=office_days())
    assert again.lines == 0, "the same look twice plans nothing twice"
    return Measured(residents, first, time.perf_counter() - began, planned.lines, client, server, worked)


class _Peak:
    """Memory that is a process's own: PostgreSQL's shared buffers would count once for each of its processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cpu(self) -> float:
        """Seconds of processor so far, of this process and of all servers here."""
        found = [one.cpu_times() for one in (psutil.Process(), *_servers(self._database))]
        return sum(one.user + one.system for one in found)

    def read(self) -> tuple[float, float]:
        own = [_own(one) for one in _servers(self._database)]
        return psutil.Process().memory_info().rss / MEGABYTE, max(own, default=0) / MEGABYTE


def _servers(database: Database) -> list[psutil.Process]:
    """The PostgreSQL processes of this database, which is an embedded one."""
    notes = Path(str(database.url.query["host"])) / "postmaster.pid"
    ours = psutil.Process(int(notes.read_text().split()[0]))
    return [ours, *ours.children()]


def _own(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().uss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0


async def naive(database: Database, residents: int) -> float:
    """What people write: for each resident ask what they follow, and for each window whether it was told.

    Returns the seconds for so many residents. It is spared the inserts, so it is better than it would be.
    """
    began = time.perf_counter()
    async with database.begin() as conn:
        windows = [as_window(row) for row in await conn.execute(_ALL)]
        due = [one for one in windows if due_on(one, TODAY.date(), AHEAD, office_days()) is not None]
        people = (await conn.execute(_SOME, {"count": residents})).all()
        for person in people:
            await _one(conn, person.id, person.places, due)
        await conn.rollback()
    return time.perf_counter() - began


async def expected(database: Database) -> int:
    """Count by plain loops the lines that a first look plans: due, theirs, and no window above or below first."""
    async with database.begin() as conn:
        windows = {one.id: one for one in (as_window(row) for row in await conn.execute(_ALL))}
        seen = with_earlier([as_due(one, TODAY, AHEAD, office_days()) for one in windows.values()], windows)
        people = (await conn.execute(_SOME, {"count": None})).all()
        follows = {
            (row.resident_id, row.kind, row.subject) for row in await conn.execute(text("SELECT * FROM following"))
        }
    return sum(
        any(place.startswith(one.place) for place in person.places)
        and ((person.id, "programme", one.programme) in follows or (person.id, "topic", one.topic) in follows)
        and not any(place.startswith(first) for place in person.places for first in one.earlier)
        for one in seen
        if one.due_on is not None
        for person in people
    )


async def _one(conn: AsyncConnection, who: int, places: list[str], due: Sequence[Window]) -> None:
    asked = text("SELECT kind, subject FROM following WHERE resident_id = :who")
    follows = {(row.kind, row.subject) for row in await conn.execute(asked, {"who": who})}
    for window in due:
        theirs = ("programme", window.programme) in follows or ("topic", window.topic) in follows
        if theirs and any(place.startswith(window.place) for place in places):
            told = text("SELECT 1 FROM reminder WHERE resident_id = :who AND window_id = :window")
            await conn.execute(told, {"who": who, "window": window.id})


def planning_round(number: int) -> str:
    """Plan for one of SIZES; returns a line with seconds, megabytes, and the naive loop's seconds for as many."""
    return asyncio.run(_round(SIZES[number]))


async def _round(residents: int) -> str:
    folder = Path(tempfile.mkdtemp(prefix="mingbai-planning-"))
    database = await Database.open(None, folder)
    try:
        await asyncio.to_thread(schema.upgrade, database.url)
        await fill(database, residents, WINDOWS)
        found = await measure(database, residents)
        loop = await naive(database, SAMPLE) * residents / SAMPLE
    finally:
        await database.close()
        shutil.rmtree(folder, ignore_errors=True)
    return told(found, loop)


def told(found: Measured, loop: float) -> str:
    """Say what was measured, beside the naive loop."""
    memory = f"{found.client:.0f} MB here, {found.server:.0f} MB in the server"
    return (
        f"{found.residents:,} residents, {WINDOWS} windows: {found.lines:,} lines in {found.first:.1f} s"
        f" ({found.cpu:.1f} s of processor), again in"
        f" {found.again:.1f} s, {memory}; a loop over residents {loop:.0f} s, {loop / found.first:.0f} times as long"
    )
