"""The database: reachable, of a version that we know, with our tables, on our clock, kept."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.checks.finding import Finding, note, well, wrong
from bot.settings import PREFIX, Settings
from content.places import PlaceError, Places
from scheduler.clock import now
from scheduler.timetable import silent
from storage import beats, behind, schema
from storage.database import Database
from storage.errors import DatabaseError, SchemaOutdated

OLDEST = 15
"""Major version of PostgreSQL."""

SKEW = timedelta(seconds=5)
BACKUP = timedelta(hours=36)


async def of_database(chosen: Settings) -> AsyncIterator[Finding]:
    """Everything about the database; one that is not reached is one finding."""
    try:
        database = await Database.open(chosen.outside, chosen.data)
    except DatabaseError as error:
        yield wrong("database", error.problem, error.remedy)
        return
    try:
        async with database.begin() as conn:
            async for found in _of(conn, embedded=chosen.outside is None):
                yield found
    except DatabaseError as error:
        yield wrong("database", error.problem, error.remedy)
    finally:
        await database.close()


async def _of(conn: AsyncConnection, *, embedded: bool) -> AsyncIterator[Finding]:
    yield await _version(conn)
    yield await _clock(conn)
    try:
        await schema.require_current(conn)
    except SchemaOutdated as error:
        if embedded:
            yield note("tables", error.problem, "The next start of mingbai brings them up to date by itself.")
        else:
            yield wrong("tables", error.problem, error.remedy)
        return
    yield well("tables", f"At revision {schema.head()}.")
    yield await _timetable(conn, now())
    yield await _backup(conn, now())
    async for found in _places(conn):
        yield found


async def _version(conn: AsyncConnection) -> Finding:
    said = str(await conn.scalar(text("SHOW server_version")))
    major = int(await conn.scalar(text("SHOW server_version_num")) or 0) // 10_000
    encoding = await conn.scalar(text("SHOW server_encoding"))
    if major < OLDEST:
        return wrong("database", f"It is PostgreSQL {said}.", f"Use {OLDEST} or newer.")
    if encoding != "UTF8":
        return wrong("database", f"It is written in {encoding}.", "Make one with ENCODING 'UTF8'.")
    return well("database", f"PostgreSQL {said}.")


async def _clock(conn: AsyncConnection) -> Finding:
    there: datetime = (await conn.execute(text("SELECT clock_timestamp()"))).scalar_one()
    skew = abs(there - now())
    says = f"The database's clock and ours differ by {skew.total_seconds():.1f} s."
    remedy = "Set both by NTP (systemd-timesyncd, chrony)."
    return wrong("clock", says, remedy) if skew > SKEW else well("clock", says)


async def _timetable(conn: AsyncConnection, at: datetime) -> Finding:
    found = await beats.beats(conn)
    dumb = silent(found, at)
    if not found:
        return note("timetable", "It never ran here.", "Start mingbai serve, or mingbai clock beside it.")
    if dumb:
        remedy = f"Is one running? {PREFIX}WORK_INSIDE, mingbai clock; deploy/runbook.md."
        return wrong("timetable", f"Silent for too long: {', '.join(dumb)}.", remedy)
    return well("timetable", "Every entry succeeded lately.")


async def _backup(conn: AsyncConnection, at: datetime) -> Finding:
    taken = await behind.last_backup(conn)
    if taken is None:
        return note("backup", "There is none yet.", "Run mingbai db backup each night, to another disk.")
    hours = (at - taken).total_seconds() / 3600
    says = f"The last one was taken {hours:.0f} hours ago."
    return (
        wrong("backup", says, "See why the nightly one did not run.") if at - taken > BACKUP else well("backup", says)
    )


async def _places(conn: AsyncConnection) -> AsyncIterator[Finding]:
    """Places of windows and staff that the gazetteer does not know (any more)."""
    asked = "SELECT DISTINCT place FROM place_window UNION SELECT DISTINCT unnest(places) FROM staff"
    places, unknown = Places.load(), []
    for stem in await conn.scalars(text(asked)):
        try:
            places.get(stem)
        except PlaceError:
            unknown.append(stem)
    if unknown:
        yield wrong("places", f"Not known: {', '.join(sorted(unknown)[:10])}.", "Enter these windows and staff anew.")
