"""The one list of periodic work: when to look. What is due stands in the database.

Every entry may be run at any time and as often as one likes, and by two runners at once. A run that was missed, because
nothing ran or the machine slept, is made up for by one run at the next moment: each entry looks at the facts of now.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from content.library import Library
from content.places import Places
from content.render import say
from content.sensitive import filed
from scheduler import reminders
from scheduler.broadcast import plan, sweep
from scheduler.calendar import LOCAL, local_date
from scheduler.engine import Engine
from scheduler.holidays import OfficeDays
from scheduler.interest import close_due, frame_of
from scheduler.limits import is_small_hours
from scheduler.trail import tell_head
from storage import beats, rewriting, windows
from storage.database import Database
from storage.retention import forget_due

log = structlog.get_logger()


@dataclass(frozen=True)
class Work:
    """What periodic work needs. `library` is asked anew each time; `ahead`: days before the last day to remind on."""

    database: Database
    engine: Engine
    library: Callable[[], Library]
    days: OfficeDays
    ahead: Sequence[int]
    now: Callable[[], datetime]


@dataclass(frozen=True)
class Entry:
    """One kind of periodic work: how often, and what it does; it returns what it counted."""

    name: str
    every: timedelta
    run: Callable[[Work, datetime], Awaitable[object]]


async def _wake(work: Work, now: datetime) -> object:
    return await sweep.wake(work.database, work.engine, now)


async def _urgent(work: Work, now: datetime) -> object:
    found = await plan.look(work.database, "urgent", now)
    return found and await sweep.wake(work.database, work.engine, now)


async def _notices(work: Work, now: datetime) -> object:
    return await plan.look(work.database, "notice", now)


async def _expire(work: Work, now: datetime) -> object:
    return await sweep.expire(work.database, now)


async def _remind(work: Work, now: datetime) -> object:
    """File windows as content has them now, roll yearly ones on, then look whom to remind."""
    async with work.database.begin() as conn:
        await windows.file_under(conn, filed(work.library()))
        reason = say("windows", "reason_new_year")
        await windows.roll_yearly(conn, local_date(now), author="calendar", reason=reason, now=now)
    return await reminders.look(work.database, now, days=work.days, ahead=work.ahead)


async def _forget(work: Work, now: datetime) -> object:
    return sum((await forget_due(work.database, now)).values())


async def _rewrite(work: Work, now: datetime) -> object:
    """In the night, write anew the tables that something was erased from."""
    async with work.database.begin() as conn:
        due = await rewriting.due(conn, now, night=is_small_hours(now))
    return due and await rewriting.rewrite(work.database, due, now)


async def _close_interest(work: Work, now: datetime) -> object:
    return len(await close_due(work.database, frame_of(work.library(), Places.load()), now))


async def _tell_head(work: Work, now: datetime) -> object:
    return await tell_head(work.database, now)


async def _stalled(work: Work, _: datetime) -> object:
    return await work.engine.close_stalled()


ENTRIES = (
    Entry("wake", timedelta(seconds=5), _wake),
    Entry("urgent", timedelta(seconds=5), _urgent),
    Entry("notices", timedelta(seconds=5), _notices),
    Entry("expire", timedelta(minutes=1), _expire),
    Entry("stalled", timedelta(minutes=1), _stalled),
    Entry("remind", timedelta(minutes=10), _remind),
    Entry("forget", timedelta(hours=1), _forget),
    Entry("rewrite", timedelta(hours=1), _rewrite),
    Entry("interest", timedelta(hours=1), _close_interest),
    Entry("trail", timedelta(hours=1), _tell_head),
)

LATE = 3
"""So many times its interval may pass until an entry that did not succeed is called silent."""


def silent(found: dict[str, beats.Beat], now: datetime) -> list[str]:
    """Return the entries that did not succeed for too long, or never."""
    last = {entry.name: found[entry.name].succeeded_at for entry in ENTRIES if entry.name in found}
    return [
        entry.name
        for entry in ENTRIES
        if (at := last.get(entry.name)) is None or now - at > LATE * entry.every + timedelta(minutes=1)
    ]


async def run(entry: Entry, work: Work) -> None:
    """Run one entry now and beat. Never raises: the next run is the retry."""
    try:
        async with work.database.begin() as conn:
            await beats.begun(conn, entry.name, work.now())
        said, well = str(await entry.run(work, work.now())), True
    except Exception as error:  # whatever breaks here must not end the timetable; it is told, and tried again
        log.exception("entry_failed", entry=entry.name)
        said, well = type(error).__name__, False
    await _beat(entry, work, said, well=well)


async def _beat(entry: Entry, work: Work, said: str, *, well: bool) -> None:
    try:
        async with work.database.begin() as conn:
            await beats.ended(conn, entry.name, work.now(), said=said, well=well)
    except Exception as error:  # a database that is gone; the missing beat tells it
        log.warning("beat_missed", entry=entry.name, error=type(error).__name__)


def timetable(work: Work, entries: Sequence[Entry] = ENTRIES) -> AsyncIOScheduler:
    """Return the scheduler with every entry, not started. All are due at once when it starts.

    Misfire policy of all: however late, once (coalesced), and never twice at the same time.
    """
    policy = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    scheduler = AsyncIOScheduler(timezone=LOCAL, job_defaults=policy)
    for entry in entries:
        trigger = IntervalTrigger(seconds=int(entry.every.total_seconds()), timezone=LOCAL)
        scheduler.add_job(run, trigger, (entry, work), id=entry.name, next_run_time=work.now())
    return scheduler
