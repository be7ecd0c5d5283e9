"""What the web page is built with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.channels.base import Capabilities
from bot.dialogue.turn import Knowledge, Service
from bot.pipeline import Pipeline
from content.card import Card
from content.message import Message
from scheduler.calendar import local_date

CAPABILITIES = Capabilities(name="web", buttons=True, text_limit=None, may_speak_first=False, own_foot=True)


@dataclass(frozen=True)
class Site:
    """One web page of one installation."""

    pipeline: Pipeline
    knowledge: Callable[[], Knowledge]
    now: Callable[[], datetime]
    account: str
    secure: bool

    @property
    def know(self) -> Knowledge:
        """The content as it stands now."""
        return self.knowledge()

    @property
    def service(self) -> Service:
        """Who runs this service; stands at the foot of every page."""
        return self.know.service

    def card_of(self, message: Message) -> Card | None:
        """The card that a message shows, for the link to its own page."""
        ids = [one.programme for one in message.attachments]
        programme = self.know.library.programmes.get(ids[0]) if ids else None
        return Card(programme, self.know.library, None, local_date(self.now())) if programme else None
