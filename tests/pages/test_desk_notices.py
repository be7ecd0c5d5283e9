"""A notice in a real browser: the look at it follows the writing, and every step is easy to see and touch."""

import os
from pathlib import Path

from playwright.async_api import Page, expect

from storage.database import Database
from tests.pages.desk import VILLAGE, sit_down
from tests.pages.test_access import DESKTOP
from tests.pages.test_desk import complaints, look, press
from tests.pages.visitor import PHONE, Arrive

SEEN = os.environ.get("MINGBAI_SCREENSHOTS")
"""A folder for pictures of the steps, for whoever wants to look at them."""


async def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page, on a phone and on a desktop, where somebody asked for them."""
    for size, width in ((PHONE, "phone"), (DESKTOP, "desktop")) if SEEN else ():
        await page.set_viewport_size(size)
        await page.screenshot(path=Path(SEEN or "") / f"{name}-{width}.png", full_page=True)


async def test_a_cadre_writes_a_notice_sees_it_as_it_will_be_and_takes_it_to_the_wall(
    arrive: Arrive, database: Database
) -> None:
    visitor = await sit_down(arrive, database, "cadre", VILLAGE, permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page
    await page.get_by_role("link", name="通知", exact=True).click()
    await picture(page, "notices")
    await page.get_by_role("link", name="写一条通知").click()
    await page.locator("#title").wait_for()
    await page.wait_for_load_state()  # the look follows what is typed once its script is there
    await page.fill("#title", "打布病疫苗")
    await page.fill("#text", "{嘎查}的牛羊明天打布病疫苗，上午8点到村委会，带上养殖证。")
    await expect(page.locator("#look")).to_contain_text("喇叭稿")
    await expect(page.locator("#look")).not_to_contain_text("{嘎查}")
    await look(visitor, whole=True)
    await press(page, "先看一遍")
    await picture(page, "notice-form")
    await look(visitor, whole=True)
    await press(page, "交上去")
    await picture(page, "notice-submitted")
    await look(visitor, whole=True)
    await press(page, "批准")
    await look(visitor, whole=True)
    await picture(page, "notice-approved")
    await page.get_by_role("link", name="群稿、喇叭稿、一页纸").click()
    await look(visitor, whole=True)
    await picture(page, "notice-paper")
    await page.get_by_role("button", name="复制群稿").click()
    await expect(page.get_by_role("button", name="复制好了")).to_be_visible()
    assert "打布病疫苗" in await page.evaluate("navigator.clipboard.readText()")
    assert complaints(visitor) == []


async def test_a_notice_is_sent_without_scripts_too(arrive: Arrive, database: Database) -> None:
    visitor = await sit_down(arrive, database, "cadre", VILLAGE, java_script_enabled=False)
    page = visitor.page
    await visitor.goto("/desk/notices/new")
    await page.fill("#title", "停水")
    await page.fill("#text", "明天上午停水，请先存上。")
    await press(page, "先看一遍")
    await press(page, "交上去")
    await press(page, "批准")
    await expect(page.get_by_role("status")).to_contain_text("批了")
