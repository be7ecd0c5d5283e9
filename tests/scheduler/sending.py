"""A platform in this process, and rows for it: what a channel's real `Sender` is, without a network."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from content.message import Message, Text
from content.render import as_text
from scheduler.sending import Outcome, Sent, leaves
from storage import accounts
from storage.database import Database
from storage.deliveries import Claimed
from storage.states import Kind, State
from storage.tables import delivery, resident

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in Inner Mongolia
NIGHT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # 22:00
DAY = timedelta(days=1)


def ticking(start: datetime = NOON) -> Callable[[], datetime]:
    """A clock that runs from `start`."""
    began = monotonic()
    return lambda: start + timedelta(seconds=monotonic() - began)


class Platform:
    """Takes messages, and answers what it is told to. `taken` counts them by address, `at` says when each came.

    `way_out`: the seconds from a message's turn to its leaving, by how many came before it.
    """

    def __init__(
        self,
        answer: Callable[[str], Outcome] = lambda _: Sent("ref"),
        *,
        delay: float = 0,
        way_out: Callable[[int], float] = lambda _: 0,
    ) -> None:
        self.answer, self.delay, self.way_out = answer, delay, way_out
        self.taken: Counter[str] = Counter()
        self.order: list[str] = []
        self.at: list[float] = []
        self.texts: dict[str, str] = {}
        self._more = asyncio.Event()

    async def reached(self, number: int) -> None:
        """Wait until so many messages came."""
        while len(self.order) < number:
            self._more.clear()
            await self._more.wait()

    async def send(self, account: str, address: str, message: Message, *, delivery_id: int, now: datetime) -> Outcome:
        await asyncio.sleep(self.way_out(len(self.order)))
        leaves()
        self.at.append(monotonic())
        self.order.append(address)
        self._more.set()
        await asyncio.sleep(self.delay)
        outcome = self.answer(address)
        if isinstance(outcome, Sent):
            self.taken[address] += 1
            self.texts[address] = as_text(message)
        return outcome


async def say_hello(conn: AsyncConnection, rows: Sequence[Claimed], now: datetime) -> Mapping[int, Message]:
    return {row.id: Message(blocks=(Text(text="您好"),)) for row in rows}


COMPOSERS = {"test": say_hello}


async def an_account(database: Database, *, name: str = "bot", per_second: float | None = None) -> int:
    async with database.begin() as conn:
        return await accounts.register(conn, channel="telegram", name=name, per_second=per_second)


async def people(database: Database, *addresses: str, name: str = "bot") -> list[int]:
    day = NOON.date()
    rows = [
        {"channel": "telegram", "account": name, "address": one, "created_on": day, "seen_on": day} for one in addresses
    ]
    async with database.begin() as conn:
        return list((await conn.scalars(insert(resident).returning(resident.c.id), rows)).all())


async def queue(
    database: Database,
    account_id: int,
    residents: Sequence[int],
    *,
    kind: Kind = Kind.NOTICE,
    source: int = 1,
    not_before: datetime = NOON,
    expires_at: datetime = NOON + DAY,
) -> list[int]:
    base = {"source_kind": "test", "source_id": source, "account_id": account_id, "kind": kind.value}
    times = {"not_before": not_before, "expires_at": expires_at, "moved_at": NOON}
    async with database.begin() as conn:
        made = insert(delivery).returning(delivery.c.id, sort_by_parameter_order=True)
        return list((await conn.scalars(made, [base | times | {"resident_id": one} for one in residents])).all())


async def states(database: Database) -> list[State]:
    async with database.begin() as conn:
        rows = await conn.scalars(select(delivery.c.state).order_by(delivery.c.id))
        return [State(state) for state in rows]
