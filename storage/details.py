"""Local details: what staff of a place add to a thing, with where it stands; each lapses on its day."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import entries
from storage.entries import By, Ledger, Revision, State
from storage.tables import local_detail, local_detail_revision

DETAILS = Ledger(local_detail, local_detail_revision)


class Kind(StrEnum):
    """What a detail tells."""

    STANDARD = "standard"  # 标准: how much
    WHERE = "where"  # 地点
    PHONE = "phone"  # 电话
    PAPERS = "papers"  # 材料
    QUOTA = "quota"  # 名额


@dataclass(frozen=True)
class Told:
    """What staff enter. Exactly one of `programme` (its id) and `matter`; `place` is a stem; at most 200 characters.

    `source` is a 文号 or a notice, of the day `source_on`; from the day after `lapses_on` nobody is shown it.
    """

    place: str
    kind: Kind
    says: str
    lapses_on: date
    programme: str | None = None
    matter: str | None = None
    source: str = ""
    source_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Detail(Told):
    """A detail as it is kept. `revision` counts its changes; ids of staff say who entered and who confirmed it."""

    id: int
    state: State
    entered_by: str
    confirmed_by: str | None
    revision: int
    changed_at: datetime


async def enter(conn: AsyncConnection, told: Told, *, author: str, reason: str, now: datetime) -> Detail:
    """Keep a draft. Raises AlreadyThere where the place tells this of the same thing already, in any state."""
    return as_detail(await entries.enter(conn, DETAILS, asdict(told), author=author, reason=reason, now=now))


async def change(
    conn: AsyncConnection, id_: int, changes: Mapping[str, object], *, author: str, reason: str, now: datetime
) -> Detail:
    """Change fields of `Told`. Raises NoSource, NoSuchEntry."""
    return as_detail(await entries.change(conn, DETAILS, id_, changes, author=author, reason=reason, now=now))


async def publish(
    conn: AsyncConnection, id_: int, *, confirmer: str, reason: str, now: datetime, seen: int | None = None
) -> Detail:
    """Show a detail to residents in the revision that was `seen`. Raises Differs, NoSource, NoSuchMove, NoSuchEntry."""
    by: By = {"author": confirmer, "reason": reason, "now": now}
    return as_detail(await entries.move(conn, DETAILS, id_, State.PUBLISHED, **by, seen=seen))


async def cancel(conn: AsyncConnection, id_: int, *, author: str, reason: str, now: datetime) -> Detail:
    """Take a detail back. Raises NoSuchMove, NoSuchEntry."""
    return as_detail(await entries.move(conn, DETAILS, id_, State.CANCELLED, author=author, reason=reason, now=now))


async def history(conn: AsyncConnection, id_: int) -> list[Revision]:
    """Return every change, the first one first; `held` has the fields of `Detail`."""
    return await entries.history(conn, DETAILS, id_)


async def get(conn: AsyncConnection, id_: int) -> Detail | None:
    """Return a detail in whatever state, None where there is none."""
    row = (await conn.execute(select(local_detail).where(local_detail.c.id == id_))).one_or_none()
    return None if row is None else as_detail(row)


async def find(
    conn: AsyncConnection, *, place: str, programme: str | None, matter: str | None, kind: Kind
) -> Detail | None:
    """Return what the place tells of a thing, in whatever state, None where it tells nothing."""
    same = [
        local_detail.c.place == place,
        local_detail.c.programme.is_not_distinct_from(programme),
        local_detail.c.matter.is_not_distinct_from(matter),
        local_detail.c.kind == kind.value,
    ]
    row = (await conn.execute(select(local_detail).where(and_(*same)))).one_or_none()
    return None if row is None else as_detail(row)


async def below(conn: AsyncConnection, stems: Sequence[str]) -> list[Detail]:
    """Return the details of these places and of all that lies in them, in whatever state."""
    within = or_(false(), *(local_detail.c.place.startswith(stem) for stem in stems))
    asked = select(local_detail).where(within).order_by(local_detail.c.place, local_detail.c.id)
    return [as_detail(row) for row in await conn.execute(asked)] if stems else []


async def published(conn: AsyncConnection, today: date) -> list[Detail]:
    """Return what residents are shown: published and not lapsed."""
    shown = and_(local_detail.c.state == State.PUBLISHED.value, local_detail.c.lapses_on >= today)
    return [as_detail(row) async for row in entries.bites(conn, DETAILS, shown)]


def as_detail(row: Row[Any]) -> Detail:
    """Return the record of a row of the table."""
    kept = dict(row._mapping)
    return Detail(**kept | {"kind": Kind(kept["kind"]), "state": State(kept["state"])})
