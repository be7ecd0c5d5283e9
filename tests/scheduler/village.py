"""A village with windows and people who follow them, and days that pass in it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.dialogue.turn import Knowledge
from scheduler.broadcast.drain import drain
from scheduler.calendar import LOCAL
from scheduler.holidays import office_days
from scheduler.remind_words import Reminding
from scheduler.reminders import Planned, look
from scheduler.sending import Sent
from storage import deliveries, following, residents, windows
from storage.database import Database
from storage.following import Follow
from storage.windows import Entered, Timing, Window
from tests.scheduler.sending import Platform, an_account, people

PROGRAMME = "grain-soy-insurance"
VILLAGE, TOWN, BANNER = "150621100201", "150621100", "150621"


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of a day in Inner Mongolia."""
    return datetime.combine(day, time(hour, minute), LOCAL)


@dataclass
class Village:
    """Everything that a reminder needs, and what the platform took: texts by address and day."""

    database: Database
    know: Knowledge
    account: int
    platform: Platform = field(default_factory=Platform)
    got: dict[str, list[tuple[datetime, str]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    async def founded(cls, database: Database, know: Knowledge) -> "Village":
        return cls(database, know, await an_account(database))

    async def resident(self, address: str, *follows: Follow, places: Sequence[str] = (VILLAGE,)) -> int:
        (who,) = await people(self.database, address)
        async with self.database.begin() as conn:
            await residents.save_places(conn, who, places)
            for one in follows or (Follow("programme", PROGRAMME),):
                await following.follow(conn, who, one, at(date(2026, 1, 1)))
        return who

    async def window(self, opens: date | None, closes: date | None, on: date, **more: Any) -> Window:
        """A published window, entered on the day `on`."""
        timing = Timing.DATED if closes else Timing.OPEN_ENDED
        given = {"place": BANNER, "timing": timing, "programme": PROGRAMME, "topic": "insurance"}
        entered = Entered(**given | {"opens_on": opens, "closes_on": closes, "source": "我嘎查村委会通知"} | more)
        async with self.database.begin() as conn:
            made = await windows.enter(conn, entered, author="staff:1", reason="通知", now=at(on, 8))
            return await windows.publish(conn, made.id, confirmer="staff:1", reason="核对过", now=at(on, 8))

    async def move(self, window: Window, on: datetime, **days: object) -> None:
        async with self.database.begin() as conn:
            await windows.change(conn, window.id, days, author="staff:1", reason="改期", now=on)

    async def cancel(self, window: Window, on: datetime) -> None:
        async with self.database.begin() as conn:
            await windows.cancel(conn, window.id, author="staff:1", reason="不办了", now=on)

    async def look(self, now: datetime) -> Planned:
        return await look(self.database, now, days=office_days())

    async def send(self, now: datetime) -> None:
        """Let what is due go out at this moment, and note who got what."""
        before = len(self.platform.order)
        reminding = Reminding(lambda: self.know.library, self.know.places, office_days())
        async with self.database.begin() as conn:
            await deliveries.expire(conn, now)
        await drain(
            self.account, store=self.database, sender=self.platform, composers={"reminder": reminding}, now=lambda: now
        )
        for address in self.platform.order[before:]:
            if isinstance(self.platform.answer(address), Sent):
                self.got[address].append((now, self.platform.texts[address]))

    async def live(self, first: date, last: date, *, hours: Sequence[int] = (9,)) -> None:
        """Let the days pass: a look and a drain at each of these hours."""
        for number in range((last - first).days + 1):
            for hour in hours:
                now = at(first + timedelta(days=number), hour)
                await self.look(now)
                await self.send(now)

    def days(self, address: str) -> list[date]:
        """The days on which somebody got a message."""
        return [moment.astimezone(LOCAL).date() for moment, _ in self.got[address]]

    def last(self, address: str) -> str:
        """The last message that somebody got."""
        return self.got[address][-1][1]
