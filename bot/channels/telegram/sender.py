"""What nobody asked for goes this way: reminders and notices, one try at a time (scheduler/sending.py)."""

from datetime import datetime, timedelta
from functools import lru_cache

from bot.channels.telegram.line import Line
from bot.channels.telegram.render import parts
from content.message import Message
from scheduler.sending import Outcome, Sent, TryLater, Unsure

_parts = lru_cache(maxsize=8)(parts)  # a notice is the same for a whole village


class TelegramSender:
    """The `Sender` of one account. Telegram drops no repeats, so `delivery_id` is of no use to it."""

    def __init__(self, line: Line, *, page: str | None = None) -> None:
        """`page` is the public address of the web page, for links to cards."""
        self._line, self._page = line, page

    async def send(self, account: str, address: str, message: Message, *, delivery_id: int, now: datetime) -> Outcome:
        """Try once. A long message is several of Telegram's: if only some of them were taken, that is Unsure."""
        if self._line.gate.held:
            return TryLater(timedelta(seconds=self._line.gate.held), whole_account=True)
        first = ""
        for number, part in enumerate(_parts(message, page=self._page)):
            outcome = await self._line.say(int(address), part)
            if not isinstance(outcome, Sent):
                return Unsure("half_sent") if number else outcome
            first = first or outcome.ref
        return Sent(first)
