"""The page before the doors open."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from bot.channels.web.pages import environment
from bot.channels.web.rehearsal import rehearse
from bot.channels.web.site import Site
from bot.dialogue.turn import Knowledge
from bot.pipeline import Pipeline
from storage.database import Database
from storage.tables import inbox

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


async def test_a_rehearsal_reads_the_page_of_an_answer_and_leaves_no_trace(know: Knowledge, database: Database) -> None:
    environment.cache_clear()
    pipeline = Pipeline(lambda: know, database, per_minute=5, now=lambda: NOW)
    rehearse(Site(pipeline, lambda: know, lambda: NOW, "page", secure=False))
    assert environment().cache, "templates are at hand for the first visitor"
    async with database.begin() as conn:
        assert await conn.scalar(select(func.count()).select_from(inbox)) == 0
