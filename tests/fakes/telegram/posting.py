"""Delivery by webhook: in order within a chat, chats side by side, again and again until it is taken."""

import asyncio
from collections import defaultdict, deque
from typing import Any

import aiohttp

from tests.fakes.telegram.account import Account, Webhook
from tests.fakes.telegram.chats import Json
from tests.fakes.telegram.methods import METHODS

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0
PATIENCE = 60.0


def chat_of(update: Json) -> int:
    """The chat that an update belongs to."""
    content: Json = next(value for key, value in update.items() if key != "update_id")
    chat = content.get("chat") or content.get("message", {}).get("chat") or content.get("from", {})
    return int(chat.get("id", 0))


class Poster:
    """Posts one bot's updates while it has a webhook."""

    def __init__(self, bot: Account) -> None:
        self._bot = bot
        self._lanes: dict[int, deque[Json]] = defaultdict(deque)
        self._running: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(40)

    async def run(self, session: aiohttp.ClientSession) -> None:
        """Post until cancelled."""
        try:
            while True:
                async with self._bot.changed:
                    await self._bot.changed.wait_for(lambda: self._bot.webhook is not None and self._bot.pending)
                if (hook := self._bot.webhook) is not None:
                    self._free = asyncio.Semaphore(hook.max_connections) if not self._running else self._free
                    self._spread(session)
        finally:
            for task in self._running:
                task.cancel()

    def _spread(self, session: aiohttp.ClientSession) -> None:
        """Put each update on its chat's lane, and start the lanes that stand still."""
        while self._bot.pending:
            update = self._bot.pending.popleft()
            lane = self._lanes[chat_of(update)]
            lane.append(update)
            self._bot.posting += 1
            if len(lane) == 1:
                task = asyncio.create_task(self._drive(lane, session))
                self._running.add(task)
                task.add_done_callback(self._running.discard)

    async def _drive(self, lane: deque[Json], session: aiohttp.ClientSession) -> None:
        pause = FIRST_PAUSE
        while lane:
            hook = self._bot.webhook
            if hook is None:
                self._bot.pending.extend(lane)
                self._bot.posting -= len(lane)
                lane.clear()
                await self._bot.wake()
                return
            if await self._posted(hook, lane[0], session):
                taken = lane.popleft()
                self._bot.delivered[taken["update_id"]] = taken
                self._bot.posting -= 1
                await self._bot.wake()
                pause = FIRST_PAUSE
            else:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _posted(self, hook: Webhook, update: Json, session: aiohttp.ClientSession) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        try:
            async with self._free:
                timeout = aiohttp.ClientTimeout(total=PATIENCE)
                async with session.post(hook.url, json=update, headers=headers, timeout=timeout) as answer:
                    taken = 200 <= answer.status < 300
                    if taken and answer.content_type == "application/json":
                        await self._called(await answer.json())
                    hook.last_error = (
                        "" if taken else f"Wrong response from the webhook: {answer.status} {answer.reason}"
                    )
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            taken, hook.last_error = False, type(error).__name__
        hook.failures += not taken
        return taken

    async def _called(self, body: Any) -> None:
        """A method in the answer to a webhook is done, and nobody is told how it went."""
        if isinstance(body, dict) and (method := METHODS.get(str(body.get("method", "")).lower())):
            await method(self._bot, body)
            await self._bot.wake()
