"""The baseline of the Telegram load test: aiogram as its manual shows it, answering a constant text by webhook.

`python -m tests.benchmarks.bare_aiogram SERVER PORT TOKEN`
"""

import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

TEXT = "请问嘎查村委会；也可以打12345。依据：2026年自治区文件第22条。"
SECRET = "bare"  # noqa: S105 - opens nothing


def main(server: str, port: int, token: str) -> None:
    """Serve until killed."""
    bot = Bot(token, AiohttpSession(api=TelegramAPIServer.from_base(server)))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def answer(message: Message) -> None:
        await message.answer(TEXT)

    async def begin(bot: Bot) -> None:
        await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token=SECRET)

    dispatcher.startup.register(begin)
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token=SECRET).register(app, "/hook")
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
