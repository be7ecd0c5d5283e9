"""A visit from the first question to the erasure, with JavaScript and without."""

import re

import pytest
from playwright.async_api import Route, expect
from sqlalchemy import Table, func, select

from storage.database import Database
from storage.tables import inbox, resident
from tests.pages.visitor import Arrive, Visitor

DIBAO = "低保咋申请"


async def count(database: Database, table: Table) -> int:
    async with database.begin() as conn:
        return int((await conn.execute(select(func.count()).select_from(table))).scalar_one())


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_the_whole_journey(arrive: Arrive, database: Database, *, javascript: bool) -> None:
    visitor = await arrive(java_script_enabled=javascript)
    await visitor.ask(DIBAO)
    answer = await visitor.latest()
    assert "低保" in answer
    assert "怎么申请，文件没写" in answer
    assert re.search("依据：20\\d\\d年自治区文件第\\d+条", answer.replace(" ", ""))

    await visitor.choose("看原话")
    quotes = await visitor.latest()
    assert "①" in quotes
    assert "原话：" in quotes

    await visitor.ask("那找谁办")
    assert "低保" in await visitor.latest()
    assert "嘎查村委会" in await visitor.latest()

    await visitor.ask("我在哪")
    await visitor.choose("鄂尔多斯")
    await visitor.choose("达拉特旗")
    assert "记下了：" in await visitor.latest()
    await visitor.ask("记了我什么")
    assert "达拉特旗" in await visitor.latest()

    await visitor.choose("删掉我的记录")
    await visitor.choose("是，删掉")
    assert "都删掉了" in await visitor.latest()
    await expect(visitor.page.locator(".turn")).to_have_count(1)
    assert await visitor.context.cookies() == []
    assert await count(database, resident) == 0
    assert not visitor.popups
    assert not visitor.complaints


async def test_with_javascript_nothing_is_loaded_anew(visitor: Visitor) -> None:
    await visitor.page.evaluate("window.loaded = 'once'")
    for words in (DIBAO, "那多少钱"):
        await visitor.ask(words)
    await visitor.choose("看原话")
    assert await visitor.page.evaluate("window.loaded") == "once"
    assert visitor.page.url == f"{visitor.address}/"
    await expect(visitor.page.locator(".turn")).to_have_count(3)
    assert await visitor.page.input_value("#text") == ""


async def test_the_same_words_asked_anew_are_a_new_question(visitor: Visitor, database: Database) -> None:
    for _ in range(2):
        await visitor.ask(DIBAO)
    await expect(visitor.page.locator(".turn")).to_have_count(2)
    assert await count(database, inbox) == 2


async def test_the_answer_is_where_one_looks_and_focus_is_on_it(visitor: Visitor) -> None:
    for words in (DIBAO, "旱厕改造有钱没"):
        await visitor.ask(words)
    top = await visitor.page.evaluate("document.querySelector('.turn:last-child').getBoundingClientRect().top")
    assert 0 <= top < 200
    assert await visitor.page.evaluate("document.activeElement.matches('.turn:last-child')")


async def test_a_form_that_is_sent_again_does_nothing_twice(visitor: Visitor, database: Database) -> None:
    async with visitor.page.expect_request("**/ask") as sent:
        await visitor.ask(DIBAO)
    request = await sent.value
    kind = {"content-type": "application/x-www-form-urlencoded", "x-part": "answer", "origin": visitor.address}
    again = await visitor.context.request.post(request.url, data=request.post_data or "", headers=kind)
    assert (await again.text()).count("<article") == 1
    assert "怎么申请，文件没写" in await again.text()
    assert await count(database, inbox) == 1


async def test_without_javascript_a_reload_shows_the_same_answer_and_does_nothing_twice(
    arrive: Arrive, database: Database
) -> None:
    visitor = await arrive(java_script_enabled=False)
    await visitor.ask(DIBAO)
    first = await visitor.latest()
    await visitor.page.reload()
    assert await visitor.latest() == first
    assert await count(database, inbox) == 1


async def test_pressing_twice_asks_once(visitor: Visitor, database: Database) -> None:
    await visitor.page.fill("#text", DIBAO)
    await visitor.page.evaluate("for (const _ of [1, 2, 3]) document.querySelector('.ask').requestSubmit()")
    await expect(visitor.page.locator(".turn")).to_have_count(1)
    await visitor.page.wait_for_timeout(200)
    assert await count(database, inbox) == 1


async def test_the_talk_is_still_there_when_one_comes_back_from_a_card(visitor: Visitor) -> None:
    await visitor.ask(DIBAO)
    await visitor.page.get_by_role("link", name="整张卡").click()
    await visitor.page.wait_for_url("**/card/*")
    await visitor.page.go_back(wait_until="commit")
    await expect(visitor.page.locator(".turn")).to_have_count(1)
    await visitor.ask("那找谁办")
    assert "低保" in await visitor.latest()


async def test_a_question_on_a_cards_own_page_is_asked_of_that_card(arrive: Arrive) -> None:
    for javascript in (True, False):
        visitor = await arrive(java_script_enabled=javascript)
        await visitor.goto("/card/toilet-upgrade")
        await visitor.ask("那多少钱")
        assert "改厕所" in await visitor.latest()


async def test_without_a_network_it_says_so_and_the_words_stay(visitor: Visitor) -> None:
    await visitor.context.set_offline(True)
    await visitor.page.fill("#text", DIBAO)
    await visitor.page.locator(".ask button").click()
    await expect(visitor.page.locator(".lost")).to_contain_text("没连上网")
    assert await visitor.page.input_value("#text") == DIBAO
    await visitor.context.set_offline(False)
    await visitor.ask(DIBAO)
    await expect(visitor.page.locator(".lost")).to_have_count(0)
    await expect(visitor.page.locator(".turn")).to_have_count(1)


REFUSING = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_a_browser_that_keeps_nothing_gets_answers_too(arrive: Arrive, *, javascript: bool) -> None:
    visitor = await arrive(java_script_enabled=javascript, script=REFUSING if javascript else "")

    async def without_cookie(route: Route) -> None:
        answer = await route.fetch()
        kept = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
        await route.fulfill(response=answer, headers=kept)

    await visitor.context.route("**/ask", without_cookie)
    await visitor.ask(DIBAO)
    await visitor.choose("看原话")
    assert "原话：" in await visitor.latest()
    await visitor.choose("回到这张卡")
    await visitor.choose("问谁、打哪个电话")
    assert "12345" in await visitor.latest()
    await visitor.ask("删掉我的记录")
    await visitor.choose("是，删掉")
    assert "都删掉了" in await visitor.latest()
    assert await visitor.context.cookies() == []
    assert not visitor.complaints


async def test_large_letters_are_kept_for_the_next_page(visitor: Visitor) -> None:
    await visitor.page.get_by_role("button", name="大字").click()
    for path in ("/topics", "/"):
        await visitor.goto(path)
        assert await visitor.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 24
    await visitor.page.get_by_role("button", name="大字").click()
    assert await visitor.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 20
