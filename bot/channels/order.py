"""One update of a resident at a time, in the order in which they came to this process."""

import asyncio
from weakref import WeakValueDictionary


class Order:
    """A lock for each resident.

    The database keeps the updates of a resident apart, but not in order: a later one may get its connection earlier.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, who: str) -> asyncio.Lock:
        """The lock of a resident; forgotten when nobody holds it or waits for it."""
        return self._locks.setdefault(who, asyncio.Lock())
