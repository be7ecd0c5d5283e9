"""Each channel from the outside: somebody says a thing or chooses one, and sees what comes back.

A new channel gives one `Channel`, in tests/contract/conftest.py.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Protocol

from httpx import AsyncClient

from bot.channels.base import Capabilities
from bot.channels.console import Console
from scheduler.sending import Sender
from tests.fakes.telegram import Person, Said
from tests.fakes.wechat import Person as Follower


@dataclass(frozen=True)
class Seen:
    """One message as a person sees it: its text, and what may be chosen under it."""

    text: str
    options: tuple[str, ...] = ()


class Talker(Protocol):
    """One person on a channel."""

    async def says(self, words: str) -> list[Seen]:
        """Say something; the messages that come back."""

    async def chooses(self, label: str) -> list[Seen]:
        """Choose an option of the last message; what is seen then."""


@dataclass(frozen=True)
class Channel:
    """A channel to hold to its promises. `size` measures text in its units; `sender` is there if it may speak first."""

    capabilities: Capabilities
    newcomer: Callable[[], Talker]
    size: Callable[[str], int] = len
    longest: int = 10_000  # characters that a person can send at once
    foot: str = ""  # what stands on every page beside the messages
    sender: Sender | None = None
    account: str = ""
    address: str = ""  # of somebody who has talked with us
    heard: Callable[[], list[str]] = field(default=list)  # all that was said to that address


@dataclass
class AtConsole:
    """Somebody at a terminal: options are numbers."""

    console: Console
    _numbers: dict[str, str] = field(default_factory=dict)

    async def says(self, words: str) -> list[Seen]:
        """Type a line."""
        seen = [numbered(part) for part in (await self.console.say(words)).split("\n\n")]
        self._numbers = {label: str(number) for number, label in enumerate(seen[-1].options, 1)} or self._numbers
        return seen

    async def chooses(self, label: str) -> list[Seen]:
        """Type its number."""
        return await self.says(self._numbers[label])


class _Page(HTMLParser):
    """The messages of a page: the words of each article, and its buttons with what they send."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[tuple[list[str], list[tuple[str, list[str]]]]] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where words and buttons begin."""
        values = dict(attrs)
        if tag == "article":
            self.messages.append(([], []))
        elif tag == "div" and values.get("class") == "words":
            self._inside = "words"
        elif tag == "button" and values.get("name") == "action":
            self.messages[-1][1].append((values.get("value") or "", []))
            self._inside = "button"
        elif tag in ("form", "span") and self._inside == "words":
            self._inside = "words"

    def handle_endtag(self, tag: str) -> None:
        """Note where they end."""
        if tag in ("button", "article") or (tag == "div" and self._inside == "words"):
            self._inside = ""

    def handle_data(self, data: str) -> None:
        """Put words where they belong."""
        if self._inside == "words":
            self.messages[-1][0].append(data)
        elif self._inside == "button" and data.strip():
            self.messages[-1][1][-1][1].append(data.strip())


@dataclass
class OnPage:
    """Somebody at the web page."""

    client: AsyncClient
    _actions: dict[str, str] = field(default_factory=dict)

    async def says(self, words: str) -> list[Seen]:
        """Send the form."""
        return await self._send(text=words)

    async def chooses(self, label: str) -> list[Seen]:
        """Press a button."""
        return await self._send(action=self._actions[label])

    async def _send(self, **form: str) -> list[Seen]:
        answer = await self.client.post("/ask", data=form, headers={"x-part": "answer"})
        assert answer.status_code == 200
        page = _Page()
        page.feed(answer.text)
        buttons = [(words[0], action) for _, made in page.messages for action, words in made]
        self._actions = dict(buttons) or self._actions
        return [Seen("".join(text).strip(), tuple(words[0] for _, words in made)) for text, made in page.messages]


@dataclass
class OnTelegram:
    """Somebody with the residents' bot."""

    person: Person

    async def says(self, words: str) -> list[Seen]:
        """Write a message."""
        before = len(self.person.chat.heard)
        said = await self.person.says(words)
        await self.person.answer(after=said)
        await self.person.bot.quiet()
        return [_seen(one) for one in self.person.chat.heard[before:]]

    async def chooses(self, label: str) -> list[Seen]:
        """Tap a button; what it stood under changes, or something new comes."""
        before, edits = len(self.person.chat.heard), {one.id: one.edits for one in self.person.chat.heard}
        await self.person.taps(label)
        await self.person.bot.until(
            lambda: (
                len(self.person.chat.heard) > before
                or any(one.edits > edits.get(one.id, 0) for one in self.person.chat.heard)
            )
        )
        await self.person.bot.quiet()
        changed = [one for one in self.person.chat.heard if one.edits > edits.get(one.id, 0) or one.id not in edits]
        return [_seen(one) for one in changed]


@dataclass
class OnWeChat:
    """Somebody who follows the official account: options are numbers, and several messages may stand in one text."""

    person: Follower
    written: Callable[[], Awaitable[None]]
    _numbers: dict[str, str] = field(default_factory=dict)

    async def says(self, words: str) -> list[Seen]:
        """Write a message."""
        before = len(self.person.screen)
        await self.person.say(words)
        await self.written()
        seen = [numbered(part) for one in self.person.texts[before:] for part in one.split("\n\n")]
        self._numbers = {label: str(number) for number, label in enumerate(seen[-1].options, 1)} or self._numbers
        return seen

    async def chooses(self, label: str) -> list[Seen]:
        """Write its number."""
        return await self.says(self._numbers[label])


def numbered(part: str) -> Seen:
    """Read a text whose options are numbered lines."""
    lines = part.splitlines()
    options = [(line, found[1]) for line in lines if (found := re.fullmatch(r"\d{1,2} (.+)", line))]
    written = {line for line, _ in options}
    return Seen("\n".join(line for line in lines if line not in written), tuple(label for _, label in options))


def _seen(said: Said) -> Seen:
    return Seen(said.text, tuple(said.buttons))


def now() -> datetime:
    """The time of these tests."""
    return datetime.now(UTC)
