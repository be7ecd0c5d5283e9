"""Which official account this is, and what its kind may do."""

from dataclasses import dataclass
from typing import Literal

from bot.channels.base import Capabilities

Kind = Literal["service", "subscription", "unverified"]
"""服务号 (verified), 订阅号 (verified), and an account without verification, which may only answer at once."""

TEXT_LIMIT = 2048
"""Bytes of one text message, in UTF-8."""


@dataclass(frozen=True)
class Account:
    """One official account: its ids, its secrets, and where things are. `aes_key` is "" in plain mode."""

    app_id: str
    secret: str
    token: str
    aes_key: str
    kind: Kind
    api: str
    pages: str  # public address of the web page, "" where there is none: then nothing is linked

    @property
    def may_write(self) -> bool:
        """Whether customer-service messages are allowed: an answer that comes late can still be sent."""
        return self.kind != "unverified"

    @property
    def may_notify(self) -> bool:
        """Whether template messages and subscription notices are allowed."""
        return self.kind == "service"

    @property
    def capabilities(self) -> Capabilities:
        """What the conversation may know of the channel."""
        return Capabilities(
            name="wechat", buttons=False, text_limit=TEXT_LIMIT, may_speak_first=self.may_write, own_foot=False
        )
