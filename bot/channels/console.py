"""The console: a whole conversation in a terminal, offline, kept nowhere. `mingbai chat`."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from bot.channels.base import Capabilities
from bot.dialogue.core import reply
from bot.dialogue.help import welcome
from bot.dialogue.state import Person, State
from bot.dialogue.turn import Asked, Change, Erase, Knowledge, Resume, SavePlaces, Stop
from content.render import as_text
from storage.conversations import Conversations, MemoryConversations

CAPABILITIES = Capabilities(name="console", buttons=False, text_limit=None, may_speak_first=False, own_foot=False)
RESIDENT = 0


class Console:
    """One resident at a terminal. What is kept lives in memory and goes with the process."""

    def __init__(self, know: Knowledge, now: Callable[[], datetime], *, places: tuple[str, ...] = ()) -> None:
        """`places` are stems, home first."""
        self._know, self._now = know, now
        self._conversations: Conversations = MemoryConversations()
        self._person = Person(places=places, channel=CAPABILITIES.name, since=now().date())

    async def say(self, line: str) -> str:
        """Answer one line; the first answer begins with who runs this service."""
        now = self._now()
        kept = await self._conversations.load(RESIDENT, now)
        state = State.model_validate(kept) if kept else State()
        asked = Asked(self._know, self._person, state, now, text=line)
        turn = reply(asked)
        first = [] if self._person.welcomed or turn.alone else [as_text(welcome(asked))]
        self._person = _changed(self._person.model_copy(update={"welcomed": True}), turn.changes, now.date())
        await self._conversations.save(RESIDENT, turn.state.model_dump(mode="json"), now)
        if any(isinstance(change, Erase) for change in turn.changes):
            await self._conversations.forget(RESIDENT)
        return "\n\n".join([*first, as_text(turn.message)])


def _changed(person: Person, changes: Iterable[Change], today: date) -> Person:
    """Make a turn's changes in memory."""
    for change in changes:
        match change:
            case SavePlaces(stems=stems):
                person = person.model_copy(update={"places": stems})
            case Erase():
                person = Person(channel=CAPABILITIES.name, since=today)
            case Stop() | Resume():
                person = person.model_copy(update={"stopped": isinstance(change, Stop)})
            case _:
                pass
    return person
