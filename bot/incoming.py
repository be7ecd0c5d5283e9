"""What came in, free of any channel."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Voice:
    """A voice message; `heard` is what was recognised: empty where it could not be made out, None if nobody tried."""

    heard: str | None = None


@dataclass(frozen=True)
class Incoming:
    """One update of a resident: exactly one of text, action (an option that was chosen) and voice is set.

    `address` is who to answer on `account`; `message_id` is the platform's, by which a redelivery is known.
    """

    channel: str
    account: str
    address: str
    message_id: str
    received_at: datetime
    text: str | None = None
    action: str | None = None
    voice: Voice | None = None
