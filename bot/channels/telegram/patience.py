"""How long to wait before the next try of something that failed: longer each time, and never in step with others."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger()

FIRST = 0.5
LONGEST = 60.0


class Patience:
    """Waits 0.5 s, 1 s, 2 s, … up to a minute, each a little more or less; `rested` begins anew."""

    def __init__(self, first: float = FIRST, longest: float = LONGEST) -> None:
        self._first, self._longest = first, longest
        self._next = first

    async def wait(self, at_least: float = 0.0) -> None:
        """Wait, and longer the next time; `at_least` so many seconds, where we were told to."""
        wait = max(at_least, self._next * random.uniform(0.8, 1.2))  # noqa: S311 - no secret
        self._next = min(self._next * 2, self._longest)
        await asyncio.sleep(wait)

    def rested(self) -> None:
        """It worked."""
        self._next = self._first


async def kept_up(work: Callable[[], Awaitable[None]]) -> None:
    """Do it until it ends by itself. A fault that nobody foresaw is loud, and does not leave a bot deaf or mute."""
    patience = Patience()
    while True:
        try:
            return await work()
        except Exception:
            log.exception("telegram_begun_anew")
            await patience.wait()
