"""Limits on codes that are typed: few enough that none can be guessed in its ten minutes. Fails shut.

Kept in memory: a code has a million million values, so what a restart forgives is nothing. A link's token can't be
guessed at all and is never held up, so nobody can keep staff out by typing nonsense.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WITHIN = timedelta(minutes=10)
MOST_OF_ONE, MOST_OF_ALL = 10, 300
"""Tries within ten minutes of one address, and of all together."""


@dataclass
class Tries:
    """The tries of the last ten minutes, by network address; nothing of it is stored or logged."""

    _all: deque[tuple[datetime, str]] = field(default_factory=deque)

    def take(self, address: str, now: datetime) -> bool:
        """Take one try. False if there were too many already."""
        while self._all and now - self._all[0][0] >= WITHIN:
            self._all.popleft()
        of_one = sum(1 for _, who in self._all if who == address)
        if len(self._all) >= MOST_OF_ALL or of_one >= MOST_OF_ONE:
            return False
        self._all.append((now, address))
        return True

    def forgive(self, address: str) -> None:
        """Forget the tries of an address from which a right code came."""
        self._all = deque(one for one in self._all if one[1] != address)
