"""A visitor of the page: a browser of their own, and what they do there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, ViewportSize

PHONE: ViewportSize = {"width": 360, "height": 740}


@dataclass
class Visitor:
    """A visitor with a browser of their own; what the browser complains of, asks for and opens is written down."""

    address: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    popups: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Write down complaints, requests and pop-ups."""
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.popups.append(dialog.message))
        self.context.on("page", lambda page: self.popups.append(page.url))
        self.context.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    async def goto(self, path: str = "/") -> None:
        """Open a page of ours."""
        await self.page.goto(self.address + path)

    async def ask(self, text: str) -> None:
        """Type a question, press 问, and wait for the answer."""
        await self.page.fill("#text", text)
        await self._answered(self.page.locator(".ask button").click)

    async def choose(self, label: str) -> None:
        """Press an option of the latest message, and wait for the answer."""
        button = self.page.locator(".said").last.get_by_role("button", name=label, exact=True)
        await self._answered(button.click)

    async def press(self, name: str) -> None:
        """Press a button of the page itself, and wait for the answer."""
        await self._answered(self.page.get_by_role("button", name=name).click)

    async def _answered(self, act: Callable[[], Awaitable[Any]]) -> None:
        async with self.page.expect_response("**/ask") as answer:
            await act()
        await (await answer.value).finished()
        await self.page.locator("body:not(:has(.busy)) .turn").last.wait_for()
        await self.page.evaluate("document.getAnimations().forEach((one) => one.finish())")
        assert "出了点毛病" not in await self.latest(), "the dialogue failed"

    async def latest(self) -> str:
        """The words of the latest message."""
        return await self.page.locator(".said .words").last.inner_text()


Arrive = Callable[..., Awaitable[Visitor]]
