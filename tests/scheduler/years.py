"""Simulated years: random windows, moves, joins, stops and outages; every promise about reminders is held on the way.

Time leaps from one day on which something can happen to the next, at random hours, nights and outages among them. What
was told is taken from what was composed; what should have been told is worked out anew, one resident and one window at
a time, as slowly and plainly as can be.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Row, delete, select

from bot.dialogue.turn import Knowledge
from content.message import Message
from scheduler.broadcast.drain import drain
from scheduler.calendar import local_date
from scheduler.holidays import office_days
from scheduler.limits import is_quiet
from scheduler.remind_words import Reminding
from scheduler.reminders import AHEAD, CHANGED_WITHIN, look
from scheduler.sending import Gone, NotNow, Outcome, Refused, Sent, TryLater, Unsure
from scheduler.stages import as_due, helps_until
from storage import deliveries, following, residents, windows
from storage.database import Database
from storage.deliveries import Claimed
from storage.entries import State
from storage.following import Follow
from storage.tables import delivery, metadata, place_window, reminder
from storage.windows import Window, as_window
from tests.scheduler.promises import ORDER, behind, matches, presses, span_of
from tests.scheduler.sending import Platform
from tests.scheduler.village import BANNER, TOWN, VILLAGE, Village, at

PLACES = (VILLAGE, TOWN, BANNER, "1506", "15", "150622")
PROGRAMMES = (("grain-soy-insurance", "insurance"), ("dibao", "low-income"))
HOURS = (0, 6, 8, 9, 13, 18, 20, 22)
START = date(2026, 1, 5)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """One window told to one resident: when, the days named, and the day on which that had come due."""

    resident: int
    window: int
    when: datetime
    span: tuple[date | None, date | None]
    due: date


@dataclass
class Year:
    """A village, dice, and what was told in it."""

    village: Village
    dice: Random
    told: list[Told] = field(default_factory=list)
    composed: dict[int, list[Told]] = field(default_factory=dict)
    sent: dict[int, list[datetime]] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    luck: dict[str, Random] = field(default_factory=dict)
    windows: list[int] = field(default_factory=list)
    most: int = 6
    broken: list[AssertionError] = field(default_factory=list)

    async def live(self, days: int, steps: int) -> None:
        """Let so many days pass in so many steps."""
        self.village.platform = Platform(self._answer)
        first = [at(START + self.dice.randint(0, days) * A_DAY, self.dice.choice(HOURS)) for _ in range(steps // 2)]
        again = [moment + timedelta(hours=self.dice.choice((3, 14, 24))) for moment in first]
        moments = sorted(first + again)
        for deed in (self._join, self._join, self._window, self._window):
            await deed(at(START))
        for moment in moments:
            await self._happens(moment)
            if self.dice.random() < 0.8:  # else the service is down
                await self._serve(moment)
        await self._serve(at(START + (days + 1) * A_DAY, 9))

    def _answer(self, address: str) -> Outcome:
        """Each address has dice of its own: a drain sends to many at once, in an order that no seed decides."""
        dice = self.luck[address]
        if dice.random() < 0.75:
            return Sent()
        return dice.choice((TryLater(timedelta(hours=5)), NotNow(), Unsure("time_out"), Refused("odd"), Gone()))

    async def _happens(self, now: datetime) -> None:
        for deed in self.dice.sample((self._window, self._window, self._move, self._move, self._join, self._whim), k=2):
            await deed(now)

    async def _window(self, now: datetime) -> None:
        if len(self.windows) >= self.most:
            return
        opens = local_date(now) + self.dice.randint(-5, 25) * A_DAY
        closes = opens + self.dice.randint(0, 30) * A_DAY if self.dice.random() < 0.9 else None
        programme, topic = self.dice.choice(PROGRAMMES)
        more = {"place": self.dice.choice(PLACES), "programme": programme, "topic": topic}
        made = await self.village.window(
            opens, closes, local_date(now), batch=str(len(self.windows)), sensitive=topic == "low-income", **more
        )
        self.windows.append(made.id)

    async def _move(self, now: datetime) -> None:
        if not self.windows:
            return
        window = await self._window_now(self.dice.choice(self.windows))
        if window.state is State.CANCELLED:
            async with self.village.database.begin() as conn:
                await windows.publish(conn, window.id, confirmer="s", reason="又办了", now=now)
        elif self.dice.random() < 0.3:
            await self.village.cancel(window, now)
        elif window.closes_on is not None:
            today = local_date(now)
            soon = self.dice.random() < 0.4 and window.closes_on >= today
            closes = today if soon else window.closes_on + self.dice.randint(-9, 9) * A_DAY
            closes = max(closes + self.dice.randint(0, 2) * A_DAY, window.opens_on or window.closes_on)
            await self.village.move(window, now, closes_on=closes)

    async def _join(self, now: datetime) -> None:
        if len(self.ids) >= 6:
            return
        name = f"r{len(self.ids)}"
        self.luck[name] = Random(self.dice.random())  # noqa: S311 - to repeat a year, no secret
        programme, topic = self.dice.choice(PROGRAMMES)
        follow = self.dice.choice(
            (
                Follow("programme", programme, consented=self.dice.random() < 0.7, discreet=True),
                Follow("topic", topic, consented=True),
                Follow("place", VILLAGE),
            )
        )
        self.ids[name] = await self.village.resident(name, follow, places=self.dice.choice(((VILLAGE,), (BANNER,), ())))

    async def _whim(self, now: datetime) -> None:
        if not self.ids:
            return
        name, who = self.dice.choice(sorted(self.ids.items()))
        async with self.village.database.begin() as conn:
            match self.dice.randrange(8):
                case 0:
                    await residents.stop(conn, who, now)
                case 1:
                    await residents.resume(conn, who)
                case 2:
                    await following.unfollow_all(conn, who)
                case 3 | 4 | 5:
                    await residents.meet(conn, channel="telegram", account="bot", address=name, now=now)
                    await deliveries.release(conn, who, now)
                case _:
                    await following.follow(conn, who, Follow("programme", PROGRAMMES[0][0]), now)

    async def _serve(self, now: datetime) -> None:
        """A look, perhaps a second one, and a drain; then everything promised is checked."""
        database = self.village.database
        async with database.begin() as conn:
            await deliveries.expire(conn, now)
        await look(database, now, days=office_days())
        if self.dice.random() < 0.3:
            assert (await look(database, now, days=office_days())).lines == 0, "the same look twice"
        before = len(self.village.platform.order)
        composers = {"reminder": self._compose}
        await drain(self.village.account, store=database, sender=self._sender(), composers=composers, now=lambda: now)
        if self.broken:
            raise self.broken[0]
        if len(self.village.platform.order) > before:
            assert not is_quiet(now), "nothing in quiet hours"
        await self._nobody_left_out(now)

    def _sender(self) -> "Year":
        return self

    async def send(self, account: str, address: str, message: Message, *, delivery_id: int, now: datetime) -> Outcome:
        """Send, and hold what was promised of a message that was taken or may have been."""
        outcome = await self.village.platform.send(account, address, message, delivery_id=delivery_id, now=now)
        if isinstance(outcome, Sent | Unsure):
            try:
                await self._taken(self.ids[address], delivery_id, now)
            except AssertionError as error:
                self.broken.append(error)  # a drain survives whatever its sender raises: see `_serve`
        return outcome

    async def _taken(self, who: int, delivery_id: int, now: datetime) -> None:
        got = self._got(who, local_date(now))
        assert got < 2, "one message a day, and one more where tomorrow is too late"
        self.sent.setdefault(who, []).append(now)
        for told in self.composed[delivery_id]:
            last = await self._hold(told)
            window = await self._window_now(told.window)
            assert not got or presses(window, last.span if last else None, now), "the second brings only what presses"
            self.told.append(told)

    def _got(self, who: int, today: date) -> int:
        return [local_date(moment) for moment in self.sent.get(who, [])].count(today)

    async def _compose(self, conn: Any, rows: Sequence[Claimed], now: datetime) -> Any:
        made = await Reminding(lambda: self.village.know.library, self.village.know.places, office_days())(
            conn, rows, now
        )
        for row in rows:
            kept = reminder.c
            lines = await conn.execute(select(reminder).where(kept.delivery_id == row.id).order_by(*ORDER))
            newest = {line.window_id: line for line in lines}
            self.composed[row.id] = [
                Told(line.resident_id, line.window_id, now, (line.opens_on, line.closes_on), line.due_on)
                for line in newest.values()
            ]
            assert bool(self.composed[row.id]) == (row.id in made)
        return made

    async def _hold(self, told: Told) -> Told | None:
        """What is told is true, still helps, was wanted, and was not told before; return what was told before."""
        window = await self._window_now(told.window)
        assert told.span == span_of(window), "the days told are the days"
        earlier = [one for one in self.told if (one.resident, one.window) == (told.resident, told.window)]
        last = earlier[-1] if earlier else None
        changed = last is not None and last.span != told.span
        over = helps_until(window.opens_on, window.closes_on, told.when, office_days()) <= told.when
        assert changed or (window.state is State.PUBLISHED and not over), "never after closing, nor of what is not"
        if last is not None and not changed:
            assert last.due < told.due, "no stage is told twice"
        wants = await self._wants(told.resident)
        assert wants(window), "only to who follows it, below its place, and has not stopped"
        return last

    async def _wants(self, who: int) -> Callable[[Window], bool]:
        async with self.village.database.begin() as conn:
            kept = await residents.kept(conn, who)
            follows = await following.followed(conn, who)
        if kept is None or kept.resident.stopped_at or kept.resident.gone_at:
            return lambda _: False
        places = kept.resident.places
        return lambda window: any(matches(one, window, places) for one in follows)

    async def _nobody_left_out(self, now: datetime) -> None:
        """By day, whoever got no message today was told all that is due, or it waits; who got one, all that presses."""
        if is_quiet(now):
            return
        async with self.village.database.begin() as conn:
            found = [as_window(row) for row in await conn.execute(select(place_window))]
        for who in self.ids.values():
            got, wants = self._got(who, local_date(now)), await self._wants(who)
            wanted = [one for one in found if wants(one)]
            for window in wanted if got < 2 else ():
                if not behind(window, wanted):
                    await self._told_or_waiting(who, window, now, only_pressing=got == 1)

    async def _told_or_waiting(self, who: int, window: Window, now: datetime, *, only_pressing: bool) -> None:
        seen = as_due(window, now, AHEAD, office_days())
        today, last = local_date(now), await self._last(who, window)
        named = (last.opens_on, last.closes_on) if last else None
        if only_pressing and not presses(window, named, now):
            return
        tried = await self._tried_today(who, today, sent=not only_pressing)
        tried |= not only_pressing and last is not None and last.told_on == today
        over = last is None or last.state == "refused" or (last.closes_on is not None and last.closes_on < today)
        # Who stopped, and comes back two months after something was cancelled, has found out.
        over |= window.state is State.CANCELLED and window.changed_at < now - CHANGED_WITHIN
        assert over or tried or named == span_of(window), f"resident {who} did not hear of the change of {window.id}"
        if seen.due_on is not None:
            covered = last is not None and named == span_of(window) and last.due_on >= seen.due_on
            assert covered or tried, f"resident {who} was left out of window {window.id} on {today}"

    async def _last(self, who: int, window: Window) -> Row[Any] | None:
        """What the resident was told last of a window, with the state of its delivery."""
        asked = select(reminder, delivery.c.state).outerjoin(delivery, delivery.c.id == reminder.c.delivery_id)
        mine = (reminder.c.resident_id == who, reminder.c.window_id == window.id)
        async with self.village.database.begin() as conn:
            rows = (await conn.execute(asked.where(*mine).order_by(*ORDER))).all()
        return rows[-1] if rows else None

    async def _tried_today(self, who: int, today: date, *, sent: bool) -> bool:
        """A delivery of today that the platform would not take: tomorrow is the next try. `sent`: or took."""
        async with self.village.database.begin() as conn:
            first = int(today.strftime("%Y%m%d00"))
            ours = ["cancelled", "expired"]  # for our own reasons: planned anew at the next look
            ended = delivery.c.state.in_(ours if sent else [*ours, "sent", "unknown"])
            which = (delivery.c.resident_id == who, delivery.c.source_id.between(first, first + 99), ~ended)
            return (await conn.execute(select(delivery.c.id).where(*which))).first() is not None

    async def _window_now(self, id_: int) -> Window:
        async with self.village.database.begin() as conn:
            row = (await conn.execute(select(place_window).where(place_window.c.id == id_))).one()
        return as_window(row)


async def a_year(database: Database, know: Knowledge, dice: Random, *, days: int = 120, steps: int = 30) -> Year:
    """Empty the database and let a year pass. AssertionError where a promise is broken."""
    async with database.begin() as conn:
        for table in reversed(metadata.sorted_tables):
            await conn.execute(delete(table))
    year = Year(await Village.founded(database, know), dice, most=max(3, steps // 5))
    await year.live(days, steps)
    return year
