"""The senders of the accounts that are set up, for a process that only sends."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.background import Speaker
from bot.settings import Settings
from scheduler.clock import now
from storage.database import Database


@asynccontextmanager
async def speakers(settings: Settings, database: Database) -> AsyncIterator[list[Speaker]]:
    """Open the sender of every account that is set up and may speak first; their libraries are loaded only then."""
    async with AsyncExitStack() as stack:
        found = []
        if settings.telegram_token:
            found.append(await stack.enter_async_context(_telegram(settings, database)))
        if settings.wechat_app_id:
            found.append(await stack.enter_async_context(_wechat(settings, database)))
        yield found


@asynccontextmanager
async def _telegram(settings: Settings, database: Database) -> AsyncIterator[Speaker]:
    from bot.channels.telegram.door import Telegram, sending  # noqa: PLC0415

    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    chosen = Telegram(token, settings.telegram_api, settings.public_url or None, settings.telegram_per_second)
    async with sending(chosen, database, now) as sender:
        yield Speaker("telegram", token.partition(":")[0], sender)


@asynccontextmanager
async def _wechat(settings: Settings, database: Database) -> AsyncIterator[Speaker]:
    from bot.channels.wechat.sender import WeChatSender  # noqa: PLC0415
    from bot.channels.wechat.service import account_of, client  # noqa: PLC0415
    from content.wechat import templates  # noqa: PLC0415

    account = account_of(settings)
    if account is None:
        raise ValueError("no official account is set")
    async with client(account, database, now) as api:
        made = templates(settings.content)
        sender = WeChatSender(account, api, database, templates=made, service=settings.service_name)
        yield Speaker("wechat", account.app_id, sender)
