"""What is looked up in the database when the figures are fetched: the same from every process."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduler.limits import awake
from scheduler.timetable import ENTRIES, silent
from storage import beats, behind
from storage.database import Database
from storage.errors import DatabaseError


async def look(database: Database, data: Path, now: datetime) -> list[GaugeMetricFamily]:
    """Return the gauges. A database that is gone is told by one of them, the others of it are left out."""
    here = [*_pool(database), _disk(data)]
    try:
        async with database.begin() as conn:
            return [_one("mingbai_database_up", "1 where the database answers", 1), *here, *await _kept(conn, now)]
    except DatabaseError:
        return [_one("mingbai_database_up", "1 where the database answers", 0), *here]


async def _kept(conn: AsyncConnection, now: datetime) -> list[GaugeMetricFamily]:
    found, reply, taken = await beats.beats(conn), await behind.oldest_reply(conn), await behind.last_backup(conn)
    return [
        *_accounts(await behind.holds(conn), now),
        _queued(await behind.oldest_due(conn, awake(now), now), now),
        _age("mingbai_unsent_reply_seconds", "Age of the oldest answer not sent yet", reply, now),
        *_beats(found, now),
        _age("mingbai_backup_seconds", "Age of the last backup; none: no sample", taken, now),
    ]


def _pool(database: Database) -> Iterator[GaugeMetricFamily]:
    yield _one("mingbai_pool_size", "Connections that this process may have", database.pool_size)
    yield _one("mingbai_pool_in_use", "Connections of this process in use", database.in_use)
    yield _one("mingbai_pool_waiting", "Who waits for one", database.waiting)


def _disk(data: Path) -> GaugeMetricFamily:
    there = next(folder for folder in (data, *data.absolute().parents) if folder.exists())
    return _one("mingbai_disk_free_bytes", "Free where the data folder is", shutil.disk_usage(there).free)


def _accounts(
    found: list[tuple[int, str, float | None, datetime | None]], now: datetime
) -> Iterator[GaugeMetricFamily]:
    labels = ("channel", "account")
    limit = GaugeMetricFamily("mingbai_account_per_second", "What the platform takes in a second", labels=labels)
    held = GaugeMetricFamily("mingbai_account_held_seconds", "For how long the platform said to wait", labels=labels)
    for number, channel, per_second, until in found:
        if per_second is not None:
            limit.add_metric((channel, str(number)), per_second)
        held.add_metric((channel, str(number)), max(0.0, (until - now).total_seconds()) if until else 0.0)
    yield limit
    yield held


def _queued(found: list[behind.Oldest], now: datetime) -> GaugeMetricFamily:
    told = "Age of the oldest delivery that is due and not taken up; in quiet hours only of urgent ones"
    family = GaugeMetricFamily("mingbai_queued_seconds", told, labels=("account", "kind"))
    for one in found:
        family.add_metric((str(one.account_id), one.kind), (now - one.since).total_seconds())
    return family


def _beats(found: dict[str, beats.Beat], now: datetime) -> Iterator[GaugeMetricFamily]:
    since = GaugeMetricFamily("mingbai_beat_seconds", "Since an entry last succeeded", labels=("entry",))
    late = GaugeMetricFamily("mingbai_beat_late", "1 where it did not succeed for too long", labels=("entry",))
    dumb = silent(found, now)
    for entry in ENTRIES:
        beat = found.get(entry.name)
        if beat and beat.succeeded_at:
            since.add_metric((entry.name,), (now - beat.succeeded_at).total_seconds())
        late.add_metric((entry.name,), entry.name in dumb)
    yield since
    yield late


def _age(name: str, told: str, since: datetime | None, now: datetime) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, told)
    if since is not None:
        family.add_metric((), (now - since).total_seconds())
    return family


def _one(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, told, value=value)
