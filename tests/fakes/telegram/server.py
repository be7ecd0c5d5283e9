"""The HTTP server: parses calls, lets faults happen, answers as api.telegram.org does."""

import asyncio
import json
import time
from contextlib import suppress
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.fakes.telegram.account import Account, Call
from tests.fakes.telegram.errors import ApiError
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.limits import Limits
from tests.fakes.telegram.methods import METHODS, Values
from tests.fakes.telegram.people import FakeBot
from tests.fakes.telegram.posting import Poster

NOTHING_DONE = ("hang", "reset", "error", "html", "garbled")
DROPS = 20
"""Pieces in which a dripping answer comes."""


class FakeTelegram:
    """A server on a free port of loopback, for as long as the context lasts."""

    def __init__(self) -> None:
        self.url = ""
        self._accounts: dict[str, Account] = {}
        self._posters: list[asyncio.Task[None]] = []
        self._session: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None

    def bot(self, token: str, *, username: str = "mingbai_bot", limits: Limits | None = None) -> FakeBot:
        """Register a bot; only inside the context. Any other token is Unauthorized."""
        assert self._session is not None, "use `async with FakeTelegram()` first"
        account = Account(token, username, limits=limits or Limits())
        self._accounts[token] = account
        self._posters.append(self._loop.create_task(Poster(account).run(self._session)))
        return FakeBot(account)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=20 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._called)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        self._loop = asyncio.get_running_loop()
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, backlog=4096)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        assert self._runner is not None
        for task in self._posters:
            task.cancel()
        await asyncio.gather(*self._posters, return_exceptions=True)
        for account in self._accounts.values():
            account.polls += 1  # ends the long polls, which would hold the server open
            await account.wake()
        await self._session.close()
        await self._runner.cleanup()

    async def _called(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"].lower()
        bot = self._accounts.get(request.match_info["token"])
        if bot is None:
            return _told(ApiError(401, "Unauthorized"))
        if name not in METHODS:
            return _told(ApiError(404, "Not Found: method not found"))
        try:
            values = await _values(request)
        except ValueError:
            return _told(ApiError(400, "Bad Request: can't parse request"))
        bot.calls.append(Call(name, values, time.time()))
        return await self._answered(request, bot, name, values)

    async def _answered(self, request: web.Request, bot: Account, name: str, values: Values) -> web.StreamResponse:
        chat = str(values.get("chat_id") or "")
        fault = bot.faults.take(name, int(chat) if chat.lstrip("-").isdigit() else None)
        if fault is not None and fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind in NOTHING_DONE:
            return _failed(request, fault)
        try:
            result = await METHODS[name](bot, values)
        except ApiError as error:
            await bot.wake()
            return _told(error)
        await bot.wake()
        if fault is not None and fault.kind == "lose_answer":
            return _failed(request, fault)
        if fault is not None and fault.kind == "drip":
            return await _dripped(request, json.dumps({"ok": True, "result": result}), fault.seconds)
        if fault is not None:
            await asyncio.sleep(fault.seconds)
        return web.json_response({"ok": True, "result": result})

    async def _file(self, request: web.Request) -> web.Response:
        bot = self._accounts.get(request.match_info["token"])
        id_ = request.match_info["path"].rpartition("/")[2].partition(".")[0]
        if bot is None or id_ not in bot.files:
            raise web.HTTPNotFound
        return web.Response(body=bot.files[id_], content_type="application/octet-stream")


async def _values(request: web.Request) -> Values:
    """The fields of a call, in whichever of the four ways it was made. Raises ValueError for a broken body."""
    values: Values = dict(request.query)
    if request.content_type == "application/json":
        body: Any = json.loads(await request.text() or "{}")
        if not isinstance(body, dict):
            raise ValueError("a body that is no object")
        return values | body
    return values | dict(await request.post())


def _told(error: ApiError) -> web.Response:
    return web.json_response(error.body(), status=error.code)


async def _dripped(request: web.Request, body: str, seconds: float) -> web.StreamResponse:
    """Answer a few letters at a time; whoever hung up meanwhile is none of our business."""
    answer = web.StreamResponse(headers={"Content-Type": "application/json"})
    pieces = [body[at : at + 1 + len(body) // DROPS] for at in range(0, len(body), 1 + len(body) // DROPS)]
    with suppress(ConnectionError):
        await answer.prepare(request)
        for piece in pieces:
            await answer.write(piece.encode())
            await asyncio.sleep(seconds / len(pieces))
        await answer.write_eof()
    return answer


def _failed(request: web.Request, fault: Fault) -> web.StreamResponse:
    if fault.kind == "error":
        return _told(ApiError(fault.code, fault.description, retry_after=fault.retry_after))
    if fault.kind == "html":
        return web.Response(text="<html>Bad Gateway</html>", status=fault.code, content_type="text/html")
    if fault.kind == "garbled":
        page = "<html>网关错误</html>".encode("gbk")
        return web.Response(body=page, status=fault.code, headers={"Content-Type": "text/html; charset=utf-8"})
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
