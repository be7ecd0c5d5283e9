"""How many residents a notice would reach now, by channel: counted, never listed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import wechat
from storage.broadcasts import freezing
from storage.broadcasts.freezing import Audience
from storage.moments import utc


@dataclass(frozen=True)
class Reach:
    """Of the residents of one channel: who can be written to now, who gets it when they come, who can't be reached.

    Out of reach are those who stopped or left, and channels that can't speak first. In trial only guests are reached.
    """

    now: int
    held: int
    out: int

    @property
    def total(self) -> int:
        """All residents of the audience who are known on this channel."""
        return self.now + self.held + self.out


_COUNT = """
SELECT channel, count(*) FILTER (WHERE open AND free) AS now, count(*) FILTER (WHERE open AND NOT free) AS held,
  count(*) FILTER (WHERE NOT open) AS out
FROM (
  SELECT r.channel,
    a.id IS NOT NULL AND r.stopped_at IS NULL AND r.gone_at IS NULL AND (r.trial_guest OR NOT :guests_only) AS open,
    r.channel <> '{wechat}' OR EXISTS (
      SELECT FROM wechat_window w WHERE w.resident_id = r.id AND w.messaged_at > :since AND w.messaged_used < :most
      ) AS free
  FROM resident r LEFT JOIN account a ON a.channel = r.channel AND a.name = r.account
  WHERE {who}) AS counted
GROUP BY channel
"""


async def reach(
    conn: AsyncConnection, audience: Audience, *, guests_only: bool = False, now: datetime
) -> Mapping[str, Reach] | None:
    """Count by channel whom an audience is. None for followers: asked often, it would tell who they are.

    `guests_only`: while the installation is in trial.
    """
    if audience.follows:
        return None
    limit, bound = wechat.AFTER_MESSAGE, freezing.parameters(audience)
    statement = text(_COUNT.format(who=freezing.who(audience), wechat=wechat.CHANNEL))
    window = {"since": utc(now) - limit.period, "most": limit.messages - limit.kept, "guests_only": guests_only}
    rows = await conn.execute(statement.bindparams(*freezing.lists(bound)), bound | window)
    return {row.channel: Reach(row.now, row.held, row.out) for row in rows}
