"""Telling that somebody came to work for places: who reads there beside one is nobody's secret."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.alerts import raise_alert

CAME = ("joined", "moved")
"""Verbs of the trail by which somebody comes to a place; today's page tells those who work for that very place."""


async def tell(conn: AsyncConnection, staff_id: int, stems: Sequence[str], now: datetime) -> None:
    """Have staff's group told, in the caller's transaction."""
    await raise_alert(conn, "came", f"{staff_id} {'、'.join(stems)} {now:%Y-%m-%d %H:%M}", now)
