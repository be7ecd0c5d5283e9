"""A chunk on its way: each message at its moment, each outcome written soon after it is known."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from content.message import Message
from scheduler.broadcast.outcomes import move, nothing_to_say, unsent
from scheduler.broadcast.pace import Pace
from scheduler.sending import Outcome, Sender, TryLater, Unsure
from storage import accounts, deliveries
from storage.accounts import Account
from storage.database import Database
from storage.deliveries import Claimed, Move
from storage.errors import DatabaseError
from storage.locks import Session

log = structlog.get_logger()

Clock = Callable[[], datetime]

PATIENCE = 60.0  # seconds until a sender that does not come back counts as unsure
NOTING = 0.25  # seconds between two notes of outcomes
KEEPING = 600.0  # seconds for which outcomes are kept for a database that is gone
SURE = 0.25  # seconds for which the account is taken to be ours after asking; who takes it over waits for longer
PAUSE = 0.5  # seconds between two tries to write them


@dataclass(frozen=True)
class Chunk:
    """Claimed rows with their messages, when the first may go, and how far apart they go.

    Both are of the monotonic clock: a jump of the other one sends nothing early.
    """

    account: Account
    rows: Sequence[Claimed]
    messages: Mapping[int, Message]
    start: float
    apart: float

    @property
    def end(self) -> float:
        """When the next chunk may begin."""
        return self.start + len(self.rows) * self.apart


class Delivering:
    """Sends the chunks of one drain. `stopping`: nothing new is handed to the platform any more."""

    def __init__(self, drain: int, session: Session, store: Database, sender: Sender, now: Clock) -> None:
        self.drain = drain
        self.stopping = False
        self._session, self._store, self._sender, self._now = session, store, sender, now
        self._hold: datetime | None = None
        self._pace, self._until, self._sure = Pace(), 0.0, 0.0

    async def deliver(self, chunk: Chunk) -> None:
        """Send a chunk and write every outcome; never raises for what platform or database do."""
        self._until = chunk.end
        waiting = {asyncio.create_task(self._one(chunk, number)) for number in range(len(chunk.rows))}
        while waiting:
            done, waiting = await asyncio.wait(waiting, timeout=NOTING)
            if done:
                await self._write(chunk.account.id, [task.result() for task in done])

    async def _one(self, chunk: Chunk, number: int) -> Move:
        row = chunk.rows[number]
        message = chunk.messages.get(row.id)
        if message is None:
            return nothing_to_say(row)
        async with self._pace.turn(chunk.start, chunk.apart):
            await self._make_sure(chunk)
            if self.stopping:
                return unsent(row)
            outcome = await self._send(chunk.account, row, message)
        if isinstance(outcome, TryLater) and outcome.whole_account:
            self.stopping = True
            self._hold = max(self._now() + outcome.after, self._hold or self._now())
        return move(row, outcome, self._now())

    async def _make_sure(self, chunk: Chunk) -> None:
        """Past the chunk's own time (a stall), ask whether the account is still ours: another drain may send by now."""
        if chunk.apart and monotonic() > max(chunk.end, self._sure):
            self._sure = monotonic() + SURE
            try:
                await self._session.check()
            except DatabaseError:
                self.stopping = True

    async def _send(self, account: Account, row: Claimed, message: Message) -> Outcome:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._sender.send(account.name, row.address, message, delivery_id=row.id, now=self._now())
        except TimeoutError:
            return Unsure("no_answer")
        except Exception:  # a sender may not raise; if it does, nobody knows what left, and the rest must still go
            log.exception("sender_failed", delivery=row.id, account=account.id)
            return Unsure("sender_failed")

    async def _write(self, account_id: int, moves: Sequence[Move]) -> None:
        try:
            async with self._session.begin() as conn:
                await self._note(conn, account_id, moves)
                await self._tell_how_late(conn, account_id)
        except DatabaseError as error:
            self.stopping = True  # the lock is lost with its connection
            log.warning("outcomes_kept", account=account_id, rows=len(moves), error=type(error).__name__)
            await self._write_later(account_id, moves)

    async def _note(self, conn: AsyncConnection, account_id: int, moves: Sequence[Move]) -> None:
        await deliveries.record(conn, moves, drain=self.drain, now=self._now())
        if self._hold is not None:
            await accounts.hold(conn, account_id, self._hold)

    async def _tell_how_late(self, conn: AsyncConnection, account_id: int) -> None:
        """Where messages left later than their chunks had time for, the next drain begins later too."""
        if self._pace.free > self._until:
            ahead = timedelta(seconds=self._pace.free - monotonic())
            await accounts.busy_until(conn, account_id, self._now() + ahead)

    async def _write_later(self, account_id: int, moves: Sequence[Move]) -> None:
        """Write outcomes when the database is back. Were they lost, the next drain would call them unknown."""
        until = monotonic() + KEEPING
        while monotonic() < until:
            try:
                async with self._store.begin() as conn:
                    await self._note(conn, account_id, moves)
                return
            except DatabaseError:
                await asyncio.sleep(PAUSE)
        log.error("outcomes_lost", account=account_id, rows=len(moves))
