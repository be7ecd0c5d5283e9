"""Light, our own, and shut: what a first visit costs, where it goes, and what the browser is forbidden."""

import re

from bot.dialogue.turn import Knowledge
from tests.pages.kinds import KINDS
from tests.pages.visitor import Arrive, Visitor

LIMIT = 60 * 1024


async def test_a_first_load_is_at_most_60_kilobytes_in_all(arrive: Arrive) -> None:
    visitor = await arrive()
    session = await visitor.context.new_cdp_session(visitor.page)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await visitor.page.goto(f"{visitor.address}/", wait_until="networkidle")
    print(f"first load: {len(sizes)} files, {sum(sizes):.0f} bytes")
    assert len(sizes) >= 4
    assert sum(sizes) <= LIMIT


async def test_nothing_is_ever_asked_of_anybody_else(arrive: Arrive, know: Knowledge) -> None:
    visitor = await arrive()
    for kind in ("home", "answer", "plea", "card with local", "topics", "about"):
        await KINDS[kind](visitor, know)
    assert len(visitor.requests) > 10
    assert [url for url in visitor.requests if not url.startswith(f"{visitor.address}/")] == []
    assert not visitor.complaints
    assert not visitor.popups


async def test_the_browser_is_forbidden_all_but_our_own(visitor: Visitor) -> None:
    for path in ("/", "/card/dibao", "/nothing"):
        response = await visitor.page.goto(visitor.address + path)
        assert response
        policy = (await response.all_headers())["content-security-policy"]
        assert "default-src 'none'" in policy
        assert not re.search(r"unsafe|http|\*|data:", policy)


async def test_a_script_that_somebody_planted_does_not_run(visitor: Visitor) -> None:
    await visitor.page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.planted = 1\">');"
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.planted = 1'}))"
    )
    await visitor.page.wait_for_timeout(200)
    assert await visitor.page.evaluate("window.planted") is None
    assert any("Content Security Policy" in one for one in visitor.complaints)
