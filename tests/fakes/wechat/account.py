"""What WeChat knows of one official account: tokens, followers, windows, templates, tags, jobs, and every call."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

Mode = Literal["plain", "compatible", "safe"]
Fault = int | Literal["reset", "hang", "500", "html"]
"""A return code inside a 200, or something that the network does."""

MESSAGE, TAP = (5, timedelta(hours=48)), (3, timedelta(minutes=1))


@dataclass
class Said:
    """One message on a resident's screen; `way` says how it got there."""

    way: Literal["passive", "custom", "subscription", "template", "mass", "broken"]
    text: str
    url: str = ""


@dataclass
class Follower:
    """A resident as WeChat sees them."""

    follows: bool = True
    acts: dict[str, datetime] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=lambda: {"message": 0, "tap": 0})
    screen: list[Said] = field(default_factory=list)
    agreed: set[str] = field(default_factory=set)
    tags: set[int] = field(default_factory=set)

    def act(self, kind: str, now: datetime) -> None:
        self.acts[kind], self.used[kind] = now, 0

    def refuses(self, now: datetime) -> int:
        """The code with which a customer message is refused now, 0 where it may pass: the narrowest reading."""
        if not self.follows:
            return 43004
        windows = (("message", MESSAGE), ("tap", TAP))
        there = [
            (name, most) for name, (most, period) in windows if name in self.acts and now < self.acts[name] + period
        ]
        if not there:
            return 45015
        if not any(self.used[name] < most for name, most in there):
            return 45047
        self.used["message"] += 1
        self.used["tap"] += 1
        return 0


@dataclass
class Job:
    """One mass send."""

    id: int
    tag: int
    text: str
    group: str


@dataclass
class FakeAccount:
    """One official account. `now` is the test's clock."""

    now: Callable[[], datetime]
    app_id: str = "wx2c2769f8efd9abc2"
    secret: str = "forgot-the-fake-secret"  # noqa: S105 - the fake's
    token: str = "spamtest"  # noqa: S105 - from WeChat's own sample
    aes_key: str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    mode: Mode = "safe"
    ours: str = "gh_10f6c3c3ac5a"
    followers: dict[str, Follower] = field(default_factory=lambda: defaultdict(Follower))
    issued: dict[str, datetime] = field(default_factory=dict)
    spoiled: set[str] = field(default_factory=set)
    latest: str = ""
    templates: dict[str, frozenset[str]] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    menu: Mapping[str, Any] | None = None
    tags: dict[int, str] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    calls: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)  # codes of customer messages that came outside a window

    def fail(self, path: str, *faults: Fault) -> None:
        """Let the next calls of an interface go wrong in these ways."""
        self.faults += [(path, fault) for fault in faults]

    def fault(self, path: str) -> Fault | None:
        for index, (where, fault) in enumerate(self.faults):
            if path.endswith(where):
                del self.faults[index]
                return fault
        return None

    def called(self, path: str) -> list[Mapping[str, Any]]:
        """What an interface was asked."""
        return [body for where, body in self.calls if where.endswith(path)]

    def new_token(self) -> str:
        """Another token; the one before lives on for five minutes."""
        if self.latest in self.issued:
            self.issued[self.latest] = min(self.issued[self.latest], self.now() + timedelta(minutes=5))
        self.latest = f"token-{len(self.issued) + 1}"
        self.issued[self.latest] = self.now() + timedelta(seconds=7200)
        return self.latest

    def takes(self, token: str) -> bool:
        return token in self.issued and token not in self.spoiled and self.now() < self.issued[token]

    def spoil(self) -> None:
        """Take the token in use no more, as when somebody fetched another elsewhere."""
        self.spoiled.add(self.latest)
