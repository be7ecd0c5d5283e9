"""What residents took back, so that no backup that is restored brings it back: erased, stopped, unfollowed, withdrew.

Kept are a digest of channel, account and address under a key that the database does not hold, the deed and when. The
list is kept as long as a backup may be (`KEPT`), and goes out beside every backup as a file. A restore compares it with
the residents that the backup holds and does the deeds again, before anything is served.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Self

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import residents
from storage.errors import ListRefused
from storage.following import unfollow_all
from storage.moments import utc
from storage.tables import resident
from storage.tables.operating import erasure
from storage.tickets import withdraw

KEPT = timedelta(days=180)
"""How long the list goes back. No older backup is restored: nobody would know who took what back since."""

Deed = Literal["erased", "stopped", "unfollowed", "withdrew"]

BITE = 2000  # residents compared at once


@dataclass(frozen=True)
class Entry:
    """One deed of one resident, who is a digest."""

    digest: bytes
    deed: Deed
    at: datetime


class Erasures:
    """The list under one key."""

    def __init__(self, key: bytes) -> None:
        """`key`: the one of the trail; what is made of it here tells nothing about it."""
        self._key = hmac.new(key, b"mingbai erasures", hashlib.sha256).digest()

    @property
    def mark(self) -> str:
        """Which key this is, so that a list under another one is told apart."""
        return hmac.new(self._key, b"which key", hashlib.sha256).hexdigest()[:16]

    def digest(self, channel: str, account: str, address: str) -> bytes:
        """Who this is, for those who hold the key."""
        return hmac.new(self._key, json.dumps([channel, account, address]).encode(), hashlib.sha256).digest()

    async def note(self, conn: AsyncConnection, who: residents.Resident, deed: Deed, now: datetime) -> None:
        """Note a deed in the transaction that does it."""
        mine = self.digest(who.channel, who.account, who.address)
        await add(conn, [Entry(mine, deed, now)])

    async def resumed(self, conn: AsyncConnection, who: residents.Resident) -> None:
        """Forget that somebody had stopped."""
        mine = (erasure.c.digest == self.digest(who.channel, who.account, who.address), erasure.c.deed == "stopped")
        await conn.execute(delete(erasure).where(*mine))

    async def replay(self, conn: AsyncConnection, entries: Iterable[Entry], *, since: datetime) -> int:
        """Do the deeds of `since` or later again, in a database that was just restored; returns how many were done."""
        due: dict[bytes, list[Entry]] = {}
        for entry in entries:
            if entry.at >= since:
                due.setdefault(entry.digest, []).append(entry)
        done, last = 0, 0
        while rows := await _some(conn, after=last):
            for who in rows:
                for entry in due.get(self.digest(who.channel, who.account, who.address), ()):
                    await _again(conn, who.id, entry)
                    done += 1
            last = rows[-1].id
        return done


async def _some(conn: AsyncConnection, *, after: int) -> Sequence[residents.Resident]:
    asked = select(resident).where(resident.c.id > after).order_by(resident.c.id).limit(BITE)
    return [residents.as_resident(row) for row in await conn.execute(asked)]


async def _again(conn: AsyncConnection, id_: int, entry: Entry) -> None:
    match entry.deed:
        case "erased":
            await residents.erase(conn, id_)
        case "stopped":
            await residents.stop(conn, id_, entry.at)
        case "unfollowed":
            await unfollow_all(conn, id_)
        case "withdrew":
            await withdraw(conn, id_)


async def add(conn: AsyncConnection, entries: Sequence[Entry]) -> None:
    """Keep entries; of one deed done twice the later time."""
    if not entries:
        return
    latest: dict[tuple[bytes, Deed], Entry] = {}
    for entry in sorted(entries, key=lambda one: one.at):
        latest[entry.digest, entry.deed] = entry
    rows = [{"digest": one.digest, "deed": one.deed, "at": utc(one.at)} for one in latest.values()]
    made = insert(erasure)
    later = func.greatest(erasure.c.at, made.excluded.at)
    await conn.execute(made.on_conflict_do_update(index_elements=["digest", "deed"], set_={"at": later}), rows)


async def entries_of(conn: AsyncConnection) -> list[Entry]:
    """Return the whole list, the oldest first."""
    asked = select(erasure).order_by(erasure.c.at, erasure.c.digest, erasure.c.deed)
    return [Entry(*row) for row in await conn.execute(asked)]


@dataclass(frozen=True)
class Written:
    """The list as a file holds it: complete up to a moment, under the key with this mark."""

    until: datetime
    mark: str
    entries: tuple[Entry, ...]

    def text(self) -> str:
        """Write it: a line about the list, then one for each entry."""
        head = {"mingbai": "erasures", "until": utc(self.until).isoformat(), "key": self.mark}
        lines = [[one.digest.hex(), one.deed, utc(one.at).isoformat()] for one in self.entries]
        return "".join(f"{json.dumps(line)}\n" for line in (head, *lines))

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what `text` writes. ListRefused for anything else."""
        try:
            head, *lines = map(json.loads, text.splitlines())
            found = tuple(Entry(bytes.fromhex(digest), deed, datetime.fromisoformat(at)) for digest, deed, at in lines)
            return cls(datetime.fromisoformat(head["until"]), head["key"], found)
        except (ValueError, KeyError, TypeError) as error:
            raise ListRefused("This is no list of erasures.") from error
