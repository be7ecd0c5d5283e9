"""The way out of an account: one message after the other at its rate, and none while Telegram said to wait."""

import asyncio


class Gate:
    """Everything that this process sends from one account goes through one gate, in turn.

    Fails open: another process has a gate of its own, and what is too much is told by Telegram's 429.
    """

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second
        self._next = self._held = 0.0
        self._turn = asyncio.Lock()

    async def pass_(self) -> None:
        """Wait for the turn of one message."""
        async with self._turn:
            while (wait := max(self._next, self._held) - _time()) > 0:  # noqa: ASYNC110 - the time is known
                await asyncio.sleep(wait)
            self._next = max(self._next + self._gap, _time() - self._gap)

    def hold(self, seconds: float) -> None:
        """Let nothing pass for so long; a shorter time than is held already changes nothing."""
        self._held = max(self._held, _time() + seconds)

    @property
    def held(self) -> float:
        """Seconds for which nothing passes yet; 0 where the way is free."""
        return max(0.0, self._held - _time())


def _time() -> float:
    return asyncio.get_running_loop().time()
