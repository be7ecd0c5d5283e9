"""The access token: one for all processes, kept in the database, fetched anew before it ends by one process at a time.

WeChat lives by one token an account: whoever fetches another may spoil the others'. The stable interface gives the same
one until it nearly ends; only when WeChat refuses a token that should be good is it made to change it, which it allows
a few times a day.
"""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from storage import wechat_token
from storage.database import Database
from storage.wechat_token import Token

log = structlog.get_logger()

EARLY = timedelta(minutes=4)
"""A token is fetched anew so long before it ends; until then the old one serves whoever is not fetching.

Not earlier: WeChat gives another only in the last five minutes, and lets the old one live on in these."""

FORCE_AGAIN = timedelta(minutes=5)
"""WeChat is made to change a token at most so often: 20 times a day are allowed."""


class Fetch(Protocol):
    """Asks WeChat for a token: the token and the seconds that it lives."""

    def __call__(self, *, force: bool) -> Awaitable[tuple[str, int]]:
        """Fetch it; `force` makes WeChat change it."""


class Tokens:
    """The token of one account. One a process; what is read is kept in memory until it nearly ends."""

    def __init__(self, database: Database, account: str) -> None:
        self._database, self._account = database, account
        self._known: Token | None = None
        self._fetching = asyncio.Lock()

    async def get(self, now: datetime, fetch: Fetch) -> str:
        """Return a token that is good. Raises what `fetch` raises where there is none."""
        if self._known is None or now >= self._known.expires_at - EARLY:
            async with self._fetching:
                if self._known is None or now >= self._known.expires_at - EARLY:
                    self._known = await self._renewed(now, fetch)
        return self._known.value

    async def spoiled(self, value: str, now: datetime) -> None:
        """Note that WeChat takes a token no more, though it should be good."""
        async with self._database.begin() as conn:
            await wechat_token.expire(conn, self._account, value, now)
        if self._known is not None and self._known.value == value:
            self._known = None
        log.warning("wechat_token_spoiled")

    async def _renewed(self, now: datetime, fetch: Fetch) -> Token:
        """Read the token, and fetch another if it nearly ends; while another process does so, the old one serves."""
        async with self._database.begin() as conn:
            kept = await wechat_token.current(conn, self._account)
            usable = kept is not None and now < kept.expires_at
            if kept is not None and now < kept.expires_at - EARLY:
                return kept
            if not await wechat_token.only_refresher(conn, self._account, wait=not usable) and kept is not None:
                return kept
            kept = await wechat_token.current(conn, self._account)
            if kept is not None and now < kept.expires_at - EARLY:
                return kept
            found = await self._fetched(kept, now, fetch)
            await wechat_token.keep(conn, self._account, found)
            return found

    async def _fetched(self, before: Token | None, now: datetime, fetch: Fetch) -> Token:
        """Fetch a token; if WeChat gives the one again that it has refused, make it change it."""
        value, seconds = await fetch(force=False)
        forced = before.forced_at if before else None
        spoiled = before is not None and value == before.value and now >= before.expires_at
        if spoiled and (forced is None or now - forced >= FORCE_AGAIN):
            value, seconds = await fetch(force=True)
            forced = now
            log.warning("wechat_token_forced")
        return Token(value, now + timedelta(seconds=seconds), forced)
