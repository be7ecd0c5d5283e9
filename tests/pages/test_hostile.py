"""Text that means harm, or only looks odd, is shown as it is and breaks nothing."""

import pytest

from bot.channels.web.pages import brief
from tests.pages.visitor import Arrive, Visitor

HOSTILE = {
    "a script": "<script>window.planted = 1</script>低保",
    "an attribute": '"><img src=x onerror="window.planted = 1">',
    "a template": "{{7*7}} {% raw %} ${7*7} #{7*7}",
    "an entity": "&lt;b&gt; &amp; &#x27;",
    "right to left": "\u202e低保咋申请\u202c \u200fabc\u2067",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ\u180e\u202fᠦ",
    "emoji": "👨‍👩‍👧‍👦🐄🐑 低保",
    "traditional": "低保怎麼申請",
    "control": "低\x08保\x1b[31m咋\x7f申请",
    "10,000 characters": "低保咋申请" * 2000,
    "10,000 characters without a break": "W" * 10_000,
    "spaces": "　 \u2003\u200b ",
}


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_hostile_text_is_shown_as_it_is_and_breaks_nothing(arrive: Arrive, *, javascript: bool) -> None:
    visitor = await arrive(java_script_enabled=javascript, viewport={"width": 320, "height": 640})
    for name, text in HOSTILE.items():
        await visitor.ask(text)
        await shown(visitor, name, text)
    assert not visitor.complaints
    assert not visitor.popups
    await visitor.ask("低保咋申请")
    assert "低保" in await visitor.latest()


async def shown(visitor: Visitor, name: str, text: str) -> None:
    """Look at the question as it is shown, and at the page around it."""
    asked = visitor.page.locator(".asked bdi").last
    assert await asked.text_content() == brief(text), name
    assert await visitor.page.locator(".asked img, .asked script, .asked b").count() == 0, name
    assert await visitor.page.evaluate("window.planted") is None, name
    assert await visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert len(await visitor.latest()) > 5, name


async def test_a_form_that_is_far_too_long_is_refused_kindly(visitor: Visitor) -> None:
    await visitor.page.evaluate("document.getElementById('text').removeAttribute('maxlength')")
    await visitor.page.fill("#text", "低" * 60_000)
    await visitor.page.locator(".ask button").click()
    await visitor.page.get_by_role("heading", name="话太长了").wait_for()
    await visitor.ask("低保咋申请")
    assert "低保" in await visitor.latest()
