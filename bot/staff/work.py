"""Somebody at work: who they are, where they stand, and what they need, within one transaction."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.turn import Knowledge
from bot.staff.entry import Entry
from bot.staff.heard import Heard
from bot.staff.said import Said
from content.places import Places
from content.programme import Frozen
from storage.audit import Trail
from storage.notices import NoticeKind
from storage.staff import Staff

SOON = "soon"


class Draft(Frozen):
    """A notice being written; what is still empty is asked for next. `send` is SOON or a moment in ISO form."""

    title: str = ""
    text: str = ""
    kind: Literal["", "urgent", "notice"] = ""
    audience: tuple[str, ...] = ()  # stems
    send: str = ""
    corrects: int | None = None  # id of the broadcast that it puts right

    @property
    def meant(self) -> NoticeKind:
        """Its kind, where one is chosen."""
        return "urgent" if self.kind == "urgent" else "notice"

    @property
    def send_at(self) -> datetime | None:
        """When it is to go, where that is chosen; None for soon."""
        return None if self.send == SOON else datetime.fromisoformat(self.send)


class Stand(Frozen):
    """Where somebody stands. `listening` says what the next plain text is; the draft waits for them to come back."""

    listening: Literal["", "text", "title", "audience", "send", "typed", "answer", "entry"] = ""
    draft: Draft | None = None
    notice: str = ""  # the one whose village's name is to be typed: its id and the beginning of its hash
    entry: Entry | None = None  # a window or a local detail being written
    ticket: int | None = None  # the question that the next text answers
    asked_at: datetime | None = None  # when that answer was asked for


@dataclass(frozen=True)
class Connected:
    """What else runs here. What is not connected is not offered, and the help says so."""

    desk: str | None = None  # address of the desk
    trial: bool = False  # nobody but guests is sent anything unasked
    speaking: frozenset[str] = field(default_factory=frozenset)  # channels of residents that may speak first


@dataclass(repr=False)  # all content would be in it
class Work:
    """One update of one member of staff. A deed changes `stand` and says something; the caller keeps both."""

    conn: AsyncConnection
    who: Staff
    stand: Stand
    heard: Heard
    know: Knowledge
    trail: Trail
    connected: Connected
    now: datetime

    @property
    def places(self) -> Places:
        """All places."""
        return self.know.places

    @property
    def actor(self) -> str:
        """Who acts, as the trail says it."""
        return f"staff:{self.who.id}"

    async def record(self, verb: str, object_id: str) -> None:
        """Put a deed on the trail."""
        await self.trail.record(self.conn, actor=self.actor, verb=verb, object_id=object_id, now=self.now)

    def move(self, **changes: object) -> None:
        """Stand somewhere else from now on."""
        self.stand = self.stand.model_copy(update=changes)

    def name(self, stem: str) -> str:
        """The name of a place."""
        return self.places.get(stem).short


Words = list[Said]
"""What a deed says."""
