"""The close of a month: lock, build, audit, store, drop; one transaction, so that it is done wholly or not at all."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.interest import audit, counting, marks, releases, subscribers, units
from storage.interest.building import build
from storage.interest.rule import Frame, Release
from storage.moments import utc


class NotOver(ValueError):
    """The month is not over: nothing is counted of an open period."""


@dataclass(frozen=True)
class Closed:
    """What can be shown for a close: rows of marks and key before and after it, and the digest of the release."""

    release: Release
    before: int
    after: int
    digest: str


async def close(conn: AsyncConnection, month: date, frame: Frame, *, today: date, now: datetime) -> Closed | None:
    """Close a month (its first day); None if it is closed already. `today` is the day in Shanghai. NotOver.

    Call it in a transaction of its own. Writers of this month wait for it; what they bring afterwards is discarded.
    StatementRefused where residents could not be locked for the drop at its end: nothing is done, try again.
    """
    if month.day != 1 or (today.year, today.month) <= (month.year, month.month):
        raise NotOver(f"{month:%Y-%m}")
    await marks.alone(conn, month)
    if await releases.is_closed(conn, month):
        return None
    groups = await units.fix(conn, month.year, frame.banners)
    counts = await counting.count(conn, month, groups, sorted(frame.sensitive))
    release = await asyncio.to_thread(build, month, groups, counts, frame, audit.hidden_cells)
    before = await marks.count(conn, month)
    digest = await releases.store(conn, release, frame, before=before, now=utc(now))
    await subscribers.take(conn, month, groups, frame)
    await marks.drop(conn, month)
    after = await marks.count(conn, month)
    await releases.dropped(conn, month, after)
    return Closed(release, before, after, digest)
