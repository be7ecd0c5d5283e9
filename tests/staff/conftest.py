"""The staff bot on the fake Bot API server: journeys go through real HTTP and the library unchanged."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.turn import Knowledge
from bot.staff.door import StaffDoor, door
from bot.staff.work import Connected
from storage import residents, staff, tickets
from storage.audit import Trail
from storage.database import Database
from storage.staff import Role, Staff
from tests.fakes.telegram import FakeBot, FakeTelegram, Person, Said
from tests.fakes.telegram.limits import unlimited

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TOKEN = "4242:staff-token-of-the-tests"  # noqa: S105 - the fake's
KEY = b"a key of enough bytes"
VILLAGE, TOWNSHIP, BANNER = "150621106201", "150621106", "150621"


@dataclass
class Desk:
    """Everything about the bot under test: the fake it talks to, its database, and the time."""

    fake: FakeBot
    server: str
    database: Database
    know: Knowledge
    trail: Trail
    connected: Connected = field(default_factory=Connected)
    now: datetime = NOW
    public: str | None = None

    async def open(self, stack: AsyncExitStack) -> None:
        """Start the bot."""
        chosen = StaffDoor(TOKEN, self.server, self.public)
        await stack.enter_async_context(
            door(
                chosen, self.database, know=lambda: self.know, trail=self.trail, connected=self.connected,
                now=lambda: self.now,
            )
        )  # fmt: skip

    async def invite(self, *places: str, role: Role = "cadre", name: str = "王主任") -> str:
        """Make an invitation; its token."""
        async with self.database.begin() as conn:
            return await staff.invite(
                conn, role=role, places=places or (VILLAGE,), name=name, made_by="operator", now=self.now
            )

    async def member(self, id_: int = 77, *places: str, role: Role = "cadre", name: str = "王主任") -> Person:
        """Somebody who has joined through Telegram."""
        person = self.fake.person(id_)
        await self.ask(person, f"/start {await self.invite(*places, role=role, name=name)}")
        return person

    async def ask(self, person: Person, text: str, *, reply_to: Said | None = None) -> list[Said]:
        """Write, and return all that the bot says to it."""
        before = len(person.chat.heard)
        await person.says(text, reply_to=reply_to)
        return await self._heard(person, before)

    async def tap(self, person: Person, label: str, on: Said | None = None) -> list[Said]:
        """Press a button, and return all that the bot says to it."""
        before = len(person.chat.heard)
        await person.taps(label, on)
        return await self._heard(person, before)

    async def tap_data(self, person: Person, data: str) -> list[Said]:
        """Send a tap with this data, whether there is such a button or not."""
        before = len(person.chat.heard)
        await person.taps_data(data, person.chat.heard[-1])
        return await self._heard(person, before)

    async def _heard(self, person: Person, before: int) -> list[Said]:
        await self.fake.until(lambda: len(person.chat.heard) > before)
        await self.fake.quiet(seconds=0.2)
        return person.chat.heard[before:]

    async def question(self, words: str = "化肥补贴表在哪交", place: str = VILLAGE, address: str = "herder-1") -> int:
        """Let a resident of Telegram hand over a question."""
        async with self.database.begin() as conn:
            who = await residents.meet(conn, channel="telegram", account="bot", address=address, now=self.now)
            return await tickets.hand_over(conn, who.id, place=place, question=words, now=self.now)

    async def everyone(self) -> list[Staff]:
        """All staff."""
        async with self.database.begin() as conn:
            return await staff.everyone(conn)

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """The fake server."""
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
async def closed(telegram: FakeTelegram, database: Database, know: Knowledge) -> Desk:
    """The bot, not started."""
    fake = telegram.bot(TOKEN, username="mingbai_staff_bot", limits=unlimited())
    return Desk(fake, telegram.url, database, replace(know), Trail(KEY))


@pytest.fixture
async def desk(closed: Desk) -> AsyncIterator[Desk]:
    """The bot, polling."""
    async with AsyncExitStack() as stack:
        await closed.open(stack)
        yield closed
