"""The monthly mass sends: planned, approved by a second person, sent to one banner's tag, and settled by its totals.

WeChat lets a service account send four a month to each follower. None is spent without approval; tags name a banner,
never anything narrower and never a topic. The job's group (`clientmsgid`) makes a second try harmless: WeChat answers
it with the first one's job. Its rows share its fate: sent if its totals agree with them, else nobody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.wechat.account import TEXT_LIMIT
from bot.channels.wechat.api import Api, Failed, Rejected
from bot.channels.wechat.outcomes import outcome_of
from bot.channels.wechat.tags import tagged
from content.split import utf8
from scheduler.calendar import LOCAL, local_date
from scheduler.sending import TryLater
from storage import wechat_mass
from storage.alerts import raise_alert
from storage.broadcasts import lending
from storage.database import Database
from storage.states import State
from storage.wechat_mass import Mass, MassState

log = structlog.get_logger()

A_MONTH = 4
"""Mass sends that a follower of a service account may get in a month."""

LATE = timedelta(hours=12)
"""An approved one that did not go in so long after its time is missed: its words may no longer fit."""

RESULT_WITHIN = timedelta(hours=24)
"""WeChat tells the result, and knows a group again, for so long."""

FATES = {MassState.SENT: State.SENT, MassState.UNKNOWN: State.UNKNOWN}
"""What becomes of each copy of a broadcast that went this way."""

SAME_GROUP = 45065
SENDALL = "/cgi-bin/message/mass/sendall"
OPENS, CLOSES = (7, 30), (21, 0)  # local time; at night nothing of this kind goes


class NotPlanned(Exception):
    """A mass send that can't be: `reason` is the name of a sentence in wechat.j2."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


@dataclass(frozen=True)
class Totals:
    """What WeChat tells of a job that ended."""

    message: int
    succeeded: bool
    total: int
    filtered: int
    sent: int
    failed: int

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Read an event; what is missing is 0, and then the totals do not agree."""
        numbers = (
            _number(data.get(name)) for name in ("MsgID", "TotalCount", "FilterCount", "SentCount", "ErrorCount")
        )
        message, total, filtered, sent, failed = numbers
        return cls(message, str(data.get("Status")) == "send success", total, filtered, sent, failed)

    def reached_all(self, rows: int) -> bool:
        """Whether everybody whom we meant was reached, and nobody else."""
        return self.succeeded and self.total == self.filtered == self.sent == rows and self.failed == 0


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0


async def plan(
    database: Database,
    account: str,
    *,
    banner: str,
    body: str,
    when: datetime,
    by: str,
    now: datetime,
    broadcast_id: int | None = None,
) -> Mass:
    """Plan one; `broadcast_id`: for those whose copy of that broadcast is held.

    Raises NotPlanned for a text that is too long, a time that is past, or a month that is full.
    """
    if not body.strip() or utf8(body) > TEXT_LIMIT:
        raise NotPlanned("mass_too_long", size=utf8(body), most=TEXT_LIMIT)
    if when <= now:
        raise NotPlanned("mass_past")
    async with database.begin() as conn:
        await _room(conn, account, banner, when)
        return await wechat_mass.plan(
            conn, account=account, banner=banner, body=body, planned_for=when, by=by, now=now, broadcast_id=broadcast_id
        )


async def approve(database: Database, mass_id: int, *, digest: str, by: str, now: datetime) -> None:
    """Approve what was shown under a digest. NotPlanned: it changed, is by the same person, or the month is full."""
    async with database.begin() as conn:
        mass = await wechat_mass.get(conn, mass_id)
        if mass is None or mass.state is not MassState.PLANNED or mass.digest != digest:
            raise NotPlanned("mass_changed")
        if mass.planned_by == by:
            raise NotPlanned("mass_same_person")
        await _room(conn, mass.account, mass.banner, mass.planned_for)
        await wechat_mass.approve(conn, mass_id, digest=digest, by=by, now=now)


async def left(conn: Any, account: str, banner: str, when: datetime) -> int:
    """How many a banner has left in the month of a moment."""
    first = local_date(when).replace(day=1)
    begin, end = (datetime(day.year, day.month, 1, tzinfo=LOCAL) for day in (first, _next_month(first)))
    return A_MONTH - await wechat_mass.spent(conn, account, banner, begin, end)


async def _room(conn: Any, account: str, banner: str, when: datetime) -> None:
    if await left(conn, account, banner, when) < 1:
        raise NotPlanned("mass_full", most=A_MONTH)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


async def finished(database: Database, account: str, totals: Totals, now: datetime) -> None:
    """Settle a job whose result WeChat tells; told again, or of nobody's job, nothing changes."""
    async with database.begin() as conn:
        mass = await wechat_mass.by_message(conn, account, totals.message)
        if mass is None:
            return
        to = MassState.SENT if totals.reached_all(mass.recipients or 0) else MassState.UNKNOWN
        if await wechat_mass.move(conn, mass.id, [MassState.SENDING], to, now, taken=totals.sent):
            await _copies(conn, mass, to, now)
            log.info("wechat_mass_settled", mass_id=mass.id, state=to.value)
            if to is MassState.UNKNOWN:
                await raise_alert(conn, "mass_unknown", str(mass.id), now)


class MassSends:
    """Sends what is approved and due. Look again and again; two lookers at once do no harm."""

    def __init__(self, api: Api, database: Database, account: str, *, guests_only: bool) -> None:
        """`guests_only`: the installation is in trial."""
        self._api, self._database, self._account, self._guests_only = api, database, account, guests_only

    async def look(self, now: datetime) -> None:
        """Do what is due: tell staff, send, try again, give up."""
        states = (MassState.PLANNED, MassState.APPROVED, MassState.SENDING)
        async with self._database.begin() as conn:
            found = await wechat_mass.listed(conn, self._account, states)
        for mass in found:
            match mass.state:
                case MassState.PLANNED:
                    await self._planned(mass, now)
                case MassState.APPROVED if now >= mass.planned_for:
                    await self._due(mass, now)
                case MassState.SENDING:
                    await self._under_way(mass, now)

    async def _planned(self, mass: Mass, now: datetime) -> None:
        """One that waits for approval is told; one whose time came without it is taken back."""
        if now < mass.planned_for:
            async with self._database.begin() as conn:
                await raise_alert(conn, "mass_waiting", str(mass.id), now)
            return
        await self._end(mass, [MassState.PLANNED], MassState.CANCELLED, "mass_not_approved", now)

    async def _due(self, mass: Mass, now: datetime) -> None:
        if now > mass.planned_for + LATE:
            await self._end(mass, [MassState.APPROVED], MassState.MISSED, "mass_missed", now)
            return
        local = now.astimezone(LOCAL)
        if not OPENS <= (local.hour, local.minute) < CLOSES:
            return
        async with self._database.begin() as conn:
            if not await wechat_mass.move(conn, mass.id, [MassState.APPROVED], MassState.SENDING, now):
                return
            await wechat_mass.freeze(conn, mass.id, await self._people(conn, mass, now))
        await self._send(mass, now)

    async def _people(self, conn: AsyncConnection, mass: Mass, now: datetime) -> list[int]:
        """Everybody in the banner; of a broadcast those whose copy is held, which is lent for as long."""
        if mass.broadcast_id is None:
            return await wechat_mass.audience(conn, self._account, mass.banner, guests_only=self._guests_only)
        guests = self._guests_only
        return await lending.lend(
            conn, mass.broadcast_id, account=self._account, banner=mass.banner, guests_only=guests, now=now
        )

    async def _under_way(self, mass: Mass, now: datetime) -> None:
        """Try again where WeChat has not named the job; after a day nobody will tell what became of it."""
        if now > mass.moved_at + RESULT_WITHIN:
            await self._end(mass, [MassState.SENDING], MassState.UNKNOWN, "mass_unknown", now)
        elif mass.message is None:
            await self._send(mass, now)

    async def _send(self, mass: Mass, now: datetime) -> None:
        async with self._database.begin() as conn:
            people = await wechat_mass.frozen(conn, mass.id)
        if not people:
            await self._end(mass, [MassState.SENDING], MassState.REFUSED, "mass_nobody", now)
            return
        try:
            tag = await tagged(self._api, self._database, self._account, mass.banner, people)
            answer = await self._api.post(SENDALL, _job(mass, tag))
        except Rejected as error:
            await self._rejected(mass, error, now)
        except Failed as error:
            log.warning("wechat_mass_tried_again", mass_id=mass.id, error=type(error).__name__)
        else:
            await self._named(mass, answer)

    async def _rejected(self, mass: Mass, error: Rejected, now: datetime) -> None:
        if error.code == SAME_GROUP and error.answer.get("msg_id"):
            await self._named(mass, error.answer)
        elif not isinstance(outcome_of(error.code, SENDALL), TryLater):
            await self._end(mass, [MassState.SENDING], MassState.REFUSED, "mass_refused", now)

    async def _named(self, mass: Mass, answer: Mapping[str, Any]) -> None:
        async with self._database.begin() as conn:
            await wechat_mass.note_message(conn, mass.id, _number(answer.get("msg_id")))

    async def _end(self, mass: Mass, come_from: list[MassState], to: MassState, alert: str, now: datetime) -> None:
        async with self._database.begin() as conn:
            if await wechat_mass.move(conn, mass.id, come_from, to, now):
                await _copies(conn, mass, to, now)
                await raise_alert(conn, alert, str(mass.id), now)
                log.warning("wechat_mass_ended", mass_id=mass.id, state=to.value)


async def _copies(conn: AsyncConnection, mass: Mass, to: MassState, now: datetime) -> None:
    """Say of the copies that were lent what became of them; those of one that did not go are held as before."""
    if mass.broadcast_id is None:
        return
    fate = FATES.get(to)
    if fate is None:
        await lending.give_back(conn, mass.broadcast_id, mass.id)
    else:
        await lending.shared_fate(conn, mass.broadcast_id, mass.id, to=fate, now=now)


def _job(mass: Mass, tag: int) -> dict[str, Any]:
    return {
        "filter": {"is_to_all": False, "tag_id": tag},
        "text": {"content": mass.body},
        "msgtype": "text",
        "clientmsgid": f"mingbai-{mass.id}-{mass.digest}",
    }
