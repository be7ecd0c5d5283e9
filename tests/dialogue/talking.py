"""One resident talking, with a clock that the test sets."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.dialogue.core import reply
from bot.dialogue.state import Person, State
from bot.dialogue.turn import Asked, Change, Erase, Follow, Knowledge, Resume, SavePlaces, Stop, Turn, Unfollow
from content.message import Message
from content.render import as_text, said_blocks

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
LATER = timedelta(minutes=31)


class Talk:
    """Says and taps; remembers the state, and what storage would keep of the resident."""

    def __init__(self, know: Knowledge, *places: str, now: datetime = NOW) -> None:
        self.know, self.state, self.now = know, State(), now
        self.person = Person(places=places, welcomed=True, channel="web", since=now.date())
        self.saved: list[Change] = []

    def say(self, text: str, *, after: timedelta = timedelta(seconds=20)) -> Turn:
        """Say something a while after the last."""
        return self._reply(text, "", after)

    def tap(self, action: str, *, after: timedelta = timedelta(seconds=20)) -> Turn:
        """Choose an option by its action."""
        return self._reply("", action, after)

    def hear(self, text: str) -> str:
        """Say something and hear only what is said back."""
        return said(self.say(text))

    def _reply(self, text: str, action: str, after: timedelta) -> Turn:
        self.now += after
        turn = reply(Asked(self.know, self.person, self.state, self.now, text=text, action=action))
        self.state = turn.state
        self.saved += turn.changes
        for change in turn.changes:
            self.person = _kept(self.person, change)
        return turn


def _kept(person: Person, change: Change) -> Person:
    match change:
        case SavePlaces(stems=stems):
            return person.model_copy(update={"places": stems})
        case Erase():
            return Person(channel=person.channel)
        case Stop() | Resume():
            return person.model_copy(update={"stopped": isinstance(change, Stop)})
        case Follow(what=what):
            others = tuple(one for one in person.follows if (one.kind, one.subject) != (what.kind, what.subject))
            return person.model_copy(update={"follows": (*others, what)})
        case Unfollow(what=what):
            left = tuple(one for one in person.follows if what not in (None, one))
            return person.model_copy(update={"follows": left})
        case _:
            return person


def said(turn: Turn) -> str:
    """What is said, without what may be chosen."""
    return said_blocks(turn.message)


def offered(message: Message) -> list[str]:
    """The actions that may be chosen."""
    return [option.action for option in message.options]


def whole(turn: Turn) -> str:
    """The message as a channel without buttons writes it."""
    return as_text(turn.message)


def again(asked: Asked, **changes: object) -> Asked:
    """The same question with something else about it."""
    return replace(asked, **changes)  # type: ignore[arg-type]
