"""Reminders: who is to be told what about which window today, worked out from the facts by one statement a bite.

Nothing is kept as a promise. `reminder` holds what was told, or waits in a delivery to be told; each look compares it
with the windows and the followings of this moment, so the same look twice plans nothing twice, and one that was missed
for hours or days is caught up by the next.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.entries import State
from storage.moments import utc
from storage.tables import place_window, reminder
from storage.windows import Window, as_window

BITE = 20_000  # residents planned in one transaction


@dataclass(frozen=True)
class Due:
    """A window as a look sees it: its days now, and what stage of it has come due.

    `opens_on` and `closes_on` are both None where it has no days (cancelled, or awaiting a notice). `due_on`: the day
    of its latest stage, None before the first and when nothing helps any more. `helps_until`: the moment from which
    telling it helps no longer. `earlier`: stems of places below or above whose own window for the same thing comes
    first: who lives there is told of that one.
    """

    id: int
    place: str
    programme: str | None
    topic: str | None
    sensitive: bool
    opens_on: date | None
    closes_on: date | None
    due_on: date | None
    helps_until: datetime | None
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True)
class Look:
    """When a look is made: the local day and its first moment, and from when on a new delivery may be sent."""

    now: datetime
    today: date
    midnight: datetime
    not_before: datetime


@dataclass(frozen=True)
class Line:
    """What one delivery tells of one window, with the facts as they are now.

    `was`: the days that the resident was told before, if they were others and not over. `follows`: still followed.
    `closed`: the stem of a place below whose own windows for the same thing are all over.
    """

    delivery_id: int
    window_id: int
    told_on: date
    planned: tuple[date | None, date | None]
    discreet: bool
    follows: bool
    state: str
    timing: str
    place: str
    programme: str | None
    matter: str | None
    batch: str
    opens_on: date | None
    closes_on: date | None
    where_to_go: str | None
    what_to_bring: str | None
    source: str
    changed: bool
    closed: str | None


# A window with the keys by which it is found: by its programme, by its topic, by its place.
_WINDOWS = """
due AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(CAST(:windows AS jsonb)) AS due(id bigint, place text, programme text, topic text,
    sensitive boolean, opens_on date, closes_on date, due_on date, helps_until timestamptz, earlier text[]))"""

# What one bite is to be told stands in a table of its own for a moment: only so does PostgreSQL know how many rows
# there are, and joins them in one go instead of row by row.
_ROOM = text("""
CREATE TEMPORARY TABLE IF NOT EXISTS fresh (resident_id bigint, account_id integer, window_id bigint, discreet boolean,
  opens_on date, closes_on date, due_on date, helps_until timestamptz, again boolean) ON COMMIT DELETE ROWS
""")

# How many rows each step has can't be known beforehand: it would be sorted where hashing takes a fifth of the time.
_JOIN_BY_HASH = text("SET LOCAL enable_mergejoin = off; SET LOCAL work_mem = '32MB'")

_CHOOSE = text(f"""
WITH {_WINDOWS},
key AS MATERIALIZED (
  SELECT 'programme' AS kind, programme AS subject, place AS stem, due.* FROM due WHERE programme IS NOT NULL
  UNION ALL SELECT 'topic', topic, place, due.* FROM due WHERE topic IS NOT NULL
  UNION ALL SELECT 'place', '', place, due.* FROM due),
-- What each resident follows, at each level of each of their places. Who named no place lives in the region.
followed AS (
  SELECT f.resident_id, a.id AS account_id, f.kind, CASE f.kind WHEN 'place' THEN '' ELSE f.subject END AS subject,
    lives.place, left(lives.place, digits) AS stem, f.consented_at IS NOT NULL AS consented, f.discreet
  FROM following f
  JOIN resident r ON r.id = f.resident_id AND r.id > :low AND r.id <= :high
    AND r.stopped_at IS NULL AND r.gone_at IS NULL
  JOIN account a ON a.channel = r.channel AND a.name = r.account
  CROSS JOIN LATERAL unnest(CASE WHEN f.kind = 'place' THEN ARRAY[f.subject]
    WHEN cardinality(r.places) = 0 THEN ARRAY['15'] ELSE r.places END) AS lives(place)
  CROSS JOIN unnest(ARRAY[2, 4, 6, 9, 12]) AS digits
  WHERE f.resident_id > :low AND f.resident_id <= :high AND digits <= length(lives.place) OFFSET 0),
wanted AS (
  SELECT followed.resident_id, followed.account_id, key.id AS window_id, key.opens_on, key.closes_on, key.due_on,
    key.helps_until, bool_or(followed.discreet) AS discreet,
    bool_and(EXISTS (SELECT FROM unnest(key.earlier) AS first WHERE starts_with(followed.place, first))) AS behind
  FROM followed JOIN key USING (kind, subject, stem)
  WHERE followed.consented OR NOT key.sensitive
  GROUP BY 1, 2, 3, 4, 5, 6, 7),
-- Told other days that are not over: told the change. Told these days at an earlier stage, or nothing: told the stage.
-- It presses where tomorrow is too late: the last day is today, or of a change one of the two last days is tomorrow.
news AS (
  SELECT wanted.resident_id, wanted.account_id, wanted.window_id, wanted.discreet, wanted.opens_on, wanted.closes_on,
    CASE WHEN told.changed THEN CAST(:today AS date) ELSE wanted.due_on END AS due_on,
    CASE WHEN told.changed THEN greatest(wanted.helps_until,
      (told.closes_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai',
      CASE WHEN told.closes_on IS NULL THEN CAST(:now AS timestamptz) + interval '7 days' END)
    ELSE wanted.helps_until END AS helps_until,
    CASE WHEN told.changed THEN least((wanted.helps_until AT TIME ZONE 'Asia/Shanghai')::date, told.closes_on)
        <= CAST(:today AS date) + 1
      ELSE (wanted.helps_until AT TIME ZONE 'Asia/Shanghai')::date <= CAST(:today AS date) END AS presses
  FROM wanted
  LEFT JOIN LATERAL (
    SELECT m.opens_on, m.closes_on, m.due_on, m.closes_on < CAST(:today AS date) AS over,
      (m.opens_on, m.closes_on) IS DISTINCT FROM (wanted.opens_on, wanted.closes_on)
        AND coalesce(m.closes_on >= CAST(:today AS date), true)
        AND NOT EXISTS (SELECT FROM delivery d WHERE d.id = m.delivery_id AND d.state = 'refused') AS changed
    FROM reminder m WHERE m.resident_id = wanted.resident_id AND m.window_id = wanted.window_id
    ORDER BY m.told_on DESC, m.again DESC LIMIT 1) told ON true
  WHERE told.changed OR (wanted.due_on IS NOT NULL AND NOT wanted.behind
    AND (told.due_on IS NULL OR told.over OR told.due_on < wanted.due_on))),
got AS (
  SELECT resident_id, count(*) AS today FROM delivery
  WHERE kind = 'reminder' AND moved_at >= :midnight AND state IN ('sending', 'sent', 'unknown')
    AND resident_id > :low AND resident_id <= :high GROUP BY 1)
-- One message a day: who got one today is told tomorrow, while it still helps; a second one brings only what presses.
INSERT INTO fresh (resident_id, account_id, window_id, discreet, opens_on, closes_on, due_on, helps_until, again)
SELECT resident_id, account_id, window_id, discreet, opens_on, closes_on, due_on, helps_until, got.today IS NOT NULL
FROM news LEFT JOIN got USING (resident_id)
WHERE helps_until > :not_before AND (got.today IS NULL OR (got.today = 1 AND presses))
""")  # noqa: S608 - put together from our own text

_PLAN = text("""
WITH per_resident AS (
  SELECT resident_id, account_id, max(helps_until) AS helps_until, bool_or(again) AS again FROM fresh GROUP BY 1, 2),
-- A reminder that still waits takes the new lines too. Locked rows: a drain that claims one leaves it out, or we do.
joined AS (
  UPDATE delivery d SET expires_at = greatest(d.expires_at, p.helps_until)
  FROM per_resident p CROSS JOIN LATERAL (
    SELECT id FROM delivery WHERE resident_id = p.resident_id AND state IN ('queued', 'held')
      AND kind = 'reminder' AND source_kind = 'reminder' AND expires_at > :now OFFSET 0) waits
  WHERE d.id = waits.id AND d.state IN ('queued', 'held')
  RETURNING d.id, d.resident_id),
made AS (
  INSERT INTO delivery (source_kind, source_id, resident_id, account_id, kind, not_before, expires_at, moved_at)
  SELECT 'reminder', :source + (
      SELECT count(*) FROM delivery d WHERE d.resident_id = p.resident_id AND d.kind = 'reminder'
        AND d.moved_at >= :midnight AND d.state IN ('cancelled', 'expired', 'sending', 'sent', 'unknown')),
    p.resident_id, p.account_id, 'reminder', :not_before, p.helps_until, :now
  FROM per_resident p
  WHERE NOT EXISTS (SELECT FROM joined WHERE joined.resident_id = p.resident_id)
    -- One that waited and could not be joined, or left since the lines were chosen, is the message of this day.
    AND NOT EXISTS (SELECT FROM delivery d WHERE d.resident_id = p.resident_id AND d.state IN ('queued', 'held')
      AND d.kind = 'reminder' AND d.source_kind = 'reminder' AND d.expires_at > :now)
    AND p.again::int = (SELECT count(*) FROM delivery d WHERE d.resident_id = p.resident_id AND d.kind = 'reminder'
      AND d.moved_at >= :midnight AND d.state IN ('sending', 'sent', 'unknown'))
  ON CONFLICT DO NOTHING RETURNING id, resident_id),
lines AS (
  INSERT INTO reminder (resident_id, window_id, told_on, again, due_on, opens_on, closes_on, discreet, delivery_id)
  SELECT resident_id, fresh.window_id, :today, fresh.again, fresh.due_on, fresh.opens_on, fresh.closes_on,
    fresh.discreet, to_.id
  FROM fresh JOIN (SELECT * FROM joined UNION ALL SELECT * FROM made) to_ USING (resident_id)
  ON CONFLICT DO NOTHING RETURNING 1)
SELECT (SELECT count(*) FROM lines), (SELECT count(*) FROM made)
""")

_UNPLAN_CHANGED = text(f"""
WITH {_WINDOWS}
DELETE FROM reminder m USING delivery d, due
WHERE m.window_id = due.id AND d.id = m.delivery_id AND d.state IN ('queued', 'held')
  AND (m.opens_on, m.closes_on) IS DISTINCT FROM (due.opens_on, due.closes_on)
""")  # noqa: S608 - as above

_NEXT = text("""
SELECT max(resident_id) FROM (
  SELECT DISTINCT resident_id FROM following WHERE resident_id > :low ORDER BY resident_id LIMIT :bite) AS bite
""")

_LINES = text("""
SELECT m.delivery_id, m.window_id, m.told_on, m.opens_on AS planned_opens, m.closes_on AS planned_closes, m.discreet,
  EXISTS (SELECT FROM following f WHERE f.resident_id = m.resident_id
    AND (f.consented_at IS NOT NULL OR NOT w.sensitive)
    AND CASE f.kind WHEN 'programme' THEN f.subject = w.programme WHEN 'topic' THEN f.subject = w.topic
      ELSE starts_with(f.subject, w.place) END
    AND (f.kind = 'place' OR w.place = '15' OR EXISTS (
      SELECT FROM unnest(r.places) AS lives WHERE starts_with(lives, w.place)))) AS follows,
  w.state, w.timing, w.place, w.programme, w.matter, w.batch, w.opens_on, w.closes_on, w.where_to_go,
  w.what_to_bring, w.source, coalesce(was.changed, false) AS changed, below.place AS closed
FROM reminder m JOIN place_window w ON w.id = m.window_id JOIN resident r ON r.id = m.resident_id
LEFT JOIN LATERAL (
  SELECT (p.opens_on, p.closes_on) IS DISTINCT FROM (m.opens_on, m.closes_on)
    AND coalesce(p.closes_on >= m.told_on, true) AS changed
  FROM reminder p WHERE p.resident_id = m.resident_id AND p.window_id = m.window_id
    AND p.delivery_id IS DISTINCT FROM m.delivery_id AND (p.told_on, p.again) < (m.told_on, m.again)
    AND NOT EXISTS (SELECT FROM delivery d WHERE d.id = p.delivery_id AND d.state = 'refused')
  ORDER BY p.told_on DESC, p.again DESC LIMIT 1) was ON true
LEFT JOIN LATERAL (
  SELECT o.place FROM place_window o
  WHERE o.state = 'published' AND o.closes_on < :today AND o.closes_on >= :recently
    AND o.programme IS NOT DISTINCT FROM w.programme AND o.matter IS NOT DISTINCT FROM w.matter
    AND starts_with(o.place, w.place) AND o.place <> w.place
    AND EXISTS (SELECT FROM unnest(r.places) AS lives WHERE starts_with(lives, o.place))
    AND NOT EXISTS (SELECT FROM place_window n  -- another batch may be open below, or to come
      WHERE n.state = 'published' AND (n.closes_on IS NULL OR n.closes_on >= :today) AND starts_with(o.place, n.place)
      AND length(n.place) > length(w.place) AND (n.programme, n.matter) IS NOT DISTINCT FROM (w.programme, w.matter))
  ORDER BY length(o.place) DESC LIMIT 1) below ON true
WHERE m.delivery_id = ANY(:ids) ORDER BY m.delivery_id, w.closes_on NULLS LAST, m.window_id, m.told_on DESC,
  m.again DESC
""").bindparams(bindparam("ids", type_=ARRAY(BIGINT)))


async def windows(conn: AsyncConnection, *, today: date, since: datetime) -> list[Window]:
    """Return the windows that may be told of: those open or to come, and those changed since a moment."""
    kept = place_window.c
    live = (kept.state == State.PUBLISHED.value) & (kept.closes_on.is_(None) | (kept.closes_on >= today))
    # Entering and publishing are two revisions: only after them can somebody have been told something else.
    changed = (kept.state != State.DRAFT.value) & (kept.revision > 2) & (kept.changed_at >= utc(since))  # noqa: PLR2004
    rows = await conn.execute(select(place_window).where(live | changed).order_by(kept.id))
    return [as_window(row) for row in rows]


async def next_bite(conn: AsyncConnection, low: int) -> int | None:
    """Return the last resident of the bite after `low`, None after the last one who follows anything."""
    high: int | None = (await conn.execute(_NEXT, {"low": low, "bite": BITE})).scalar_one()
    return high


async def plan(conn: AsyncConnection, due: Sequence[Due], look: Look, *, low: int, high: int) -> tuple[int, int]:
    """Plan today's reminders of the residents above `low` up to `high`; returns how many lines and new deliveries.

    A delivery's source is the day and how many of the resident's left or ended on it, 2026112200: two looks at once
    make one; one whose words were out of date in the morning is made anew on that day, which may be the last; and who
    got one gets a second and last one that day for what tomorrow would be too late (`again`).
    """
    when = {"now": utc(look.now), "not_before": utc(look.not_before), "today": look.today}
    when["midnight"] = utc(look.midnight)
    await conn.execute(_ROOM)
    await conn.execute(_JOIN_BY_HASH)
    which = {"windows": _as_json(due), "low": low, "high": high}
    if (await conn.execute(_CHOOSE, which | when)).rowcount == 0:
        return 0, 0
    await conn.execute(text("ANALYZE fresh"))
    lines, made = (await conn.execute(_PLAN, when | {"source": int(look.today.strftime("%Y%m%d00"))})).one()
    return lines, made


async def unplan_changed(conn: AsyncConnection, due: Sequence[Due]) -> int:
    """Take back what waits to be told of windows whose days are others now; the look plans it anew."""
    return (await conn.execute(_UNPLAN_CHANGED, {"windows": _as_json(due)})).rowcount


async def drop(conn: AsyncConnection, untold: Collection[tuple[int, int]]) -> None:
    """Forget lines (delivery, window) that a delivery leaves out, so that they do not count as told."""
    if untold:
        await conn.execute(delete(reminder).where(tuple_(reminder.c.delivery_id, reminder.c.window_id).in_(untold)))


async def lines(conn: AsyncConnection, deliveries: Sequence[int], *, today: date, recently: date) -> list[Line]:
    """Return what these deliveries tell, by delivery, what closes first first; the newest plan for a window first.

    `recently`: how far back a window below may have closed that is still worth a word.
    """
    rows = await conn.execute(_LINES, {"ids": list(deliveries), "today": today, "recently": recently})
    return [_as_line(dict(row._mapping)) for row in rows]


def _as_line(kept: dict[str, Any]) -> Line:
    return Line(planned=(kept.pop("planned_opens"), kept.pop("planned_closes")), **kept)


def _as_json(due: Sequence[Due]) -> str:
    return json.dumps([vars(one) for one in due], default=lambda value: value.isoformat())
