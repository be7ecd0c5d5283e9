"""Notices as staff write them: drafts, which nobody is sent. `storage/broadcasts` freezes and sends them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, Select, delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import utc
from storage.tables import broadcast
from storage.tables.staff import notice

NoticeKind = Literal["urgent", "notice"]
LONGEST = 1000
"""Characters of a notice."""

LONGEST_TITLE = 40

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which look like digits


@dataclass(frozen=True)
class Notice:
    """A draft. `audience` are stems; `send_at` None means as soon as it is approved; `number` is like T30571.

    `link`: `card:<programme>` or `window:<id>`. `follows`: `topic:<id>` or `programme:<id>`, whose followers it is for;
    None for everyone. `expires_at`: None for as long as its kind lasts. `corrects`: the id of a broadcast.
    """

    id: int
    number: str
    staff_id: int | None
    kind: NoticeKind
    title: str
    text: str
    link: str | None
    audience: tuple[str, ...]
    follows: str | None
    send_at: datetime | None
    expires_at: datetime | None
    corrects: int | None
    created_at: datetime


_COLUMNS = [notice.c[name] for name in Notice.__dataclass_fields__]


def _as_notice(row: Row[Any]) -> Notice:
    kept = dict(row._mapping)
    return Notice(**kept | {"audience": tuple(kept["audience"])})


def _number() -> str:
    return f"{secrets.choice(_LETTERS)}{secrets.randbelow(100_000):05}"


async def draft(
    conn: AsyncConnection,
    *,
    staff_id: int,
    kind: NoticeKind,
    text: str,
    audience: Sequence[str],
    send_at: datetime | None,
    now: datetime,
    title: str = "",
    link: str | None = None,
    follows: str | None = None,
    expires_at: datetime | None = None,
    corrects: int | None = None,
) -> Notice:
    """Keep a draft under a number that no other notice has, in no order that could be guessed."""
    words = {"staff_id": staff_id, "kind": kind, "title": title, "text": text, "link": link, "corrects": corrects}
    whom = {"audience": list(audience), "follows": follows}
    times = {"send_at": _moment(send_at), "expires_at": _moment(expires_at), "created_at": utc(now)}
    while True:
        values = words | whom | times | {"number": _number()}
        new = insert(notice).from_select(list(values), _unless_sent(values)).on_conflict_do_nothing()
        row = (await conn.execute(new.returning(*_COLUMNS))).one_or_none()
        if row is not None:
            return _as_notice(row)


def _unless_sent(values: dict[str, Any]) -> Select[Any]:
    """The row of a draft, unless a broadcast has its number: those are kept longer than drafts."""
    taken = select(broadcast.c.id).where(broadcast.c.number == values["number"]).exists()
    return select(*(literal(value, notice.c[name].type) for name, value in values.items())).where(~taken)


def _moment(moment: datetime | None) -> datetime | None:
    return moment and utc(moment)


async def get(conn: AsyncConnection, number: str) -> Notice | None:
    """Return the draft of this number, locked until the transaction ends; None if there is none."""
    asked = select(*_COLUMNS).where(notice.c.number == number).with_for_update()
    row = (await conn.execute(asked)).one_or_none()
    return None if row is None else _as_notice(row)


async def change(conn: AsyncConnection, draft_id: int, **values: Any) -> Notice | None:
    """Change some fields of a draft; None if it is there no more. What was submitted of it is frozen, and stays."""
    moments = {name: _moment(values[name]) for name in ("send_at", "expires_at") if name in values}
    lists = {"audience": list(values["audience"])} if "audience" in values else {}
    changed = update(notice).where(notice.c.id == draft_id).values(values | moments | lists)
    row = (await conn.execute(changed.returning(*_COLUMNS))).one_or_none()
    return None if row is None else _as_notice(row)


async def drop(conn: AsyncConnection, draft_id: int) -> None:
    """Throw a draft away."""
    await conn.execute(delete(notice).where(notice.c.id == draft_id))


async def drafts_of(conn: AsyncConnection, staff_id: int, *, limit: int) -> list[Notice]:
    """Return somebody's drafts that are not submitted, newest first."""
    there = broadcast.c.state.not_in(["withdrawn", "lapsed"])
    submitted = select(broadcast.c.id).where(broadcast.c.number == notice.c.number, there).exists()
    mine = select(*_COLUMNS).where(notice.c.staff_id == staff_id, ~submitted).order_by(notice.c.id.desc()).limit(limit)
    return [_as_notice(row) for row in await conn.execute(mine)]
