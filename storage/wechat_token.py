"""The access token of an official account, which all its processes share."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moments import utc
from storage.tables.wechat import wechat_token


@dataclass(frozen=True)
class Token:
    """The access token that all processes of an account use, until when, and when WeChat was last made to change it."""

    value: str
    expires_at: datetime
    forced_at: datetime | None = None


async def current(conn: AsyncConnection, account: str) -> Token | None:
    """Return the token that was fetched last."""
    columns = (wechat_token.c.token, wechat_token.c.expires_at, wechat_token.c.forced_at)
    row = (await conn.execute(select(*columns).where(wechat_token.c.account == account))).one_or_none()
    return Token(*row) if row else None


async def keep(conn: AsyncConnection, account: str, kept: Token) -> None:
    """Keep a token for all processes."""
    values = {"token": kept.value, "expires_at": utc(kept.expires_at), "forced_at": kept.forced_at}
    made = insert(wechat_token).values(account=account, **values)
    await conn.execute(made.on_conflict_do_update(index_elements=["account"], set_=values))


async def expire(conn: AsyncConnection, account: str, value: str, now: datetime) -> None:
    """Note that WeChat takes a token no more; one that was fetched meanwhile stays."""
    mine = (wechat_token.c.account == account, wechat_token.c.token == value)
    await conn.execute(update(wechat_token).where(*mine).values(expires_at=utc(now)))


async def only_refresher(conn: AsyncConnection, account: str, *, wait: bool) -> bool:
    """Be the one process that fetches a token, until the transaction ends; False where another is, unless we wait."""
    key = func.hashtextextended(f"mingbai wechat token {account}", 0)
    if wait:
        await conn.execute(select(func.pg_advisory_xact_lock(key)))
        return True
    return bool((await conn.execute(select(func.pg_try_advisory_xact_lock(key)))).scalar_one())
