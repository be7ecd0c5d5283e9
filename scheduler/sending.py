"""The contract between what is to be sent and the platforms: one `Sender` for each channel that may speak first.

A sender says what surely happened. `TryLater` and `NotNow` mean that the platform did not take the message; a time-out,
a reset or a 5xx after the request left is `Unsure`, because sending again might send twice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from content.message import Message


@dataclass(frozen=True)
class Sent:
    """The platform took it; `ref` is its name for the message, empty where it gives none."""

    ref: str = ""


@dataclass(frozen=True)
class TryLater:
    """Surely not taken; worth another try after this time. `whole_account`: nothing else may go before either."""

    after: timedelta
    whole_account: bool = False


@dataclass(frozen=True)
class Refused:
    """Surely not taken, and never will be: `reason` is a word of the channel's outcome table, never a text."""

    reason: str


@dataclass(frozen=True)
class Gone:
    """The resident blocked or left the account: nothing more can reach them until they come back."""


@dataclass(frozen=True)
class NotNow:
    """The channel may not speak to this resident now; held until their next contact."""


@dataclass(frozen=True)
class Unsure:
    """Nobody knows whether it was taken; `reason` is a word of the channel's outcome table."""

    reason: str


Outcome = Sent | TryLater | Refused | Gone | NotNow | Unsure


class Sender(Protocol):
    """Sends one message to one address of one account. Never raises for what the platform or the network does.

    It calls `leaves` as its request goes out: the next message of the account waits for that.
    """

    async def send(self, account: str, address: str, message: Message, *, delivery_id: int, now: datetime) -> Outcome:
        """Try once. `delivery_id` is the same at every try, for platforms that drop a repeat."""


_left: ContextVar[Callable[[], None]] = ContextVar("left", default=lambda: None)


def leaves() -> None:
    """Say that the request of a message goes out now. Where nobody waits for that, nothing happens."""
    _left.get()()


@contextmanager
def leaving(left: Callable[[], None]) -> Iterator[None]:
    """Be told when the message that the block sends leaves."""
    token = _left.set(left)
    try:
        yield
    finally:
        _left.reset(token)
