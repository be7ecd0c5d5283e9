"""One process at a time runs the timetable; another takes over within seconds after it died.

The lock is the session's: it goes with the process. Should two run for a moment all the same (a network that split),
no harm is done, for every entry may be run twice.
"""

import asyncio
from datetime import timedelta
from time import monotonic

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.timetable import Work, timetable
from storage.errors import DatabaseError
from storage.locks import Session, Turn, alone

log = structlog.get_logger()

LOOK = 5.0  # seconds between two tries to become the runner, and between two looks whether one still is
JUMP = timedelta(seconds=5)  # a clock that differs by more from what passed was set


async def run(work: Work, *, look: float = LOOK) -> None:
    """Run the timetable whenever no other process does, until cancelled. A database that is gone is waited for."""
    while True:
        try:
            async with alone(work.database, Turn.RUNNER) as session:
                if session is not None:
                    await _lead(work, session, look)
        except DatabaseError as error:
            log.warning("runner_lost", error=type(error).__name__)
        except TimeoutError:
            log.warning("runner_lost", error="TimeoutError")
        await asyncio.sleep(look)


async def _lead(work: Work, session: Session, look: float) -> None:
    log.info("runner_began")
    scheduler = timetable(work)
    scheduler.start()
    try:
        await _watch(work, session, scheduler, look)
    finally:
        scheduler.shutdown(wait=False)


async def _watch(work: Work, session: Session, scheduler: AsyncIOScheduler, look: float) -> None:
    """See that the lock is still ours and that the clock runs evenly."""
    clock, passed = work.now(), monotonic()
    while True:
        await asyncio.sleep(look)
        async with asyncio.timeout(look):
            await session.check()
        was, clock = clock, work.now()
        elapsed, passed = monotonic() - passed, monotonic()
        if abs(clock - was - timedelta(seconds=elapsed)) > JUMP:
            log.warning("clock_jumped", seconds=round((clock - was).total_seconds() - elapsed))
            _look_now(work, scheduler)


def _look_now(work: Work, scheduler: AsyncIOScheduler) -> None:
    """Make every entry due: after a jump back APScheduler would wait for the old time to come again."""
    for job in scheduler.get_jobs():
        job.modify(next_run_time=work.now())
