"""WeChat's interfaces: one client, which reads the error inside every answer and heals a token that went bad.

`Rejected`: WeChat surely did not do it. `Unreached`: the request never got there. `Unanswered`: nobody knows.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import httpx

from bot.channels.wechat.account import Account
from bot.channels.wechat.outcomes import TOKEN_CODES
from bot.channels.wechat.tokens import Tokens
from scheduler.sending import leaves

TIMEOUT = httpx.Timeout(10, connect=5)
BROKEN = 500  # from this status on, nobody knows what the platform did


class Failed(Exception):
    """A call did not succeed. Never carries what was sent, nor WeChat's words, which may name an address."""


class Rejected(Failed):
    """WeChat says no; `code` is its return code."""

    def __init__(self, code: int, answer: Mapping[str, Any]) -> None:
        super().__init__(f"WeChat returned {code}")
        self.code, self.answer = code, answer


class Unreached(Failed):
    """No connection: surely nothing was done."""


class Unanswered(Failed):
    """The request left and no answer came that we understand."""


class Api:
    """The interfaces of one account. Close it with `close`."""

    def __init__(self, account: Account, tokens: Tokens, http: httpx.AsyncClient, now: Callable[[], datetime]) -> None:
        self._account, self._tokens, self._http, self._now = account, tokens, http, now

    async def post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Call an interface by POST. Raises Rejected, Unreached, Unanswered."""
        return answered(await self._with_token("POST", path, _json(body), {}))

    async def get(self, path: str, **query: str) -> Mapping[str, Any]:
        """Call an interface by GET. Raises as `post`."""
        return answered(await self._with_token("GET", path, None, query))

    async def media(self, media_id: str) -> bytes:
        """Fetch what a resident sent, such as a voice. Raises as `post`."""
        response = await self._with_token("GET", "/cgi-bin/media/get", None, {"media_id": media_id})
        if response.headers.get("content-type", "").startswith(("application/json", "text/plain")):
            answered(response)
        return response.content

    async def _with_token(self, method: str, path: str, body: bytes | None, query: Mapping[str, str]) -> httpx.Response:
        """Call; once more with another token where WeChat no longer takes the first."""
        url = f"{self._account.api}{path}"
        token = await self._token()
        response = await request(self._http, method, url, body, {**query, "access_token": token}, trace=_traced)
        if not _spoiled(response):
            return response
        await self._tokens.spoiled(token, self._now())
        again = {**query, "access_token": await self._token()}
        return await request(self._http, method, url, body, again, trace=_traced)

    async def _token(self) -> str:
        return await self._tokens.get(self._now(), self._fetch_token)

    async def _fetch_token(self, *, force: bool) -> tuple[str, int]:
        """Ask for a token; returns it and the seconds that it lives."""
        asked = {
            "grant_type": "client_credential",
            "appid": self._account.app_id,
            "secret": self._account.secret,
            "force_refresh": force,
        }
        url = f"{self._account.api}/cgi-bin/stable_token"
        answer = answered(await request(self._http, "POST", url, _json(asked), {}))
        try:
            return str(answer["access_token"]), int(answer["expires_in"])
        except (KeyError, ValueError, TypeError) as error:
            raise Unanswered from error


async def _traced(event: str, _: object) -> None:
    """Say when a message left."""
    if event == "http11.send_request_body.complete":
        leaves()


async def request(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    body: bytes | None,
    query: Mapping[str, str],
    *,
    trace: Callable[[str, object], Awaitable[None]] | None = None,
) -> httpx.Response:
    """Send a request. Raises Unreached, and Unanswered for what broke after it left."""
    headers = {"Content-Type": "application/json; charset=utf-8"} if body is not None else {}
    try:
        # No query of ours: httpx would take an empty one for an order to drop the address's own, a robot's key.
        params, seen = query or None, {"trace": trace} if trace else {}
        return await http.request(
            method, url, content=body, params=params, headers=headers, timeout=TIMEOUT, extensions=seen
        )
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Unreached from error
    except httpx.HTTPError as error:
        raise Unanswered from error


def _spoiled(response: httpx.Response) -> bool:
    """Whether WeChat takes the token no more. A sound is no error, nor any other answer that can't be read."""
    try:
        answered(response)
    except Failed as error:
        return isinstance(error, Rejected) and error.code in TOKEN_CODES
    return False


def answered(response: httpx.Response) -> Mapping[str, Any]:
    """Read an answer, and the error in it. Raises Rejected and Unanswered."""
    try:
        answer = json.loads(response.content)
        code = int(answer.get("errcode") or 0)
    except (ValueError, AttributeError, TypeError) as error:
        raise Unanswered from error
    if code:
        raise Rejected(code, answer)
    if response.status_code >= BROKEN:
        raise Unanswered
    found: Mapping[str, Any] = answer
    return found


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()  # WeChat shows \\u escapes as they are
