"""Content together with what was last read of the tables: what every turn of a running service is given."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.beside import beside
from bot.dialogue.turn import Knowledge
from bot.staff.readers import Readers
from bot.windows.snapshot import Snapshot
from content.local import Local
from storage.database import Database


@dataclass(frozen=True)
class Live:
    """Call it for what stands now: content, what places have published, where staff read questions."""

    held: Callable[[], Knowledge]
    local: Callable[[], Local]
    readers: Callable[[], frozenset[str]]

    def __call__(self) -> Knowledge:
        """Put it together; no table is read for it."""
        return replace(self.held(), local=self.local(), readers=self.readers())


@asynccontextmanager
async def live(held: Callable[[], Knowledge], database: Database, now: Callable[[], datetime]) -> AsyncIterator[Live]:
    """Read the tables once, and then every few seconds behind the answers' back."""
    local, readers = Snapshot(database, now), Readers(database, now)
    await local.read()
    await readers.look()
    async with beside(local.keep(), readers.keep_looking()):
        yield Live(held, local, readers)
