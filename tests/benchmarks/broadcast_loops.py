"""The baselines of sending, as people write them: `python -m tests.benchmarks.broadcast_loops WAY SERVER TOKEN`.

`semaphore`: aiogram, many calls at once, none of which is noted anywhere. `sleep`: one after the other, with a pause
that is to keep the limit. Each line of standard input is the chat of the first person and how many follow; each line
of output the seconds of processor that sending to them took.
"""

import asyncio
import sys

import psutil
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

TEXT = "<b>停水通知</b>\n明天上午九点到下午五点停水，请提前存水。\n发布：试验嘎查村委会，编号T30571"
KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="收到", callback_data="received:t30571")]])
"""The words and the button of a notice as the worker sends it."""
AT_ONCE = 100
PER_SECOND = 25


async def semaphore(bot: Bot, chats: range) -> None:
    """Send to all, AT_ONCE at a time."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(chat: int) -> None:
        async with free:
            await bot.send_message(chat, TEXT, parse_mode="HTML", reply_markup=KEYBOARD)

    await asyncio.gather(*(one(chat) for chat in chats))


async def sleep(bot: Bot, chats: range) -> None:
    """Send to all, one after the other."""
    for chat in chats:
        await bot.send_message(chat, TEXT, parse_mode="HTML", reply_markup=KEYBOARD)
        await asyncio.sleep(1 / PER_SECOND)


async def main(way: str, server: str, token: str) -> None:
    """Send to whom the lines say."""
    bot = Bot(token, AiohttpSession(api=TelegramAPIServer.from_base(server)))
    await bot.get_me()  # the first call alone opens the session
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        first, count = map(int, line.split())
        before = _used()
        await {"semaphore": semaphore, "sleep": sleep}[way](bot, range(first, first + count))
        print(_used() - before, flush=True)
    await bot.session.close()


def _used() -> float:
    times = psutil.Process().cpu_times()
    return times.user + times.system


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
