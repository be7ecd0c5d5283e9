"""One bot as the server keeps it: its updates, its chats, its webhook, its limits and its faults."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.chats import Chat, Json
from tests.fakes.telegram.faults import Faults
from tests.fakes.telegram.limits import Limits


@dataclass
class Webhook:
    """Where updates are posted to."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    failures: int = 0


@dataclass
class Call:
    """A call of a method that came in."""

    method: str
    values: dict[str, Any]
    at: float


@dataclass
class Account:
    """One bot."""

    token: str
    username: str
    name: str = "明白"
    limits: Limits = field(default_factory=Limits)
    faults: Faults = field(default_factory=Faults)
    chats: dict[int, Chat] = field(default_factory=dict)
    pending: deque[Json] = field(default_factory=deque)
    delivered: dict[int, Json] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    commands: list[Json] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)
    webhook: Webhook | None = None
    allowed: list[str] = field(default_factory=list)
    open_queries: dict[str, int] = field(default_factory=dict)  # taps that wait for an answer, with their chats
    answered: list[Json] = field(default_factory=list)  # answers to taps
    files: dict[str, bytes] = field(default_factory=dict)
    posting: int = 0  # updates on their way to the webhook
    polls: int = 0
    last_update: int = 1000
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def id(self) -> int:
        """The number before the colon of its token."""
        return int(self.token.partition(":")[0])

    def as_json(self) -> Json:
        """The bot as a user."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    def number(self, content: Json) -> Json:
        """Give an update its id."""
        self.last_update += 1
        return {"update_id": self.last_update} | content

    def wants(self, update: Json) -> bool:
        """Whether the bot asked for updates of this kind; by default all that are not asked for by name."""
        kind = next(key for key in update if key != "update_id")
        return kind in self.allowed if self.allowed else True

    async def tell(self, update: Json) -> None:
        """Queue an update, and wake who waits for one."""
        if self.wants(update):
            self.pending.append(update)
        await self.wake()

    async def wake(self) -> None:
        """Wake everything that waits for something of this bot."""
        async with self.changed:
            self.changed.notify_all()

    def called(self, method: str) -> list[Call]:
        """The calls of one method, in order."""
        return [one for one in self.calls if one.method == method.lower()]
