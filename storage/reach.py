"""How many residents of a place could be reached: counted, never listed."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import resident


async def reachable(conn: AsyncConnection, stem: str) -> Mapping[str, int]:
    """Count by channel the residents who named this place or one in it, and neither stopped nor left."""
    named = func.unnest(resident.c.places).column_valued("named")
    theirs = select(1).select_from(named).where(named.startswith(stem, autoescape=True)).exists()
    counted = select(resident.c.channel, func.count()).where(theirs).group_by(resident.c.channel)
    here = counted.where(resident.c.stopped_at.is_(None), resident.c.gone_at.is_(None))
    return {row[0]: row[1] for row in await conn.execute(here)}
