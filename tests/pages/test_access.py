"""Elder-friendly by measure: axe-core, sizes of letters and targets, contrast, nothing to scroll sideways."""

import json
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize

from bot.dialogue.turn import Knowledge
from tests.pages.kinds import KINDS
from tests.pages.visitor import PHONE, Arrive, Visitor
from tests.pages.voices import CHINESE, speaking

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
SMALL: ViewportSize = {"width": 320, "height": 640}
EXPECTED = "the server responded with a status of 404"
CONTRAST = ("color-contrast", "link-in-text-block")
LAYOUT = ("color-contrast", "target-size", "scrollable-region-focusable")
"""Rules whose answer depends on colours, or on the size of the screen; the others are asked once."""

MEASURE = """() => {
  const seen = (one) => one.checkVisibility() && !one.closest('.out,.welcome:has(+ #talk .turn),.skip') &&
    getComputedStyle(one).clipPath === 'none';
  const name = (one) => `${one.tagName}.${one.className} ${(one.textContent || one.id).trim().slice(0, 20)}`;
  const letters = [], targets = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const one = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || one.closest('script,template,svg') || !seen(one)) continue;
    const style = getComputedStyle(one);
    letters.push([name(one), parseFloat(style.fontSize), parseFloat(style.lineHeight) / parseFloat(style.fontSize)]);
  }
  for (const one of document.querySelectorAll('a,button,input:not([type=hidden]),summary')) {
    if (!seen(one)) continue;
    const box = one.getBoundingClientRect();
    const inline = one.tagName === 'A' && (getComputedStyle(one).display === 'inline' || one.closest('.own'));
    targets.push([name(one), box.width, box.height, inline ? 44 : 60]);
  }
  return {letters, targets, wide: document.documentElement.scrollWidth - innerWidth};
}"""


async def axe(page: Page, *rules: str) -> list[str]:
    """What axe-core finds, all its rules or these: each violation with where it is."""
    if await page.evaluate("typeof axe === 'undefined'"):
        await page.evaluate(Axe().axe_script)
    options: dict[str, Any] = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = await page.evaluate("(options) => axe.run(options)", options)
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found["violations"]]


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_page_is_easy_to_see_and_touch(arrive: Arrive, know: Knowledge, kind: str) -> None:
    visitor = await arrive(script=speaking(CHINESE))
    await KINDS[kind](visitor, know)
    for size in (SMALL, PHONE, DESKTOP):
        await visitor.page.set_viewport_size(size)
        await measured(visitor)
    for size, rules in ((DESKTOP, LAYOUT), (PHONE, ())):
        await visitor.page.set_viewport_size(size)
        await visitor.page.emulate_media(color_scheme="light")
        assert await axe(visitor.page, *rules) == []
        await visitor.page.emulate_media(color_scheme="dark")
        assert await axe(visitor.page, *CONTRAST) == []


async def measured(visitor: Visitor) -> None:
    """Measure everything that can be seen."""
    found = await visitor.page.evaluate(MEASURE)
    small = [one for one in found["letters"] if one[1] < 18 or one[2] < 1.399]
    tight = [one for one in found["targets"] if one[1] < one[3] or one[2] < one[3]]
    assert not small, f"letters ≥ 18 px, lines ≥ 1.4: {json.dumps(small, ensure_ascii=False)}"
    assert not tight, f"targets ≥ 60×60 px, in running text 44×44: {json.dumps(tight, ensure_ascii=False)}"
    assert found["letters"]
    assert found["wide"] <= 0
    assert [one for one in visitor.complaints if EXPECTED not in one] == []


async def test_large_letters_fit_a_small_phone(arrive: Arrive, know: Knowledge) -> None:
    visitor = await arrive(viewport=SMALL)
    await visitor.page.get_by_role("button", name="大字").click()
    for kind in ("home", "answer", "place", "card with local", "topics"):
        await KINDS[kind](visitor, know)
        await measured(visitor)


async def test_the_reader_may_set_letters_larger_still(arrive: Arrive) -> None:
    visitor = await arrive()
    session = await visitor.context.new_cdp_session(visitor.page)
    await session.send("Page.enable")
    await session.send("Page.setFontSizes", {"fontSizes": {"standard": 24}})
    await visitor.goto()
    assert await visitor.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 30


FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 3;
  const clear = one === top || one.contains(top) || top.contains(one);
  return {name: (one.textContent || one.id).trim(), ring, clear, height: box.height};
}"""


async def test_keys_alone_are_enough_and_focus_is_always_seen(arrive: Arrive) -> None:
    visitor = await arrive(viewport={"width": 360, "height": 560})
    keyboard = visitor.page.keyboard

    async def tab_to(name: str) -> None:
        for _ in range(60):
            await keyboard.press("Tab")
            at = await visitor.page.evaluate(FOCUS)
            assert at["ring"], f"no ring around {at['name']}"
            assert at["clear"], f"{at['name']} has the focus and is covered"
            if at["name"] == name:
                return
        raise AssertionError(name)

    await keyboard.press("Tab")
    skip = await visitor.page.evaluate(FOCUS)
    assert skip["name"] == "跳到正文"
    assert skip["height"] >= 44
    await tab_to("text")
    await keyboard.insert_text("低保咋申请")
    await keyboard.press("Enter")
    await visitor.page.locator("body:not(:has(.busy)) .turn").wait_for()
    await tab_to("看原话")
    await keyboard.press("Enter")
    await visitor.page.locator("body:not(:has(.busy)) .quoted").first.wait_for()
    await tab_to("回到这张卡")
    await tab_to("text")
    assert not visitor.complaints
