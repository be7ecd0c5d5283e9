"""The pace of an account's messages, counted from when each one really left."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

from scheduler.sending import leaving

CATCH_UP = 0.02  # seconds that a message may go before its time, after one that a timer let go too late
LONGEST = 1.0  # seconds that the others wait for one on its way out: it may never get a connection
DENSE = 0.005  # seconds; messages closer than that don't wait for each other: what is late is few among so many


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
        await self._turn.acquire()
        left, wait = self._leaves(apart), max(start, self.free - min(apart / 2, CATCH_UP)) - monotonic()
        overdue = asyncio.get_running_loop().call_later(max(wait, 0) + LONGEST, left)
        try:
            if wait > 0:  # where there is no limit, one turn of the loop for each message would be felt
                await asyncio.sleep(wait)
            if apart < DENSE:
                left()
            with leaving(left):
                yield
        finally:
            left()
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
