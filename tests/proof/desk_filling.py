"""Years of work in the database, in bulk and seeded: what the desk's pages are measured on."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.turn import Knowledge
from scheduler.interest import close, frame_of
from storage.database import Database
from storage.interest import marks
from storage.interest.marks import Mark
from storage.interest.rule import Measure

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
BANNER, VILLAGE = "150621", "150621106201"
OPEN_MONTH = date(2026, 11, 1)
CLOSED_MONTHS = (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))


@dataclass(frozen=True)
class Size:
    """How much there is. `closed` are marks of each month that was closed."""

    residents: int = 200_000
    marks: int = 2_000_000
    closed: int = 100_000
    broadcasts: int = 5_000
    deliveries: int = 200_000
    tickets: int = 50_000
    entries: int = 20_000
    staff: int = 500
    trail: int = 50_000

    def times(self, share: float) -> "Size":
        """The same in small."""
        return replace(self, **{name: max(10, int(count * share)) for name, count in vars(self).items()})


_RESIDENTS = """
INSERT INTO resident (channel, account, address, places, created_on, seen_on)
SELECT CASE WHEN n % 10 = 0 THEN 'telegram' ELSE 'wechat' END, 'bot', 'r' || n,
  ARRAY[(CAST(:villages AS text[]))[1 + n * 7 % :many]], '2026-01-01', '2026-11-20'
FROM generate_series(0, :count - 1) AS n
"""
_FOLLOWING = """
INSERT INTO following (resident_id, kind, subject, since)
SELECT id, 'topic', (CAST(:topics AS text[]))[1 + id % :many], now() FROM resident
"""
_STAFF = """
INSERT INTO staff (role, places, name, joined_on, active_on)
SELECT 'cadre', ARRAY[(CAST(:villages AS text[]))[1 + n * 11 % :many]], '干部' || n, '2026-01-01', '2026-11-20'
FROM generate_series(0, :count - 1) AS n
"""
_TICKETS = """
INSERT INTO ticket (resident_id, place, question, asked_at, answer, answered_at, told_at)
SELECT first + n % residents,
  CASE WHEN n % 20 = 0 THEN :village ELSE (CAST(:villages AS text[]))[1 + n * 13 % :many] END,
  '化肥补贴表在哪交，去年没赶上，今年要带啥' || n, at, CASE WHEN told THEN '请来村委会' END, CASE WHEN told THEN at END,
  CASE WHEN told THEN at END
FROM (SELECT n, n % 4 > 0 AS told, CAST(:now AS timestamptz) - n * interval '3 minutes' AS at,
  (SELECT min(id) FROM resident) AS first, (SELECT count(*) FROM resident) AS residents
  FROM generate_series(0, :count - 1) AS n) AS made
"""
_WINDOWS = """
INSERT INTO place_window (programme, matter, batch, place, timing, closes_on, source, state, entered_by, confirmed_by,
  changed_at)
SELECT (CAST(:programmes AS text[]))[1 + n % :cards], NULL, 'b' || n, (CAST(:villages AS text[]))[1 + n * 17 % :many],
  'dated', date '2026-10-01' + n % 200, '通知', CASE WHEN n % 5 = 0 THEN 'draft' ELSE 'published' END, 'operator',
  'operator', now() FROM generate_series(0, :count - 1) AS n
"""
_DETAILS = """
INSERT INTO local_detail (matter, place, kind, says, lapses_on, source, state, entered_by, confirmed_by, changed_at)
SELECT '事' || n, (CAST(:villages AS text[]))[1 + n * 19 % :many], 'standard', '每亩' || n || '元',
  date '2026-10-01' + n % 300, '通知', 'published', 'operator', 'operator', now()
FROM generate_series(0, :count - 1) AS n
"""
_BROADCASTS = """
INSERT INTO broadcast (number, staff_id, kind, title, text, office, place, audience, hash, recipients, state,
  submitted_at, approved_at, expires_at, spread_at, out_at, moved_at)
SELECT 'T' || lpad(n::text, 5, '0'), (SELECT min(id) FROM staff) + n % :staff, 'notice', '通知' || n, '明天停水' || n,
  '村委会', place, ARRAY[place], md5(n::text), 40, CASE WHEN waits THEN 'submitted' ELSE 'approved' END, at,
  CASE WHEN NOT waits THEN at END, CASE WHEN NOT waits THEN at + interval '3 days' END,
  CASE WHEN NOT waits THEN at END, CASE WHEN NOT waits THEN at END, at
FROM (SELECT n, n % 50 = 0 AS waits, (CAST(:villages AS text[]))[1 + n * 23 % :many] AS place,
  CAST(:now AS timestamptz) - n * interval '1 hour' AS at FROM generate_series(0, :count - 1) AS n) AS made
"""
_DELIVERIES = """
INSERT INTO delivery (source_kind, source_id, resident_id, account_id, kind, state, not_before, expires_at, moved_at)
SELECT 'broadcast', (SELECT min(id) FROM broadcast) + n % :broadcasts, (SELECT min(id) FROM resident) + n % :residents,
  (SELECT min(id) FROM account), 'notice', CASE WHEN n % 40 = 0 THEN 'unknown' ELSE 'sent' END, at, at, at
FROM (SELECT n, CAST(:now AS timestamptz) - n % :broadcasts * interval '1 hour' AS at
  FROM generate_series(0, :count - 1) AS n) AS made ON CONFLICT DO NOTHING
"""
_TRAIL = """
INSERT INTO trail (number, at, actor, verb, object_id, mac)
SELECT last + n + 1, CAST(:now AS timestamptz) - (:count - n) * interval '1 minute',
  'staff:' || (SELECT min(id) FROM staff) + n % :staff, 'answered', 'ticket:' || n, '\\x00'
FROM generate_series(0, :count - 1) AS n, (SELECT coalesce(max(number), 0) AS last FROM trail) AS before
"""
_UNANSWERED = """
INSERT INTO unanswered_text (id, text, kept_on)
SELECT md5(n::text), '养第' || n || '种牲口有补贴吗', '2026-11-20' FROM generate_series(0, :count - 1) AS n
"""
_PEOPLE = """
INSERT INTO {people} (resident_id, home, channel)
SELECT id, left(places[1], 9), channel FROM resident ON CONFLICT DO NOTHING
"""
_MARKS = """
INSERT INTO {marks} (resident_id, topic, measure, programme)
SELECT first + n % residents, topics[which], CASE n % 3 WHEN 0 THEN 'helpful'
  WHEN 1 THEN 'asked' ELSE 'subscribed' END, programmes[which]
FROM (SELECT n, first, residents, topics, programmes, 1 + (n * 31 + n / residents) % cardinality(topics) AS which
  FROM (SELECT (SELECT min(id) FROM resident) AS first, (SELECT count(*) FROM resident) AS residents,
    CAST(:topics AS text[]) AS topics, CAST(:programmes AS text[]) AS programmes) AS given,
    generate_series(0, :count - 1) AS n) AS made
ON CONFLICT DO NOTHING
"""


async def fill(database: Database, know: Knowledge, size: Size) -> None:
    """Put it all in: residents and what they follow, three closed months, an open one, and the work of staff."""
    topics = [id_ for id_, topic in know.library.topics.items() if not topic.sensitive]
    asked = [(one.topic, one.id) for one in know.library.programmes.values() if one.topic in topics]
    async with database.begin() as conn:
        await _people(conn, know, size, topics)
    for month in CLOSED_MONTHS:
        await _month(database, month, asked, size.closed)
        closed_on = datetime(month.year, month.month + 1, 2, 3, tzinfo=UTC)
        await close(database, month, frame_of(know.library, know.places), closed_on)
    await _month(database, OPEN_MONTH, asked, size.marks)
    async with database.begin() as conn:
        await _work(conn, know, size)
    async with database.begin() as conn:
        await conn.execute(text("ANALYZE"))


async def _people(conn: AsyncConnection, know: Knowledge, size: Size, topics: list[str]) -> None:
    placed = _villages(know)
    await conn.execute(text(_RESIDENTS), placed | {"count": size.residents})
    await conn.execute(text(_FOLLOWING), {"topics": topics, "many": len(topics)})
    await conn.execute(text(_STAFF), placed | {"count": size.staff})


async def _month(database: Database, month: date, asked: list[tuple[str, str]], count: int) -> None:
    """Marks of a month: its tables are made by one that is written as every mark is, the rest comes in bulk."""
    async with database.begin() as conn:
        first = await conn.scalar(text("SELECT min(id) FROM resident")) or 0
        await marks.write(conn, [Mark(month, first, Measure.ASKED, *asked[0], BANNER, "wechat")])
        its = marks.tables(month)
        await conn.execute(text(_PEOPLE.format(people=its.people)))
        given = {"topics": [topic for topic, _ in asked], "programmes": [id_ for _, id_ in asked], "count": count}
        await conn.execute(text(_MARKS.format(marks=its.marks)), given)


async def _work(conn: AsyncConnection, know: Knowledge, size: Size) -> None:
    """What staff did and what waits for them."""
    placed, now = _villages(know), {"now": NOW}
    cards = list(know.library.programmes)
    await conn.execute(text(_TICKETS), placed | now | {"count": size.tickets, "village": VILLAGE})
    await conn.execute(text(_WINDOWS), placed | {"count": size.entries, "programmes": cards, "cards": len(cards)})
    await conn.execute(text(_DETAILS), placed | {"count": size.entries})
    await conn.execute(text("INSERT INTO account (channel, name) VALUES ('telegram', 'bot')"))
    await conn.execute(text(_BROADCASTS), placed | now | {"count": size.broadcasts, "staff": size.staff})
    counts = {"broadcasts": size.broadcasts, "residents": size.residents, "count": size.deliveries}
    await conn.execute(text(_DELIVERIES), now | counts)
    await conn.execute(text(_TRAIL), now | {"count": size.trail, "staff": size.staff})
    await conn.execute(text(_UNANSWERED), {"count": size.staff})


def _villages(know: Knowledge) -> dict[str, object]:
    """All villages of the banner that is looked at, and some of every other."""
    banners = [banner.stem for league in know.places.children("15") for banner in know.places.children(league.stem)]
    found = [
        village.stem
        for banner in banners
        for township in know.places.children(banner)[: None if banner == BANNER else 3]
        for village in know.places.children(township.stem)[: None if banner == BANNER else 3]
    ]
    return {"villages": found, "many": len(found)}
