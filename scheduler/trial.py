"""A new installation is in trial: nothing is sent unasked to anybody but the guests whom the operator named."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from content.message import Message
from scheduler.sending import Outcome, Refused, Sender


@dataclass(frozen=True)
class Trial:
    """A sender that reaches guests only. The others are refused, not held: ending the trial lets no rehearsal out."""

    sender: Sender
    is_guest: Callable[[str, str], Awaitable[bool]]
    """Whether an address of an account is a guest's."""

    async def send(self, account: str, address: str, message: Message, *, delivery_id: int, now: datetime) -> Outcome:
        """See `Sender`."""
        if not await self.is_guest(account, address):
            return Refused("in_trial")
        return await self.sender.send(account, address, message, delivery_id=delivery_id, now=now)
