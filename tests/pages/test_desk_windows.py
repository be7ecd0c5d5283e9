"""A window from the cadre's phone to the resident's card, in a real browser without scripts."""

import asyncio

from playwright.async_api import expect

from storage.database import Database
from tests.pages.desk import VILLAGE, sit_down
from tests.pages.visitor import Arrive

SHOWN_WITHIN = 20
"""Seconds: what is published is read every five; a busy machine is slower."""


async def test_what_a_cadre_publishes_stands_on_the_card_of_the_village(arrive: Arrive, database: Database) -> None:
    visitor = await sit_down(arrive, database, "cadre", VILLAGE, java_script_enabled=False)
    page = visitor.page
    await page.get_by_role("navigation").get_by_role("link", name="窗口").click()
    await page.get_by_role("link", name="登记一个窗口").click()
    await page.get_by_label("什么事").fill("粮食大豆保险")
    await page.get_by_label("最后一天").fill("腊月二十三")
    await page.get_by_label("去哪办").fill("村委会一楼")
    await page.get_by_role("button", name="核对过了，发布").click()
    await expect(page.get_by_text("有几格要改，还没存。")).to_be_visible()
    await expect(page.get_by_text("要发布，就要写依据")).to_be_visible()
    await page.get_by_label("依据", exact=True).fill("我嘎查村委会通知")
    await page.get_by_role("button", name="核对过了，发布").click()
    await expect(page.get_by_role("status")).to_contain_text("发布了")
    for _ in range(SHOWN_WITHIN):
        await visitor.goto(f"/card/grain-soy-insurance?place={VILLAGE}")
        if await page.get_by_text("去哪办：村委会一楼").count():
            break
        await asyncio.sleep(1)
    await expect(page.get_by_text("去哪办：村委会一楼").first).to_be_visible()
    await expect(page.get_by_text("村里收到").first).to_contain_text("我嘎查村委会通知")
