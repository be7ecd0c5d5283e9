"""Following through the whole pipeline: kept, shown, changed by places, gone with the resident."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.dialogue.state import Telling
from bot.dialogue.turn import Knowledge
from bot.incoming import Incoming
from bot.pipeline import Pipeline
from content.render import as_text
from storage.database import Database
from storage.residents import Resident
from storage.tables import following

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def pipeline(know: Knowledge, database: Database) -> Pipeline:
    told: dict[str, Telling] = {"telegram": "sure", "wechat": "held"}
    telling: Callable[[Resident], Telling] = lambda who: told.get(who.channel, "never")  # noqa: E731
    return Pipeline(lambda: know, database, per_minute=50, now=lambda: NOW, telling=telling)


class Sister:
    """Somebody on one channel: says and taps."""

    def __init__(self, pipeline: Pipeline, channel: str = "telegram") -> None:
        self.pipeline, self.channel, self.number = pipeline, channel, 0

    async def does(self, action: str = "", *, said: str = "") -> str:
        self.number += 1
        update = Incoming(
            self.channel, "bot", "sister", f"m{self.number}", NOW, text=said or None, action=action or None
        )
        handled = await self.pipeline.handle(update, welcoming=False)
        assert handled.reply is not None
        return as_text(handled.reply.messages[-1])


async def kept(database: Database) -> list[tuple[str, str, bool, bool]]:
    async with database.begin() as conn:
        rows = (await conn.execute(select(following).order_by(following.c.subject))).all()
    return [(row.kind, row.subject, row.consented_at is not None, row.discreet) for row in rows]


async def test_what_is_followed_is_kept_and_shown_at_the_next_message(pipeline: Pipeline, database: Database) -> None:
    sister = Sister(pipeline)
    await sister.does("remind:programme,farm-loan")
    await sister.does("remind-quiet:topic,low-income")
    assert await kept(database) == [("programme", "farm-loan", False, False), ("topic", "low-income", True, True)]
    told = await sister.does(said="我的提醒")
    assert "· 种地养殖贷款" in told
    assert "· “低保救助”这一类（不写是什么事）" in told
    await sister.does("unremind:programme,farm-loan")
    await sister.does("unremind-all")
    assert await kept(database) == []


async def test_a_place_that_is_deleted_is_followed_no_more(pipeline: Pipeline, database: Database) -> None:
    sister = Sister(pipeline)
    await sister.does("enough-place:150621")
    await sister.does("remind:place,150621")
    assert await kept(database) == [("place", "150621", False, False)]
    await sister.does("forget-place")
    assert await kept(database) == [("place", "150621", False, False)]
    await sister.does(said="是，删掉")
    assert await kept(database) == []


async def test_a_place_said_more_exactly_goes_on_being_followed(pipeline: Pipeline, database: Database) -> None:
    sister = Sister(pipeline)
    await sister.does("in:150621")
    await sister.does("remind:place,150621")
    await sister.does("in:150621100")
    told = await sister.does("in:150621100201")
    assert await kept(database) == [("place", "150621100201", False, False)]
    assert "照样提醒" in told


async def test_a_fourth_place_ends_the_reminders_of_the_oldest_and_says_so(
    pipeline: Pipeline, database: Database
) -> None:
    sister = Sister(pipeline)
    for stem in ("150621", "150722", "150403"):
        await sister.does(f"enough-place:{stem}")
        await sister.does(f"remind:place,{stem}")
    assert "达拉特旗就不记了，它的日子也不提醒了" in await sister.does("enough-place:150125")
    assert [subject for _, subject, _, _ in await kept(database)] == ["150403", "150722"]


async def test_erasing_erases_it_and_stopping_does_not(pipeline: Pipeline, database: Database) -> None:
    sister = Sister(pipeline)
    await sister.does("remind:programme,farm-loan")
    await sister.does(said="停")
    assert len(await kept(database)) == 1
    assert "说“恢复”" in await sister.does(said="我的提醒")
    await sister.does("erase-sure")
    assert await kept(database) == []


async def test_the_web_page_keeps_nothing_of_it(pipeline: Pipeline, database: Database) -> None:
    await Sister(pipeline, "web").does("remind:programme,farm-loan")
    await Sister(pipeline, "web").does("remind-quiet:programme,dibao")
    assert await kept(database) == []


async def test_a_redelivered_tap_follows_once(pipeline: Pipeline, database: Database) -> None:
    sister = Sister(pipeline)
    await sister.does("remind:programme,farm-loan")
    update = Incoming("telegram", "bot", "sister", "m1", NOW, action="remind:programme,farm-loan")
    assert (await pipeline.handle(update, welcoming=False)).reply is not None
    assert len(await kept(database)) == 1
