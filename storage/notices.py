"""Notices as staff wrote them. Only drafts so far: nothing here sends, and nothing is sent."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import utc
from storage.tables.staff import notice

NoticeKind = Literal["urgent", "notice"]
LONGEST = 1000
"""Characters of a notice."""

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which look like digits


@dataclass(frozen=True)
class Notice:
    """A draft. `audience` are stems; `send_at` None means as soon as it is approved; `number` is like T30571."""

    id: int
    number: str
    staff_id: int | None
    kind: NoticeKind
    text: str
    audience: tuple[str, ...]
    send_at: datetime | None
    created_at: datetime


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
) -> Notice:
    """Keep a draft under a number that no other notice has, in no order that could be guessed."""
    words = {"staff_id": staff_id, "kind": kind, "text": text, "audience": list(audience)}
    when = {"send_at": utc(send_at) if send_at else None, "created_at": utc(now)}
    while True:
        new = insert(notice).values(words | when | {"number": _number()})
        row = (await conn.execute(new.on_conflict_do_nothing().returning(*notice.c))).one_or_none()
        if row is not None:
            return _as_notice(row)


async def drafts_of(conn: AsyncConnection, staff_id: int, *, limit: int) -> list[Notice]:
    """Return somebody's drafts, newest first."""
    mine = select(notice).where(notice.c.staff_id == staff_id).order_by(notice.c.id.desc()).limit(limit)
    return [_as_notice(row) for row in await conn.execute(mine)]
