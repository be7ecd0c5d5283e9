"""Staff are told that new questions wait for their places: by day, and at least once.

It is noted after they were told, so a crash in between tells them again. Whom this process has told stands in memory:
while one can't be reached, the others are not told anew at every look.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from telegram.error import TelegramError

from bot.dialogue.readers import called
from bot.dialogue.turn import Knowledge
from bot.staff.bot import StaffBot
from bot.staff.may import Deed, roles
from bot.staff.said import Said
from bot.staff.talk import CHANNEL
from content.render import say
from scheduler.limits import is_quiet
from storage import staff, tickets
from storage.database import Database

log = structlog.get_logger()


class Announcing:
    """Looks for questions of which staff were not told."""

    def __init__(self, staff_bot: StaffBot, database: Database, know: Callable[[], Knowledge]) -> None:
        self._bot, self._database, self._know = staff_bot, database, know
        self._told: set[tuple[str, int]] = set()  # address, ticket

    async def look(self, now: datetime) -> None:
        """Tell staff of each place how many new questions wait; at night they wait too. Raises DatabaseError."""
        if is_quiet(now):
            return
        async with self._database.begin() as conn:
            new = await tickets.unannounced(conn)
            readers = {
                place: await staff.addresses(conn, roles(Deed.ANSWER), place=place, channel=CHANNEL) for place in new
            }
        for place, ids in new.items():
            if all([await self._tell(address, place, ids) for address in readers[place]]):
                async with self._database.begin() as conn:
                    await tickets.announced(conn, ids, now=now)
                self._told -= {(address, id_) for address in readers[place] for id_ in ids}

    async def _tell(self, address: str, place: str, ids: Sequence[int]) -> bool:
        """Tell one of them what they were not told yet; whether they know of all of it now."""
        fresh = {(address, id_) for id_ in ids} - self._told
        if not fresh:
            return True
        words = say("staff", "waiting", count=len(fresh), name=called(self._know().places.get(place)))
        try:
            await self._bot.say(address, Said(text=words))
        except TelegramError as error:
            log.warning("questions_not_announced", kind=type(error).__name__)
            return False
        self._told |= fresh
        return True
