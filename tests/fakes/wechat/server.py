"""The HTTP server: WeChat's interfaces and WeCom's robot, on a free port of loopback."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.fakes.wechat.account import FakeAccount, Fault
from tests.fakes.wechat.methods import METHODS, error, stable_token
from tests.fakes.wechat.people import Person


class FakeWeChat:
    """One official account and a robot, for as long as the context lasts. `callback` is our address."""

    def __init__(self, now: Callable[[], datetime], *, patience: float = 5.0) -> None:
        """`patience` is how long WeChat waits for an answer; a test may shorten it."""
        self.account = FakeAccount(now)
        self.url, self.callback, self.patience = "", "", patience
        self.drop_answers = 0  # how many of our answers get lost on their way to WeChat
        self._runner: web.AppRunner | None = None
        self.session: aiohttp.ClientSession | None = None

    @property
    def robot(self) -> str:
        """The webhook of the robot."""
        return f"{self.url}/cgi-bin/webhook/send?key=forgot-the-fake-key"

    def person(self, openid: str) -> Person:
        """A resident, who follows from their first act on."""
        return Person(self, openid)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/cgi-bin/stable_token", self._token)
        app.router.add_post("/cgi-bin/webhook/send", self._robot)
        app.router.add_get("/cgi-bin/media/get", self._media)
        app.router.add_route("*", "/{path:.*}", self._called)
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, force_close=True))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=4096).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.session is not None
        assert self._runner is not None
        await self.session.close()
        await self._runner.cleanup()

    async def _token(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, stable_token)

    async def _called(self, request: web.Request) -> web.StreamResponse:
        if request.path not in METHODS:
            return web.json_response(error(40066))
        if not self.account.takes(request.query.get("access_token", "")):
            return web.json_response(error(40001))
        if request.path in self.account.forbidden:
            return web.json_response(error(48001))
        return await self._answer(request, METHODS[request.path])

    async def _answer(
        self, request: web.Request, method: Callable[[FakeAccount, Mapping[str, Any]], dict[str, Any]]
    ) -> web.StreamResponse:
        raw = await request.read()
        assert b"\\u" not in raw, "WeChat shows escapes as they are"
        body = json.loads(raw) if raw else {}
        self.account.calls.append((request.path, body))
        fault = self.account.fault(request.path)
        if fault == "hang":  # taken, and the answer is lost
            method(self.account, body)
        if fault is not None:
            return await _broken(request, fault)
        return web.json_response(method(self.account, body))

    async def _media(self, request: web.Request) -> web.StreamResponse:
        if not self.account.takes(request.query.get("access_token", "")):
            return web.json_response(error(40001))
        found = self.account.media.get(request.query["media_id"])
        return web.json_response(error(40007)) if found is None else web.Response(body=found, content_type="audio/amr")

    async def _robot(self, request: web.Request) -> web.StreamResponse:
        fault = self.account.fault(request.path)
        if fault is not None:
            return await _broken(request, fault)
        if request.query.get("key") != "forgot-the-fake-key":
            return web.json_response(error(93000))
        body = json.loads(await request.read())
        if body["msgtype"] != "text":
            return web.json_response(error(40008))
        said = body["text"]["content"]
        if len(said.encode()) > 2048:
            return web.json_response(error(45002))
        self.account.alerts.append(said)
        return web.json_response({"errcode": 0, "errmsg": "ok"})


async def _broken(request: web.Request, fault: Fault) -> web.StreamResponse:
    if isinstance(fault, int):
        return web.json_response(error(fault))
    if fault == "500":
        return web.Response(status=500)
    if fault == "html":
        return web.Response(text="<html>bad gateway</html>", content_type="text/html")
    assert request.transport is not None
    request.transport.close()
    await asyncio.sleep(0)
    return web.Response()
