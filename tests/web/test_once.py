"""A form counts once, forms of one visitor count in order, and too many are answered kindly."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from storage.database import Database
from storage.tables import conversation, inbox, resident
from tests.web.conftest import PER_MINUTE, Arrive, Clock, Visitor

DIBAO = "低保咋申请"
MINUTE = timedelta(minutes=1)


async def count(database: Database, table: Table) -> int:
    async with database.begin() as conn:
        return int((await conn.execute(select(func.count()).select_from(table))).scalar_one())


async def state(database: Database) -> dict[str, Any]:
    async with database.begin() as conn:
        kept: dict[str, Any] = (await conn.execute(select(conversation.c.state))).scalar_one()
        return kept


async def test_a_form_delivered_twice_has_its_effect_once_and_gets_the_same_answer(
    visitor: Visitor, database: Database
) -> None:
    first = await visitor.send(text=DIBAO, message_id="one")
    await visitor.send(text="旱厕改造有钱没")
    before = await state(database)
    again = await visitor.send(text=DIBAO, message_id="one")
    assert said(again.text) == said(first.text)
    assert await count(database, inbox) == 2
    assert await state(database) == before


def said(page: str) -> str:
    """The latest answer in a page; ids of forms are another each time."""
    words = page[page.index('<div class="words">') :]
    return words[: words.index("</div>")]


async def test_two_copies_of_a_form_at_once_have_one_effect_and_both_get_the_answer(
    visitor: Visitor, database: Database
) -> None:
    await visitor.send(text="你好")
    answers = await asyncio.gather(*(visitor.send(text=DIBAO, message_id="one") for _ in range(4)))
    assert len({said(one.text) for one in answers}) == 1
    assert await count(database, inbox) == 2


async def test_an_old_form_with_new_words_is_a_new_question(visitor: Visitor, database: Database) -> None:
    await visitor.send(text=DIBAO, message_id="one")
    other = await visitor.send(text="旱厕改造有钱没", message_id="one")
    assert "改厕所" in said(other.text)
    assert await count(database, inbox) == 2


async def test_a_form_without_an_id_counts_each_time(visitor: Visitor, database: Database) -> None:
    for _ in range(2):
        await visitor.client.post("/ask", data={"text": DIBAO})
    assert await count(database, inbox) == 2


async def test_two_forms_at_once_from_one_visitor_are_answered_in_order(arrive: Arrive, database: Database) -> None:
    for _ in range(5):
        visitor = arrive()
        await visitor.send(text="旱厕改造有钱没")
        asked, followed = await asyncio.gather(visitor.send(text=DIBAO), visitor.send(text="那找谁办"))
        assert "低保" in said(asked.text)
        assert "低保" in said(followed.text)


async def test_an_erasure_that_is_delivered_again_does_not_bring_the_visitor_back(
    visitor: Visitor, database: Database
) -> None:
    await visitor.send(text=DIBAO)
    token = visitor.client.cookies["mingbai"]
    for _ in range(2):
        visitor.client.cookies.set("mingbai", token, domain="page.example")
        page = await visitor.send(action="erase-sure", message_id="gone")
        assert "都删掉了" in page.text
        assert dict(visitor.client.cookies) == {}
    assert await count(database, resident) == 0
    assert await count(database, conversation) == 0


@pytest.mark.parametrize("text", ["我今年九岁，低保是啥", "我十二岁 后爸打我"])
async def test_whoever_says_that_they_are_a_child_is_given_no_cookie_to_keep(
    visitor: Visitor, database: Database, text: str
) -> None:
    page = await visitor.send(text=text)
    assert "小朋友" in page.text
    assert dict(visitor.client.cookies) == {}
    assert await count(database, resident) == 0


async def test_a_form_whose_answer_is_forgotten_says_so(visitor: Visitor, database: Database) -> None:
    await visitor.send(text=DIBAO, message_id="one")
    async with database.begin() as conn:
        await conn.execute(inbox.update().values(reply=None))
    page = await visitor.send(text=DIBAO, message_id="one")
    assert "早先答过了" in page.text
    assert "<article" not in page.text


async def test_too_many_in_a_minute_are_asked_kindly_to_wait(visitor: Visitor, arrive: Arrive, clock: Clock) -> None:
    for _ in range(PER_MINUTE):
        assert "低保" in said((await visitor.send(text=DIBAO)).text)
    late = await visitor.send(text=DIBAO)
    assert late.status_code == 200
    assert "太快了" in late.text
    assert "低保" in said((await arrive().send(text=DIBAO)).text), "another visitor is not concerned"
    clock.pass_(MINUTE + timedelta(seconds=1))
    assert "低保" in said((await visitor.send(text=DIBAO)).text)


async def test_a_question_from_a_cards_page_is_asked_of_that_card(visitor: Visitor) -> None:
    await visitor.send(text=DIBAO)
    page = await visitor.send(text="那找谁办", about="toilet-upgrade")
    assert "改厕所" in said(page.text)
    unknown = await visitor.send(text="低保咋申请", about="no-such-card")
    assert "低保" in said(unknown.text)
