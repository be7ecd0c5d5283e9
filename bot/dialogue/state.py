"""What a conversation remembers for a while: our own words and choices, never the resident's text."""

from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import Field

from content.message import Message, Option
from content.programme import Frozen

SHORT_MEMORY = timedelta(minutes=30)
"""How long a bare number means the latest list, and a follow-up the programme in hand (design.md §6)."""


class Guide(Frozen):
    """看看哪些事跟我家有关: answers until the result is shown, from then on only the cards that were found."""

    put: str = ""  # fact whose question waits for an answer
    answers: dict[str, str] = Field(default_factory=dict)
    found: dict[str, tuple[tuple[str, int], ...]] = Field(default_factory=dict)  # group → programme, conditions met


class Handing(Frozen):
    """问人 under way: a question is being handed to a person. The question itself is never in it."""

    complaint: bool = False  # about people, money or land: not for the village
    to: str = ""  # stem of the place whose staff will read it, once chosen


class Handed(Frozen):
    """A question that the resident handed to a person, without its words."""

    place: str  # stem: whose staff read it
    asked_at: datetime
    answered: bool


class State(Frozen):
    """One conversation. Times are aware, UTC."""

    in_hand: str | None = None  # id of the programme last shown
    before_it: str | None = None  # the one shown before that, for 上一个
    near: dict[str, float] = Field(default_factory=dict)  # what the talk is about: programme ids with weights up to 1
    talked: tuple[str, ...] = ()  # its subjects one after the other, the newest last: programme ids
    passed: tuple[str, ...] = ()  # cards offered and refused in this search
    options: tuple[Option, ...] = ()  # the latest numbered list
    more: tuple[Option, ...] = ()  # what 下一页 brings
    listed_at: datetime | None = None  # when that list was shown; small talk since then does not take it away
    waiting: Literal["", "place", "erase", "forget-place", "reader", "question"] = ""  # what the last message asked for
    guide: Guide | None = None
    handing: Handing | None = None
    talk_place: str | None = None  # stem of a place named in this talk; changes nothing saved
    last: Message | None = None  # what was said last, for 再说一遍 and a page loaded again
    touched_at: datetime | None = None

    def fresh(self, now: datetime) -> "State":
        """Return what still counts at `now`: after half an hour lists, hand and waiting are let go."""
        if self.touched_at is None or now - self.touched_at > SHORT_MEMORY:
            return State(last=self.last, touched_at=self.touched_at)
        if self.listed_at is not None and now - self.listed_at > SHORT_MEMORY:
            return self.model_copy(update={"options": (), "more": (), "listed_at": None})
        return self


class Follows(Frozen):
    """One thing that a resident wants to be reminded of: a programme's or topic's id, or a place's stem."""

    kind: Literal["programme", "topic", "place"]
    subject: str
    discreet: bool = False  # reminders name no topic


Telling = Literal["sure", "held", "never"]
"""Whether a reminder comes by itself: surely, perhaps only at the next contact, or not at all."""


class Person(Frozen):
    """What the dialogue knows of a resident."""

    places: tuple[str, ...] = ()  # stems, home first
    welcomed: bool = False
    stopped: bool = False
    channel: str = ""
    since: date | None = None  # day of the first message; None where nothing is kept
    telling: Telling = "never"
    follows: tuple[Follows, ...] = ()  # what they want to be reminded of, oldest first
    tickets: tuple[Handed, ...] = ()  # questions handed to a person, oldest first
