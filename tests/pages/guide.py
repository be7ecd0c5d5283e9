"""The pictures of the guide for cadres at /desk/help: `python -m tests.pages.guide` takes them anew.

They are taken on the ways that the guide describes, in the real application, as wide as a phone; a ring is around what
is to be pressed.
"""

import asyncio
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from playwright.async_api import Locator, Page

from tests.pages.desk import VILLAGE
from tests.pages.visitor import PHONE, Visitor

FOLDER = Path("bot/desk/static/guide")
KEEP = "MINGBAI_GUIDE"
WIDTH, HEIGHT = PHONE["width"], 460
"""Of what a picture shows, in pixels of the page."""

SCALE = 1.6
"""Pixels of a picture to one of the page: sharp in print, and still small."""

SHOWN_WITHIN = 20
"""Seconds until a published window stands on its card."""

RING = "(one) => { one.style.outline = '4px solid #c7361b'; one.style.outlineOffset = '3px' }"


@dataclass(frozen=True)
class Camera:
    """Takes pictures of a page into a folder."""

    page: Page
    folder: Path

    async def take(self, name: str, top: Locator, *rings: Locator) -> None:
        """Take what lies below `top`, with a ring around what is to be pressed."""
        for one in rings:
            await one.evaluate(RING)
        box = await top.bounding_box()
        assert box is not None, f"{name}: what it begins with is not to be seen"
        down = box["y"] + await self.page.evaluate("scrollY") - 10
        clip = {"x": 0, "y": down, "width": WIDTH, "height": HEIGHT}
        save(await self.page.screenshot(full_page=True, clip=clip), self.folder / f"{name}.webp")  # type: ignore[arg-type]


def save(picture: bytes | Image.Image, path: Path) -> None:
    """Keep a picture small."""
    opened = Image.open(io.BytesIO(picture)) if isinstance(picture, bytes) else picture
    opened.convert("RGB").save(path, "WEBP", quality=60, method=6)


def button(page: Page, name: str) -> Locator:
    """What is pressed, in the middle of the page."""
    return page.get_by_role("main").get_by_role("button", name=name, exact=True)


async def press(page: Page, name: str) -> None:
    """Press a button, and wait for the page after it."""
    async with page.expect_navigation():
        await button(page, name).click()


async def notice(visitor: Visitor, folder: Path) -> None:
    """Write one, look at it, submit and approve it, take it to the group, the loudspeaker and the wall."""
    page, camera = visitor.page, Camera(visitor.page, folder)
    await page.get_by_role("navigation").get_by_role("link", name="通知").click()
    await page.get_by_role("link", name="写一条通知").click()
    await page.fill("#title", "打布病疫苗")
    await page.fill("#text", "牛羊明天打布病疫苗，上午8点到村委会院里，带上养殖证。问王主任13900000000。")
    await camera.take("write", page.locator("label[for=title]"))
    await press(page, "先看一遍")
    await camera.take("look", page.get_by_role("heading", name="上是这样").first)
    await press(page, "交上去")
    await camera.take("approve", page.locator(".sent").first, button(page, "批准"))
    await press(page, "批准")
    await page.get_by_role("link", name="群稿、喇叭稿、一页纸").click()
    await camera.take("papers", page.get_by_role("heading", name="微信群稿"), button(page, "复制群稿"))
    sheet = await page.request.get(page.url.replace("/paper", "/page.pdf"))
    opened = pypdfium2.PdfDocument(await sheet.body())
    seen = opened[0].render(scale=1).to_pil()
    save(seen.crop((0, 0, seen.width, round(seen.width * HEIGHT / WIDTH))), folder / "sheet.webp")


async def window(visitor: Visitor, folder: Path) -> None:
    """Enter one, and see what residents see."""
    page, camera = visitor.page, Camera(visitor.page, folder)
    await visitor.goto("/desk/windows/new")
    filled = {"什么事": "粮食大豆保险", "最后一天": "腊月二十三", "去哪办": "村委会一楼", "带什么": "身份证、一卡通"}
    for label, value in filled.items():
        await page.get_by_label(label, exact=True).fill(value)
    await page.get_by_label("依据", exact=True).fill("我嘎查村委会通知")
    await camera.take("window", page.locator("label[for=closes]"))
    await press(page, "核对过了，发布")
    line = page.get_by_text("去哪办：村委会一楼")
    for _ in range(SHOWN_WITHIN):
        await visitor.goto(f"/card/grain-soy-insurance?place={VILLAGE}")
        if await line.count():
            break
        await asyncio.sleep(1)
    await camera.take("card", page.get_by_role("heading", name="当地怎么办"))


async def question(visitor: Visitor, folder: Path) -> None:
    """Answer one, and see what its asker is shown."""
    page, camera = visitor.page, Camera(visitor.page, folder)
    await visitor.goto("/desk/questions")
    await page.get_by_role("link", name="化肥补贴的表在哪交？").click()
    await page.get_by_role("textbox").fill("交到村委会一楼，找李会计，上午都在。")
    await camera.take("question", page.get_by_role("heading", name="回答"), button(page, "回答"))
    await press(page, "回答")
    await page.get_by_role("link", name="化肥补贴的表在哪交？").or_(page.get_by_text("看到的答复")).first.wait_for()
    if not await page.get_by_text("看到的答复").count():
        await page.get_by_role("link", name="化肥补贴的表在哪交？").click()
    await camera.take("answer", page.locator(".said-by"))


def main() -> int:
    """Walk the ways, and keep the pictures where the desk serves them from."""
    os.environ[KEEP] = "1"
    return int(pytest.main(["tests/pages/test_guide.py", "-q", "-x", "-p", "no:xdist", "-k", "walked"]))


if __name__ == "__main__":
    sys.exit(main())
