"""What the web page is built with."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.channels.base import Capabilities
from bot.channels.order import Order
from bot.dialogue.turn import Knowledge, Service
from bot.pipeline import Pipeline
from content.message import Message, Option, Text
from content.programme import Programme
from content.render import say

if TYPE_CHECKING:
    from storage.broadcasts import Published

CAPABILITIES = Capabilities(name="web", buttons=True, text_limit=None, may_speak_first=False, own_foot=True)


async def no_notices(_: str) -> None:
    """Where nothing is known of any notice."""


@dataclass(frozen=True)
class Site:
    """One web page of one installation."""

    pipeline: Pipeline
    knowledge: Callable[[], Knowledge]
    now: Callable[[], datetime]
    account: str
    secure: bool
    order: Order = field(default_factory=Order)
    notices: Callable[[str], Awaitable["Published | None"]] = no_notices  # by number, for who scans the code under one

    @property
    def know(self) -> Knowledge:
        """The content as it stands now."""
        return self.knowledge()

    @property
    def service(self) -> Service:
        """Who runs this service; stands at the foot of every page."""
        return self.know.service

    def programme_of(self, message: Message) -> Programme | None:
        """The programme that a message shows, for the link to its own page."""
        ids = [one.programme for one in message.attachments]
        return self.know.library.programmes.get(ids[0]) if ids else None

    def offered(self, option: Option) -> Programme | None:
        """The programme that an option offers by its name, so that a line on it helps to choose."""
        programme = self.know.library.programmes.get(option.action.partition(":")[2])
        return programme if programme and option.label.startswith(programme.short) and not programme.is_stub else None


def erased(messages: Iterable[Message]) -> bool:
    """Whether these messages tell that nothing is kept of the visitor any more; then the cookie goes too."""
    telling = {say("talk", said) for said in ("erased", "under_age", "under_age_alone")}
    return any(isinstance(block, Text) and block.text in telling for one in messages for block in one.blocks)
