"""The pace of an account's messages, counted from when each one really left."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

from scheduler.sending import leaving

CATCH_UP = 0.02  # seconds that a message may go before its time, after one that a timer let go too late
LONGEST = 1.0  # seconds that the others wait for one on its way out: it may never get a connection


class Pace:
    """Lets one message after the other go, so that no second has more than the limit and one.

    The generic cell rate algorithm (ITU-T I.371, its virtual scheduling), with CATCH_UP for its tolerance. What counts
    is when a message leaves, not when it may: between the two a new connection is made, or a starved process stands
    still, and the ones after it would come in a bunch.
    """

    def __init__(self) -> None:
        self.free = 0.0
        """When the account is free again, of the monotonic clock: the algorithm's theoretical arrival time."""
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def turn(self, start: float, apart: float) -> AsyncIterator[None]:
        """Wait for the turn of one message, not before `start`; the block sends it. Both are seconds."""
        if not apart:  # no limit: one turn of the loop for each message would be felt
            yield
            return
        await self._turn.acquire()
        left = self._leaves(apart)
        overdue = None
        try:
            await asyncio.sleep(max(start, self.free - min(apart / 2, CATCH_UP)) - monotonic())
            overdue = asyncio.get_running_loop().call_later(LONGEST, left)
            with leaving(left):
                yield
        finally:
            left()
            if overdue:
                overdue.cancel()

    def _leaves(self, apart: float) -> Callable[[], None]:
        """What is called when the message leaves; of several times the first counts."""
        gone = False

        def left() -> None:
            nonlocal gone
            if not gone:
                gone = True
                self.free = max(self.free, monotonic()) + apart
                self._turn.release()

        return left
