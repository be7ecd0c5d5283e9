"""Questions that found no card: how many a month by nearest topic, and some texts without their askers."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.locks import Turn
from storage.tables.unanswered import unanswered_count, unanswered_text


@dataclass(frozen=True)
class Unanswered:
    """A question that found no card, without names, numbers and places. `id` is random and says nothing."""

    id: str
    text: str
    kept_on: date


@dataclass(frozen=True)
class Count:
    """How often in a month (its first day) questions nearest to a topic found no card, in the whole installation."""

    month: date
    topic: str
    times: int


async def keep(conn: AsyncConnection, texts: Iterable[str], *, day: date) -> None:
    """Keep texts under random ids; one that is kept already stays as it is. Rows stand in the ids' order."""
    rows = [{"id": secrets.token_hex(4), "text": text, "kept_on": day} for text in dict.fromkeys(texts)]
    if rows:
        ordered = sorted(rows, key=lambda row: str(row["id"]))
        await conn.execute(insert(unanswered_text).on_conflict_do_nothing(), ordered)


async def count(conn: AsyncConnection, times: Mapping[str, int], *, day: date) -> None:
    """Add to the counts of this day's month, by topic; topics in their order, so that two writers never lock both."""
    rows = [{"month": day.replace(day=1), "topic": topic, "times": times[topic]} for topic in sorted(times)]
    if rows:
        adding = insert(unanswered_count)
        total = unanswered_count.c.times + adding.excluded.times
        await conn.execute(adding.on_conflict_do_update(index_elements=["month", "topic"], set_={"times": total}), rows)


async def texts(conn: AsyncConnection) -> list[Unanswered]:
    """Return all texts, the latest day first, within a day in the order of their random ids."""
    asked = select(unanswered_text).order_by(unanswered_text.c.kept_on.desc(), unanswered_text.c.id)
    return [Unanswered(row.id, row.text, row.kept_on) for row in await conn.execute(asked)]


async def text_of(conn: AsyncConnection, id_: str) -> str | None:
    """Return one text, None if there is none with this id."""
    text: str | None = await conn.scalar(select(unanswered_text.c.text).where(unanswered_text.c.id == id_))
    return text


async def drop(conn: AsyncConnection, id_: str) -> bool:
    """Delete one text; False if there was none with this id."""
    return (await conn.execute(delete(unanswered_text).where(unanswered_text.c.id == id_))).rowcount > 0


async def counts(conn: AsyncConnection) -> list[Count]:
    """Return all counts, the latest month first, then the topic with most."""
    table = unanswered_count
    asked = select(table).order_by(table.c.month.desc(), table.c.times.desc(), table.c.topic)
    return [Count(row.month, row.topic, row.times) for row in await conn.execute(asked)]


async def in_turn(conn: AsyncConnection) -> None:
    """Let nobody else write into the own folder until this transaction ends: a phrasing is checked, then kept."""
    await conn.execute(select(func.pg_advisory_xact_lock(int(Turn.CONTENT), 0)))
