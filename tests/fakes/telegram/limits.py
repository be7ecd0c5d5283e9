"""How much a bot may send: per bot, per private chat, per group. Over it: 429, and the whole bot must wait."""

from collections import defaultdict, deque
from dataclasses import dataclass, field

Window = tuple[int, float]
"""So many messages in so many seconds."""


@dataclass
class Limits:
    """Telegram's own figures by default; None lifts a limit. `wait`: the seconds that a 429 names."""

    bot: Window | None = (30, 1.0)
    chat: Window | None = (5, 5.0)
    group: Window | None = (20, 60.0)
    wait: int = 1
    refused: int = 0  # how many were answered with 429
    broken: int = 0  # how many came while the bot had been told to wait
    _held_until: float = 0.0
    _sent: dict[object, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def over(self, chat: int, *, group: bool, now: float) -> int | None:
        """Count a message; the seconds to wait where it is one too many. While a bot waits, every message is."""
        if now < self._held_until:
            self.refused += 1
            self.broken += 1
            return max(1, round(self._held_until - now))
        windows = [("bot", self.bot), (chat, self.group if group else self.chat)]
        if any(window and self._full(key, window, now) for key, window in windows):
            self._held_until = now + self.wait
            self.refused += 1
            return self.wait
        for key, window in windows:
            if window:
                self._sent[key].append(now)
        return None

    def _full(self, key: object, window: Window, now: float) -> bool:
        sent = self._sent[key]
        while sent and sent[0] <= now - window[1]:
            sent.popleft()
        return len(sent) >= window[0]


def unlimited() -> Limits:
    """No limit at all."""
    return Limits(bot=None, chat=None, group=None)
