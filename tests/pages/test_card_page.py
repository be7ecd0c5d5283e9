"""A card's own page: it can be sent on, printed and read aloud."""

import re

import pytest
from playwright.async_api import expect

from bot.dialogue.turn import Knowledge
from tests.pages.kinds import KINDS
from tests.pages.visitor import Arrive, Visitor
from tests.pages.voices import CANTONESE, CHINESE, ELSEWHERE, ENGLISH, UNDERSCORED, speaking

CARD = "/card/grain-soy-insurance"


async def test_a_card_is_opened_by_its_own_address(arrive: Arrive) -> None:
    visitor = await arrive(java_script_enabled=False)
    await visitor.goto(CARD)
    await expect(visitor.page.locator("h1")).to_have_text("粮食大豆保险")
    await expect(visitor.page.locator("blockquote").first).to_be_visible()
    await visitor.page.locator("summary").click()
    await expect(visitor.page.locator("details blockquote").first).to_be_visible()
    assert await visitor.context.cookies() == []


async def test_a_card_seen_from_a_city_says_so_and_leads_back(visitor: Visitor, know: Knowledge) -> None:
    await KINDS["card with local"](visitor, know)
    await expect(visitor.page.locator(".note").first).to_contain_text("先列的是")
    await visitor.page.get_by_role("link", name="不看当地的").click()
    await expect(visitor.page.get_by_text("先列的是")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_a_card_prints_whole_and_without_forms(arrive: Arrive, *, javascript: bool) -> None:
    visitor = await arrive(java_script_enabled=javascript)
    await visitor.goto(CARD)
    page = visitor.page
    if javascript:
        await page.evaluate("window.addEventListener('beforeprint', () => { window.printing = 1 })")
        await page.evaluate("window.addEventListener('afterprint', () => { window.printed = 1 })")
    assert (await page.pdf(format="A4")).startswith(b"%PDF")
    if javascript:
        assert await page.evaluate("[window.printing, window.printed]") == [1, 1]
        assert await page.evaluate("document.querySelector('details').open") is False
        assert await page.locator("[data-address]").text_content() == visitor.address + CARD
    await page.emulate_media(media="print")
    for gone in ("form", ".tools", "nav a", ".urgent", ".links", ".trail"):
        for one in await page.locator(gone).all():
            await expect(one).to_be_hidden()
    for there in ("h1", "details blockquote", ".call", ".checked", ".foot"):
        await expect(page.locator(there).first).to_be_visible()


@pytest.mark.parametrize("kind", ["answer", "plea", "calls", "none"])
async def test_numbers_can_be_tapped(visitor: Visitor, know: Knowledge, kind: str) -> None:
    await KINDS[kind](visitor, know)
    said = visitor.page.locator(".said").last
    linked = {(await one.get_attribute("href")) for one in await said.locator("a[href^='tel:']").all()}
    numbers = set(re.findall(r"(?<!\d)(?:12\d{3}|96110|95598|1[12]\d)(?!\d)", await said.inner_text()))
    assert numbers
    assert linked == {f"tel:{one}" for one in numbers}


@pytest.mark.parametrize(
    ("voices", "offered"),
    [((), 0), ((ENGLISH,), 0), ((ELSEWHERE,), 0), ((CANTONESE,), 0), ((ENGLISH, CHINESE), 1), ((UNDERSCORED,), 1)],
    ids=["none", "English", "not on this machine", "Cantonese", "Chinese", "Chinese, as Android says it"],
)
async def test_reading_aloud_is_offered_only_with_a_chinese_voice_of_the_machine(
    arrive: Arrive, voices: tuple[str, ...], offered: int
) -> None:
    visitor = await arrive(script=speaking(*voices))
    await visitor.ask("低保咋申请")
    await expect(visitor.page.get_by_role("button", name="读给我听")).to_have_count(offered)
    await visitor.goto(CARD)
    await expect(visitor.page.get_by_role("button", name="读给我听")).to_have_count(offered)


@pytest.mark.parametrize("kind", ["answer", "quotes", "calls", "card", "plea"])
async def test_what_is_spoken_has_no_brackets_and_says_numbers_digit_by_digit(
    arrive: Arrive, know: Knowledge, kind: str
) -> None:
    visitor = await arrive(script=speaking(CHINESE))
    await KINDS[kind](visitor, know)
    button = visitor.page.get_by_role("button", name="读给我听").last
    await button.click()
    spoken = await visitor.page.evaluate("window.spoken.text")
    assert len(spoken) > 20
    assert not re.search("[（）()【】〔〕《》“”①-⑳]|读给我听|看原话|整张卡", spoken)
    assert not re.search(r"\d{5}", spoken)
    await expect(visitor.page.get_by_role("button", name="停下，不读了")).to_have_count(1)
    await visitor.page.evaluate("window.spoken.onend()")
    await expect(visitor.page.get_by_role("button", name="停下，不读了")).to_have_count(0)


async def test_voices_that_come_late_bring_the_button(arrive: Arrive) -> None:
    visitor = await arrive(script=speaking(CHINESE).replace("() => voices,", "() => window.late ? voices : [],"))
    await visitor.goto(CARD)
    await expect(visitor.page.get_by_role("button", name="读给我听")).to_have_count(0)
    await visitor.page.evaluate("window.late = true; speechSynthesis.onvoiceschanged()")
    await expect(visitor.page.get_by_role("button", name="读给我听")).to_have_count(1)
