"""The trail: who did what to which id, and never the text. It is only added to, and kept as long as the installation.

Each row's MAC covers the row and the MAC before it, with a key that the database does not hold, so whoever can write
to the database can't change a row, take one out or put one in unseen. Rows cut off at the end, and a trail that was put
back from a copy and went on another way, show against a head that was noted earlier.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self

from sqlalchemy import Row, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.errors import KeyRefused
from storage.moments import utc
from storage.tables.staff import trail

TURN = 7_046_118_352_907  # any number that nobody else locks
START = b"\0" * 32  # what stands for the MAC before the first row
FEWEST = 16  # bytes of a key

_LOCK = text("SELECT pg_advisory_xact_lock(:turn)")
_LAST = select(trail.c.number, trail.c.mac).order_by(trail.c.number.desc()).limit(1)


@dataclass(frozen=True)
class Head:
    """The last row at some moment: written `12:9f…`, it vouches for all rows up to it."""

    number: int
    mac: bytes

    @classmethod
    def read(cls, written: str) -> Self:
        """Read what `str` writes. ValueError for anything else."""
        number, _, mac = written.strip().partition(":")
        return cls(int(number), bytes.fromhex(mac))

    def __str__(self) -> str:
        return f"{self.number}:{self.mac.hex()}"


@dataclass(frozen=True)
class Fault:
    """What is wrong with the trail at a number. missing: rows before it; forked: the noted head was another row."""

    kind: Literal["changed", "missing", "cut", "forked"]
    number: int


@dataclass(frozen=True)
class Verified:
    """The result of a look at the whole trail."""

    rows: int
    head: Head | None
    faults: tuple[Fault, ...]


class Trail:
    """The trail under one key."""

    def __init__(self, key: bytes) -> None:
        """KeyRefused for a key of less than 16 bytes."""
        if len(key) < FEWEST:
            raise KeyRefused(f"The key of the trail needs at least {FEWEST} bytes.")
        self._key = key

    async def record(self, conn: AsyncConnection, *, actor: str, verb: str, object_id: str, now: datetime) -> None:
        """Add a row in the caller's transaction: all of the deed is kept with it, or nothing.

        `actor` and `object_id` are like `staff:3`, `ticket:17`; `verb` is a word. Deeds take turns from here to the
        end of the transaction, so call it last.
        """
        await conn.execute(_LOCK, {"turn": TURN})
        last = (await conn.execute(_LAST)).one_or_none()
        number, before = (last.number + 1, last.mac) if last else (1, START)
        row = {"number": number, "at": utc(now), "actor": actor, "verb": verb, "object_id": object_id}
        await conn.execute(insert(trail).values(row | {"mac": self._mac(before, row)}))

    async def verify(self, conn: AsyncConnection, *, noted: Head | None = None) -> Verified:
        """Look at every row. `noted` is a head of an earlier look, kept where the database can't reach."""
        rows, before, expected = 0, START, 1
        faults: list[Fault] = []
        async for row in await conn.stream(select(trail).order_by(trail.c.number)):
            faults += self._wrong(row, before, expected, noted)
            rows, before, expected = rows + 1, row.mac, row.number + 1
        if noted and noted.number >= expected:
            faults.append(Fault("cut", expected))
        return Verified(rows, Head(expected - 1, before) if rows else None, tuple(faults))

    def _wrong(self, row: Row[Any], before: bytes, expected: int, noted: Head | None) -> Iterator[Fault]:
        if row.number != expected:
            yield Fault("missing", row.number)  # what its MAC covers is gone with them
        elif not hmac.compare_digest(self._mac(before, row._asdict()), row.mac):
            yield Fault("changed", row.number)
        if noted and row.number == noted.number and row.mac != noted.mac:
            yield Fault("forked", row.number)

    def _mac(self, before: bytes, row: Mapping[str, Any]) -> bytes:
        told = json.dumps([row["number"], utc(row["at"]).isoformat(), row["actor"], row["verb"], row["object_id"]])
        return hmac.new(self._key, before + told.encode(), hashlib.sha256).digest()
