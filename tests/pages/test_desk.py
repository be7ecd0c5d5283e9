"""The desk in a real browser: journeys of the three roles, and every page easy to see and touch."""

import re

import pytest
from playwright.async_api import Page, expect

from storage.database import Database
from storage.staff import Role
from tests.pages.desk import BANNER, VILLAGE, invited, sit_down, something_waits
from tests.pages.test_access import CONTRAST, DESKTOP, SMALL, axe
from tests.pages.visitor import PHONE, Arrive, Visitor

PATHS: dict[Role, list[str]] = {
    "cadre": [
        "/",
        "/people",
        "/people/invite",
        "/me",
        "/help",
        "/again",
        "/notices",
        "/questions",
        "/windows",
        "/windows/new",
    ],
    "editor": ["/", "/people", "/content", "/windows", "/windows/sheet", "/details/new"],
    "administrator": ["/", "/notices", "/people", "/people/invite", "/trail", "/interest", "/content/unanswered"],
}
EXPECTED = re.compile(r"status of (401|403|404|422)")

TARGETS = """() => [...document.querySelectorAll('a,button,input:not([type=hidden]),select,textarea,summary')]
  .filter((one) => one.checkVisibility() && !one.closest('.skip,p,.pick,li:not(.rows>li)'))
  .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44).map(([name]) => name)"""
WIDE = "document.documentElement.scrollWidth - innerWidth"


async def look(visitor: Visitor, *, whole: bool = False) -> None:
    """Hold the page to the rules on a small phone, a phone and a desktop; with axe-core; in the dark too if `whole`."""
    for size in (SMALL, PHONE, DESKTOP):
        await visitor.page.set_viewport_size(size)
        assert await visitor.page.evaluate(WIDE) <= 0, (visitor.page.url, size)
        assert await visitor.page.evaluate(TARGETS) == [], (visitor.page.url, size)
    await visitor.page.set_viewport_size(PHONE)
    assert await axe(visitor.page) == [], visitor.page.url
    if whole:
        await visitor.page.emulate_media(color_scheme="dark")
        assert await axe(visitor.page, *CONTRAST) == [], visitor.page.url
        await visitor.page.emulate_media(color_scheme="light")


def complaints(visitor: Visitor) -> list[str]:
    """What the browser complained of, a refused style or script among it."""
    return [one for one in visitor.complaints if not EXPECTED.search(one)]


@pytest.mark.parametrize(("role", "place"), [("cadre", VILLAGE), ("editor", BANNER), ("administrator", BANNER)])
async def test_every_page_is_easy_to_see_and_touch(arrive: Arrive, database: Database, role: Role, place: str) -> None:
    await something_waits(database)
    visitor = await sit_down(arrive, database, role, place)
    for path in PATHS[role]:
        await visitor.goto(f"/desk{path}")
        assert await visitor.page.locator("h1").count() == 1, path
        await look(visitor, whole=path in ("/", "/me", "/people"))
    assert complaints(visitor) == []


async def test_the_door_is_easy_to_see_and_touch(arrive: Arrive, database: Database) -> None:
    visitor = await arrive()
    await visitor.goto("/desk/")
    await look(visitor)
    await visitor.page.fill("#code", "000000000000")
    await press(visitor.page, "登录")
    await expect(visitor.page.get_by_role("alert")).to_contain_text("用不了")
    await look(visitor)


async def press(page: Page, name: str) -> None:
    """Press a button, and wait for the page after it."""
    async with page.expect_navigation():
        await page.get_by_role("button", name=name, exact=True).click()


async def test_a_cadre_answers_a_question_on_a_phone_without_scripts(arrive: Arrive, database: Database) -> None:
    await something_waits(database)
    visitor = await sit_down(arrive, database, "cadre", VILLAGE, java_script_enabled=False)
    page = visitor.page
    await page.get_by_role("link", name="1个问题三天没人回了").click()
    await page.get_by_role("link", name="化肥补贴的表在哪交？").click()
    await page.get_by_role("textbox").fill("交到村委会一楼，找李会计。")
    await page.get_by_role("main").get_by_role("button").first.click()
    await visitor.goto("/desk/")
    await expect(page.get_by_text("三天没人回")).to_have_count(0)
    await visitor.goto("/desk/me")
    await expect(page.get_by_text("回答了问题")).to_be_visible()
    await press(page, "退出")
    await expect(page.get_by_role("heading", name="登录工作台")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_text("回答了问题")).to_have_count(0)


async def test_a_link_fills_the_code_in_and_only_the_button_lets_in(arrive: Arrive, database: Database) -> None:
    token = await invited(database, "editor", BANNER, name="编辑小孙")
    visitor = await arrive(viewport=DESKTOP)
    await visitor.goto(f"/desk/enter#{token}")
    await expect(visitor.page.locator("#code")).to_have_value(token)
    assert "#" not in visitor.page.url, "no secret stays in the address bar"
    await visitor.goto(f"/desk/enter#{token}")
    await visitor.page.reload()
    assert not [one for one in visitor.requests if token in one], "and none is sent in an address"
    await visitor.goto(f"/desk/enter#{token}")
    await press(visitor.page, "登录")
    await visitor.page.get_by_role("link", name="编辑小孙").wait_for()
    await visitor.page.get_by_role("navigation").get_by_role("link", name="内容").click()
    await expect(visitor.page.locator("h1")).to_be_visible()
    assert complaints(visitor) == []


async def test_an_administrator_brings_a_colleague_in_and_lets_them_go(arrive: Arrive, database: Database) -> None:
    admin = await sit_down(arrive, database, "administrator", BANNER, name="旗里的赵", viewport=DESKTOP)
    await admin.page.get_by_role("navigation").get_by_role("link", name="人员").click()
    await admin.page.get_by_role("link", name="邀请一个人").click()
    await admin.page.get_by_label("怎么称呼").fill("新来的小李")
    await admin.page.get_by_label("嘎查村、苏木镇干部").check()
    await admin.page.get_by_label("也可以打地名").fill("翻身村")
    await press(admin.page, "开一个邀请")
    code = await admin.page.locator(".code").inner_text()
    await look(admin)
    colleague = await arrive(java_script_enabled=False)
    await colleague.goto("/desk/enter")
    await colleague.page.get_by_label("登录码").fill(code)
    await colleague.page.get_by_label("这是我自己的手机").check()
    await press(colleague.page, "登录")
    await expect(colleague.page.get_by_role("link", name="新来的小李")).to_be_visible()
    await admin.goto("/desk/people")
    await admin.page.get_by_role("link", name="新来的小李").click()
    await look(admin)
    await press(admin.page, "开一个码")
    await colleague.goto("/desk/")
    await expect(colleague.page.get_by_text("旗里的赵")).to_be_visible()
    await admin.page.get_by_role("link", name="好了").click()
    await admin.page.get_by_label("想好了").check()
    await press(admin.page, "让他走")
    await colleague.goto("/desk/")
    await expect(colleague.page.get_by_role("heading", name="登录工作台")).to_be_visible()
    assert complaints(admin) == []
