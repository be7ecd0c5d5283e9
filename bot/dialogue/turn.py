"""What a turn of the talk yields: a message, the new state, and changes that storage must make."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.dialogue.state import Follows, Person, State
from bot.notices.told import Told
from content.library import Library
from content.local import Local
from content.message import Message
from content.places import Places
from content.search.engine import Found, Search
from content.source_text import Clauses

Kind = Literal["answer", "choices", "none", "chat"]


@dataclass(frozen=True)
class SavePlaces:
    """Keep these places (stems, home first, at most three)."""

    stems: tuple[str, ...]


@dataclass(frozen=True)
class Erase:
    """Delete all that is kept about the resident."""


@dataclass(frozen=True)
class Stop:
    """Send nothing unasked any more."""


@dataclass(frozen=True)
class Resume:
    """Undo a stop."""


@dataclass(frozen=True)
class Welcomed:
    """The first words on who runs this service have been said."""


@dataclass(frozen=True)
class HandOver:
    """Hand this question to the staff of a place (a stem). Kept in the ticket, and nowhere else."""

    place: str
    question: str


@dataclass(frozen=True)
class Withdraw:
    """Delete the questions handed over that nobody has answered yet."""


@dataclass(frozen=True)
class Follow:
    """Remind of this. `consented`: the separate consent that something sensitive needs was given."""

    what: Follows
    consented: bool = False


@dataclass(frozen=True)
class Unfollow:
    """Remind of this no longer; of nothing at all where it is None."""

    what: Follows | None


@dataclass(frozen=True)
class Received:
    """Note that the notice of this number was received; counted, never told of anybody."""

    number: str


Change = SavePlaces | Erase | Stop | Resume | Welcomed | HandOver | Withdraw | Follow | Unfollow | Received


@dataclass(frozen=True)
class Service:
    """Who runs this service: said at first contact, in help and at the foot of a page."""

    name: str
    phone: str
    learns: bool = False  # keeps what found no card, without its asker; told wherever it is told what is kept
    pages: str = ""  # public address of the residents' page, where there is one
    filing: str = ""  # number under which the site is filed, where it is


@dataclass(frozen=True)
class Knowledge:
    """What every turn needs and none changes."""

    library: Library
    search: Search
    places: Places
    service: Service
    texts: Mapping[str, Clauses] = field(default_factory=dict)  # documents at hand, for 看原话; read when asked for
    local: Local = field(default_factory=Local)  # what staff of places have published
    readers: frozenset[str] = frozenset()  # stems where active staff read questions; none: 问人 is not offered


@dataclass(frozen=True)
class Asked:
    """One turn's question: who asks, what was said before, the words or the action, the time."""

    know: Knowledge
    person: Person
    state: State
    now: datetime
    text: str = ""
    action: str = ""
    spoken: bool = False  # the text was recognised in a voice message, perhaps wrongly
    notices: tuple[Told, ...] = ()  # what is known of the notices that the text is about


@dataclass(frozen=True)
class Turn:
    """The reply. `found` is there when a search was made, `programmes` are the cards shown or offered, best first."""

    message: Message
    state: State
    kind: Kind = "chat"
    changes: tuple[Change, ...] = ()
    found: Found | None = None
    programmes: tuple[str, ...] = ()
    alone: bool = False  # nothing may be said before it: a phone number that is needed now
    judged: Literal["", "helpful", "unhelpful"] = ""  # what the resident said of the card in hand
