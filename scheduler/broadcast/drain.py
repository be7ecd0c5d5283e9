"""One account's queue, sent chunk after chunk.

What a crash can do, and does not:
(a) before the claim commits: the rows are still queued.
(b) claimed, and the process dead: the next drain, which got the lock and so knows, closes the claims: unknown, or for
    urgent ones queued again. An urgent message may therefore come twice, and no other ever does.
(c) the database gone: nothing new is sent; outcomes are kept here and written when it returns.
(d) outcomes carry this drain's id: if another drain closed the claim meanwhile, they change nothing.
"""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from content.message import Message
from scheduler.broadcast.chunk import Chunk, Clock, Delivering
from scheduler.broadcast.outcomes import not_composed
from scheduler.composing import Composers, compose
from scheduler.limits import chunks, gap
from scheduler.sending import Sender
from storage import accounts, deliveries
from storage.accounts import Account
from storage.database import Database
from storage.deliveries import Claimed
from storage.locks import Session, Turn, alone

log = structlog.get_logger()

LONGEST = 60.0  # seconds that one drain goes on claiming; then it is another account's turn on this worker
AT_ONCE = 2  # chunks on their way: while the last answers to one come in, the next one leaves
EARLY = 0.05  # seconds before its first message may go that a chunk is claimed
LEAVING = 10.0  # seconds that a drain told to end waits for answers
NO_TIME, A_SECOND = timedelta(0), timedelta(seconds=1)


@dataclass
class Drained:
    """What one drain did. `busy`: another one has the account. `more`: time was up before nothing was due."""

    claimed: int = 0
    busy: bool = False
    more: bool = False


async def drain(account_id: int, *, store: Database, sender: Sender, composers: Composers, now: Clock) -> Drained:
    """Send chunk after chunk until nothing is due or a minute has passed.

    One drain an account: a second one finds the lock taken and ends. Unreachable and ConnectionLost when the database
    goes; what was on its way has then been seen to its end. Told to end (cancelled), it does the same within LEAVING.
    """
    async with alone(store, Turn.DRAIN, account_id) as session:
        if session is None:
            return Drained(busy=True)
        async with session.begin() as conn:
            settled = await deliveries.settle(conn, account_id, now())
            if settled:  # the last of what a dead drain had claimed may have left just now
                await accounts.busy_until(conn, account_id, now() + A_SECOND)
        if settled:
            log.warning("claims_settled", account=account_id, rows=settled)
        delivering = Delivering(secrets.randbits(62), session, store, sender, now)
        return await _Drain(account_id, session, delivering, composers, now).run()


class _Drain:
    def __init__(
        self, account_id: int, session: Session, delivering: Delivering, composers: Composers, now: Clock
    ) -> None:
        self._account_id, self._session, self._delivering = account_id, session, delivering
        self._composers, self._now = composers, now
        self._on_their_way: set[asyncio.Task[None]] = set()
        self._done = Drained()

    async def run(self) -> Drained:
        """Claim and send until there is nothing more to do here."""
        try:
            await self._go_on(monotonic() + LONGEST)
        except BaseException:
            self._delivering.stopping = True
            await self._answered(LEAVING)
            raise
        await self._answered()
        return self._done

    async def _go_on(self, until: float) -> None:
        while not self._delivering.stopping and (chunk := await self._claim()) is not None:
            self._done.claimed += len(chunk.rows)
            self._on_their_way.add(asyncio.create_task(self._delivering.deliver(chunk)))
            await asyncio.sleep(chunk.end - EARLY - monotonic())
            while len(self._on_their_way) >= AT_ONCE:
                _, self._on_their_way = await asyncio.wait(self._on_their_way, return_when=asyncio.FIRST_COMPLETED)
            if monotonic() > until:
                self._done.more = True
                return

    async def _answered(self, patience: float | None = None) -> None:
        """Wait until every outcome is written. After `patience` the rest is left: the next drain calls it unknown."""
        if self._on_their_way:
            await asyncio.wait(self._on_their_way, timeout=patience)

    async def _claim(self) -> Chunk | None:
        """Claim the next chunk and make its words, in one transaction; None when nothing is due or may be sent."""
        async with self._session.begin() as conn:
            account, now = await accounts.get(conn, self._account_id), self._now()
            if account is None or (account.held_until and account.held_until > now):
                return None
            drain = self._delivering.drain
            rows = await deliveries.claim(conn, account.id, chunks(account, now), drain=drain, now=now)
            if not rows:
                return None
            messages = await self._words(conn, rows, now)
            if messages is None:
                await deliveries.record(conn, [not_composed(row, now) for row in rows], drain=drain, now=now)
                return Chunk(account, (), {}, monotonic(), 0)
            return await _paced(conn, account, rows, messages, self._now())

    async def _words(
        self, conn: AsyncConnection, rows: Sequence[Claimed], now: datetime
    ) -> Mapping[int, Message] | None:
        """Make the messages; None where that fails, which must stop no other source of the account."""
        try:
            async with conn.begin_nested():
                return await compose(self._composers, conn, rows, now)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            log.exception("compose_failed", account=self._account_id, source=rows[0].source_kind)
        except Exception:  # whatever is wrong with the words: these rows wait, the others go on
            log.exception("compose_failed", account=self._account_id, source=rows[0].source_kind)
        return None


async def _paced(
    conn: AsyncConnection, account: Account, rows: Sequence[Claimed], messages: Mapping[int, Message], now: datetime
) -> Chunk:
    """Give a chunk its time on the account: after all that was claimed before it, by whatever drain."""
    apart = gap(account, rows[0].kind)
    wait = min(max(account.free_at - now, NO_TIME), max(A_SECOND, apart)) if apart and account.free_at else NO_TIME
    await accounts.take_time(conn, account.id, now + wait + len(rows) * apart)
    return Chunk(account, rows, messages, monotonic() + wait.total_seconds(), apart.total_seconds())
