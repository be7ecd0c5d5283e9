"""Who a broadcast goes to, chosen once and never added to; and the hash of that and of its words."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, select, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT, TEXT
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.broadcasts.records import Broadcast
from storage.deliveries import LENT
from storage.tables import broadcast, broadcast_list

REGION = "15"
"""Who named no place lives in the region."""


@dataclass(frozen=True)
class Audience:
    """Whom a notice is for: places (stems), and of who lives there everyone, or who follows one of these.

    `follows`: like `programme:grain-soy-insurance`. `sensitive`: what they follow needs a consent of its own, and is
    never addressed below a banner.
    """

    places: tuple[str, ...]
    follows: tuple[str, ...] = ()
    sensitive: bool = False


# Lives in one of the places, or follows village notices there: a son in the city gets those of his mother's village.
LIVES = f"""EXISTS (
  SELECT FROM unnest(CASE WHEN cardinality(r.places) = 0 THEN ARRAY['{REGION}'] ELSE r.places END) AS lives(place),
    unnest(CAST(:places AS text[])) AS stem(stem) WHERE starts_with(lives.place, stem.stem))"""

FOLLOWS = """r.id IN (
  SELECT f.resident_id FROM following f WHERE (f.kind, f.subject) IN (
    SELECT split_part(one, ':', 1), split_part(one, ':', 2) FROM unnest(CAST(:follows AS text[])) AS one)
  AND (f.consented_at IS NOT NULL OR NOT CAST(:sensitive AS boolean)))"""

# Only accounts that may speak first are in the table `account`.
_CHOOSE = """
INSERT INTO broadcast_list (broadcast_id, account_id, residents)
SELECT CAST(:id AS bigint), a.id, array_agg(r.id ORDER BY r.id)
FROM resident r JOIN account a ON a.channel = r.channel AND a.name = r.account
WHERE r.stopped_at IS NULL AND r.gone_at IS NULL AND {who} GROUP BY a.id
"""

# An urgent copy of which no answer came goes back, to be sent again: whatever becomes of it then, somebody may have it.
# A last try that left it held, refused or gone surely brought nothing.
TRIED = """kind = 'urgent' AND (
  tries > CASE WHEN state IN ('held', 'refused', 'gone') THEN 1 ELSE 0 END OR reason = 'drain_died')"""

MAY_HAVE = f"(state IN ('sent', 'unknown') OR CASE state WHEN 'cancelled' THEN reason = 'tried' ELSE {TRIED} END)"

# A correction is for everybody who has what it corrects or may have it; who is being sent it right now, too.
_CHOOSE_REACHED = text(f"""
INSERT INTO broadcast_list (broadcast_id, account_id, residents)
SELECT CAST(:id AS bigint), account_id, array_agg(DISTINCT resident_id ORDER BY resident_id) FROM delivery
WHERE source_kind = 'broadcast' AND source_id = ANY(:wrong)
  AND ({MAY_HAVE} OR state = 'sending' OR state = 'held' AND reason = :lent)
  AND resident_id IS NOT NULL GROUP BY account_id
""").bindparams(bindparam("wrong", type_=ARRAY(BIGINT)), lent=LENT)  # noqa: S608 - put together from our own words

_WRONG = text("""
WITH RECURSIVE wrong (id) AS (
  SELECT CAST(:first AS bigint)
  UNION SELECT b.corrects FROM broadcast b JOIN wrong USING (id) WHERE b.corrects IS NOT NULL)
SELECT id FROM wrong ORDER BY id
""")

_DIGEST = text("""
SELECT string_agg(account_id || ' ' || encode(sha256(array_send(residents)), 'hex'), ',' ORDER BY account_id) AS digest,
  coalesce(sum(cardinality(residents)), 0) AS number
FROM broadcast_list WHERE broadcast_id = :id
""")


def who(audience: Audience) -> str:
    """Return the condition on `resident r` that an audience is; bind `parameters` with it."""
    return f"{LIVES} AND {FOLLOWS}" if audience.follows else LIVES


def parameters(audience: Audience) -> dict[str, object]:
    """Return what `who` has to be bound with."""
    bound: dict[str, object] = {"places": list(audience.places)}
    more: dict[str, object] = {"follows": list(audience.follows), "sensitive": audience.sensitive}
    return bound | more if audience.follows else bound


def lists(bound: dict[str, object]) -> list[BindParameter[Any]]:
    """Return the types of the parameters that are lists."""
    return [bindparam(name, type_=ARRAY(TEXT)) for name in ("places", "follows") if name in bound]


async def choose(conn: AsyncConnection, broadcast_id: int, audience: Audience) -> None:
    """Freeze who an audience is at this moment."""
    bound = parameters(audience)
    statement = text(_CHOOSE.format(who=who(audience))).bindparams(*lists(bound))
    await conn.execute(statement, bound | {"id": broadcast_id})


async def choose_reached(conn: AsyncConnection, broadcast_id: int, first: int) -> None:
    """Freeze who has, or may have, the broadcast that is corrected, or one that it corrected. It must be stopped."""
    await conn.execute(_CHOOSE_REACHED, {"id": broadcast_id, "wrong": await wrong(conn, first)})


async def wrong(conn: AsyncConnection, first: int) -> list[int]:
    """Return what a correction of `first` puts right: that one, and what it was itself a correction of.

    Who got the very first one and not yet its correction would else keep what was wrong.
    """
    return list((await conn.execute(_WRONG, {"first": first})).scalars())


async def numbers(conn: AsyncConnection, first: int) -> list[str]:
    """Return the numbers of what a correction of `first` puts right, oldest first."""
    found = select(broadcast.c.number).where(broadcast.c.id.in_(await wrong(conn, first))).order_by(broadcast.c.id)
    return list((await conn.execute(found)).scalars())


async def recipients(conn: AsyncConnection, broadcast_id: int) -> tuple[str, int]:
    """Return the digest of the frozen lists, and how many residents stand in them."""
    row = (await conn.execute(_DIGEST, {"id": broadcast_id})).one()
    return row.digest or "", int(row.number)


def hash_of(frozen: Broadcast, digest: str) -> str:
    """Return the hash of all that is approved: any other word, place, time or recipient gives another."""
    words = (frozen.number, frozen.kind, frozen.title, frozen.text, frozen.link, frozen.office, frozen.place)
    to = (frozen.audience, frozen.follows, frozen.sensitive, frozen.flags, frozen.corrects, digest)
    times = [moment and moment.isoformat() for moment in (frozen.send_at, frozen.expires_at, frozen.submitted_at)]
    return hashlib.sha256(json.dumps([words, to, times]).encode()).hexdigest()


async def forget(conn: AsyncConnection, broadcast_ids: Sequence[int]) -> None:
    """Delete frozen lists that nobody needs any more."""
    await conn.execute(delete(broadcast_list).where(broadcast_list.c.broadcast_id.in_(broadcast_ids)))
