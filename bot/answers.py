"""Take the answers of staff back to the residents who asked, on the accounts that may speak first.

Each is tried once: whatever does not surely arrive waits for the resident's next contact (bot/pipeline.py), so that
none is lost, and one may come twice only where nobody knows whether it arrived. At night nothing is sent.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from bot.dialogue.person import answered
from content.places import Places
from scheduler.limits import is_quiet
from scheduler.sending import Gone, Sender, Sent, TryLater
from storage import residents, tickets
from storage.database import Database
from storage.tickets import Claimed

log = structlog.get_logger()

EVERY = 5.0
"""Seconds between two looks."""

AT_ONCE = 20


class Answers:
    """Sends answers. Any number of processes may: an answer is claimed by one."""

    def __init__(
        self,
        database: Database,
        senders: Mapping[tuple[str, str], Sender],
        *,
        places: Callable[[], Places],
        now: Callable[[], datetime],
    ) -> None:
        """`senders` by channel and account."""
        self._database, self._senders, self._places, self._now = database, senders, places, now
        self._held: dict[tuple[str, str], datetime] = {}  # accounts that were told to wait

    async def keep_sending(self) -> None:
        """Look again and again. Raises DatabaseError."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY)

    async def look(self) -> int:
        """Send what waits by day; returns how many surely arrived. Raises DatabaseError."""
        now = self._now()
        free = [one for one in self._senders if now >= self._held.get(one, now)]
        return 0 if is_quiet(now) else sum([await self._account(*one) for one in free])

    async def _account(self, channel: str, account: str) -> int:
        async with self._database.begin() as conn:
            due = await tickets.claim(conn, channel=channel, account=account, limit=AT_ONCE, now=self._now())
        return sum([await self._send(channel, account, one) for one in due])

    async def _send(self, channel: str, account: str, one: Claimed) -> bool:
        message = answered(self._places(), one.place, one.answer, one.asked_at, one.answered_at)
        # Deliveries count from 1 upwards; a number below zero is no other message's.
        sender, now = self._senders[channel, account], self._now()
        outcome = await sender.send(account, one.address, message, delivery_id=-one.id, now=now)
        async with self._database.begin() as conn:
            match outcome:
                case Sent():
                    await tickets.told(conn, one.id, now=self._now())
                case TryLater(after=after):
                    await tickets.unclaim(conn, one.id)
                    self._held[channel, account] = now + after
                case Gone():
                    await residents.gone(conn, channel=channel, account=account, address=one.address, now=now)
        log.info("answer_sent", ticket=one.id, channel=channel, outcome=type(outcome).__name__)
        return isinstance(outcome, Sent)
