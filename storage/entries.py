"""What staff enter for their places: drafted, published, cancelled; every change is a revision with author and reason.

Windows and local details are both such entries (storage/windows.py, storage/details.py): this is what they share.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, TypedDict

from sqlalchemy import ColumnElement, Row, Table, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_or_leave
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import utc


class State(StrEnum):
    """How far an entry has come. Residents see what is published, and nothing else."""

    DRAFT = "draft"  # entered, not confirmed
    PUBLISHED = "published"  # confirmed, with a source
    CANCELLED = "cancelled"  # taken back; may be published again


MOVES: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.PUBLISHED, State.CANCELLED}),
    State.PUBLISHED: frozenset({State.CANCELLED}),
    State.CANCELLED: frozenset({State.PUBLISHED}),
}

Step = Literal["entered", "published", "changed", "cancelled"]
"""What is done to an entry; with "window" or "detail" before it, its verb on the trail."""

BITE = 500  # rows read in one go

LONGEST_REASON = 60
"""Characters of a reason that staff type."""


class By(TypedDict):
    """Who enters, changes or takes back an entry, why and when."""

    author: str
    reason: str
    now: datetime


class Confirmed(TypedDict):
    """Who confirms an entry, why and when."""

    confirmer: str
    reason: str
    now: datetime


class EntryError(ValueError):
    """What was asked of an entry can't be done; nothing was changed."""


class NoSource(EntryError):
    """Nothing without a source can be published. Enter the document, the notice's number, or who gave notice."""


class NoSuchMove(EntryError):
    """The entry is not in a state from which it can go there."""


class Differs(EntryError):
    """Somebody changed the entry since it was looked at. Show it as it is now, and ask again."""


class AlreadyThere(EntryError):
    """The place has an entry for this thing already: change that one."""


class NoSuchEntry(EntryError):
    """There is no entry with this id."""


@dataclass(frozen=True)
class Ledger:
    """A table of entries, and the table of their revisions."""

    table: Table
    revisions: Table


@dataclass(frozen=True)
class Revision:
    """One change: who made it, why, when, and the whole entry as it stood after it (days as 2026-12-25)."""

    number: int
    author: str
    reason: str
    at: datetime
    held: Mapping[str, Any]


async def enter(
    conn: AsyncConnection, ledger: Ledger, values: Mapping[str, object], *, author: str, reason: str, now: datetime
) -> Row[Any]:
    """Enter a draft. Raises AlreadyThere where the place has one for the same thing, in whatever state."""
    kept = {**_plain_words(values), "entered_by": author, "changed_at": utc(now)}
    made = insert_or_leave(ledger.table).values(kept).on_conflict_do_nothing().returning(ledger.table)
    row: Row[Any] | None = (await conn.execute(made)).one_or_none()
    if row is None:
        raise AlreadyThere(f"{values.get('place')} has one for this already")
    await _note(conn, ledger, row, author=author, reason=reason)
    return row


async def change(
    conn: AsyncConnection,
    ledger: Ledger,
    id_: int,
    values: Mapping[str, object],
    *,
    author: str,
    reason: str,
    now: datetime,
) -> Row[Any]:
    """Put other values in an entry; what stands there already is no change and makes no revision.

    A published entry stays published: whoever changes it confirms it. Raises NoSource where that would lose its source.
    """
    row = await _locked(conn, ledger, id_)
    changed = {name: value for name, value in _plain_words(values).items() if getattr(row, name) != value}
    if not changed:
        return row
    published = row.state == State.PUBLISHED
    if published and not changed.get("source", row.source):
        raise NoSource(f"entry {id_} is published and needs a source")
    confirmed = {"confirmed_by": author} if published and "confirmed_by" not in values else {}
    return await _write(conn, ledger, row, changed | confirmed, author=author, reason=reason, now=now)


async def move(
    conn: AsyncConnection,
    ledger: Ledger,
    id_: int,
    to: State,
    *,
    author: str,
    reason: str,
    now: datetime,
    seen: int | None = None,
) -> Row[Any]:
    """Publish or cancel an entry. Whoever publishes it has confirmed it; `seen`: the revision that they looked at.

    Raises Differs where it is another by now, NoSuchMove, NoSource, NoSuchEntry.
    """
    row = await _locked(conn, ledger, id_)
    if to not in MOVES[State(row.state)]:
        raise NoSuchMove(f"entry {id_} is {row.state} and can't become {to}")
    if seen not in (None, row.revision):
        raise Differs(f"entry {id_} was changed since it was looked at")
    if to is State.PUBLISHED and not row.source:
        raise NoSource(f"entry {id_} has no source")
    confirmed = {"confirmed_by": author} if to is State.PUBLISHED else {}
    return await _write(conn, ledger, row, {"state": to.value, **confirmed}, author=author, reason=reason, now=now)


async def in_turn(conn: AsyncConnection, ledger: Ledger) -> None:
    """Let nobody else enter or change anything until this transaction ends, so that two sheets go one after another."""
    await conn.execute(text(f"LOCK TABLE {ledger.table.name} IN SHARE ROW EXCLUSIVE MODE"))


async def stamp(conn: AsyncConnection, ledger: Ledger) -> tuple[int, int]:
    """Tell one state of a table from another without reading it: how many entries it holds, and how many changes."""
    asked = select(func.count(), func.coalesce(func.sum(ledger.table.c.revision), 0)).select_from(ledger.table)
    count, changes = (await conn.execute(asked)).one()
    return count, changes


async def remove_of(conn: AsyncConnection, ledger: Ledger, author: str) -> int:
    """Delete what one author entered, with its revisions; returns how many. For examples, never for what was real."""
    return (await conn.execute(delete(ledger.table).where(ledger.table.c.entered_by == author))).rowcount


async def any_there(conn: AsyncConnection, ledger: Ledger) -> bool:
    """Whether there is any entry, in whatever state."""
    return (await conn.execute(select(ledger.table.c.id).limit(1))).first() is not None


async def bites(conn: AsyncConnection, ledger: Ledger, shown: ColumnElement[bool]) -> AsyncIterator[Row[Any]]:
    """Hand out the rows of a condition by id. Many are read a few at a time, so that others are served in between."""
    last = 0
    while True:
        asked = select(ledger.table).where(shown, ledger.table.c.id > last).order_by(ledger.table.c.id).limit(BITE)
        rows = (await conn.execute(asked)).all()
        for row in rows:
            yield row
        if len(rows) < BITE:
            return
        last = rows[-1].id


async def history(conn: AsyncConnection, ledger: Ledger, id_: int) -> list[Revision]:
    """Return every change of an entry, the first one first."""
    kept = ledger.revisions.c
    asked = select(kept.number, kept.author, kept.reason, kept.at, kept.held).where(kept.entry_id == id_)
    return [Revision(*row) for row in await conn.execute(asked.order_by(kept.number))]


async def _locked(conn: AsyncConnection, ledger: Ledger, id_: int) -> Row[Any]:
    row = (await conn.execute(select(ledger.table).where(ledger.table.c.id == id_).with_for_update())).one_or_none()
    if row is None:
        raise NoSuchEntry(f"there is no entry {id_}")
    return row


async def _write(
    conn: AsyncConnection,
    ledger: Ledger,
    row: Row[Any],
    values: Mapping[str, object],
    *,
    author: str,
    reason: str,
    now: datetime,
) -> Row[Any]:
    """Write a change of a row that is locked, and its revision."""
    kept = {**values, "revision": row.revision + 1, "changed_at": utc(now)}
    written = update(ledger.table).where(ledger.table.c.id == row.id).values(kept).returning(ledger.table)
    changed: Row[Any] = (await conn.execute(written)).one()
    await _note(conn, ledger, changed, author=author, reason=reason)
    return changed


async def _note(conn: AsyncConnection, ledger: Ledger, row: Row[Any], *, author: str, reason: str) -> None:
    held = {name: _plain(value) for name, value in row._mapping.items() if name not in ("id", "revision", "changed_at")}
    kept = {"entry_id": row.id, "number": row.revision, "author": author, "reason": reason, "at": row.changed_at}
    await conn.execute(insert(ledger.revisions).values({**kept, "held": held}))


def _plain_words(values: Mapping[str, object]) -> dict[str, object]:
    # The driver would write an enumeration by its member's name.
    return {name: value.value if isinstance(value, StrEnum) else value for name, value in values.items()}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
