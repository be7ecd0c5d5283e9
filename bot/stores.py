"""What commands open of the storage, without all that serving needs: the database, the trail, the list of erasures."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.settings import Settings
from storage.audit import Trail
from storage.database import Database
from storage.erasures import Erasures
from storage.schema import require_current, upgrade
from storage.trail_files import key_in


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """Open the database. The embedded one is brought up to date by itself; an outside one must be already."""
    url = settings.outside
    database = await Database.open(url, settings.data)
    try:
        if url is None:
            await asyncio.to_thread(upgrade, database.url)
        async with database.begin() as conn:
            await require_current(conn)
        yield database
    finally:
        await database.close()


def trail_of(settings: Settings) -> Trail:
    """The trail under the key that is set, or under that of the data folder. Raises KeyRefused."""
    return Trail(_key_of(settings))


def erasures_of(settings: Settings) -> Erasures:
    """What residents took back, under a key made of the trail's. Raises KeyRefused."""
    return Erasures(_key_of(settings))


def _key_of(settings: Settings) -> bytes:
    chosen = settings.audit_key
    return chosen.get_secret_value().encode() if chosen else key_in(settings.data)
