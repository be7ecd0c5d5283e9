"""Wake-ups: Procrastinate tells a worker that an account has something to do.

A job says "drain this account" and nothing else: no lock, no schedule, no message. What is due stands in the ledger, so
a job may be lost or come twice, and nothing is lost or sent twice. Its tables have a PostgreSQL schema of their own,
which is thrown away and made anew when the installed Procrastinate is another one.
"""

from collections.abc import Awaitable, Callable, Collection
from importlib.metadata import version

import psycopg
import structlog
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager
from sqlalchemy import URL

from scheduler.broadcast.drain import Drained
from storage.accounts import Account

log = structlog.get_logger()

SCHEMA = "procrastinate"
POLL = 5.0  # seconds between two looks for jobs, should a notification be missed
LEAVING = 0.1  # seconds until drains are told to end when the worker is; they then take the time that they need
TURN = 5_871_206_310_443  # the lock of whoever makes the schema


def prepare(url: URL) -> None:
    """Make the tables that wake-ups need, if they are not those of this version. Two at once take turns. Blocks."""
    with psycopg.connect(_conninfo(url)) as conn:
        conn.execute("SELECT pg_advisory_xact_lock(%s)", (TURN,))
        found = conn.execute("SELECT obj_description(to_regnamespace(%s))", (SCHEMA,)).fetchone()
        if found != (_version(),):
            conn.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            conn.execute(f"CREATE SCHEMA {SCHEMA}")
            conn.execute(f"SET LOCAL search_path TO {SCHEMA}")
            conn.execute(SchemaManager.get_schema().encode())
            conn.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{_version()}'")


def _version() -> str:
    return f"procrastinate {version('procrastinate')}"


def _conninfo(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


class Engine:
    """Defers wake-ups and, on a worker, runs them. Open it with `async with`."""

    def __init__(self, url: URL, *, size: int = 4) -> None:
        """`size`: connections at most; a worker uses one to listen and one for each job it notes."""
        connection = {"options": f"-c search_path={SCHEMA}", "application_name": "mingbai wake-ups"}
        self._app = App(
            connector=PsycopgConnector(
                conninfo=_conninfo(url), min_size=1, max_size=size, timeout=10.0, kwargs=connection
            )
        )

    async def __aenter__(self) -> "Engine":
        await self._app.open_async()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._app.close_async()

    async def wake(self, account: Account) -> bool:
        """Have an account drained soon; False where it is to be already."""
        return await self._wake(account.channel, account.id)

    async def _wake(self, channel: str, account_id: int) -> bool:
        job = self._app.configure_task("drain", queue=channel, queueing_lock=f"account {account_id}")
        try:
            await job.defer_async(account_id=account_id)
        except AlreadyEnqueued:
            return False
        return True

    async def work(
        self, drain: Callable[[int], Awaitable[Drained]], *, channels: Collection[str], concurrency: int
    ) -> None:
        """Run wake-ups of accounts of these channels until cancelled, so many accounts at once."""

        async def run(context: JobContext, account_id: int) -> None:
            try:
                done = await drain(account_id)
                if done.more:  # at once, or the account would rest until the timetable looks again
                    await self._wake(context.job.queue, account_id)
            except Exception as error:  # the ledger knows how far it came, and the timetable wakes the account again
                log.warning("drain_failed", account=account_id, error=type(error).__name__)
                return
            if not done.busy:
                log.info("drained", account=account_id, claimed=done.claimed, more=done.more)

        self._app.task(name="drain", pass_context=True)(run)
        await self._app.run_worker_async(
            queues=sorted(channels),
            concurrency=concurrency,
            fetch_job_polling_interval=POLL,
            shutdown_graceful_timeout=LEAVING,
            install_signal_handlers=False,
            delete_jobs="always",
        )

    async def close_stalled(self) -> int:
        """Close the jobs of dead workers; nothing is retried, since the timetable wakes whoever has work. How many."""
        stalled = list(await self._app.job_manager.get_stalled_jobs())
        for job in stalled:
            await self._app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
        return len(stalled)
