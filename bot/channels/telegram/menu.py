"""What Telegram shows before anybody has asked: the menu of commands and who runs this bot."""

from aiogram import Bot
from aiogram.methods import SetMyCommands, SetMyDescription
from aiogram.types import BotCommand

from bot.channels.telegram.wire import MENU
from bot.dialogue.turn import Service
from content.render import say


def commands() -> list[BotCommand]:
    """The menu, in Chinese."""
    words = {name: say("labels", name) for name in MENU if name != "family"} | {"family": say("family", "option")}
    start = BotCommand(command="start", description=say("telegram", "start"))
    return [*(BotCommand(command=name, description=words[name]) for name in MENU), start]


async def introduce(bot: Bot, service: Service) -> str:
    """Set the menu and the description; returns the bot's user name. Raises what aiogram raises."""
    me = await bot.get_me()
    await bot(SetMyCommands(commands=commands()))
    await bot(SetMyDescription(description=say("telegram", "about", service=service)))
    return me.username or ""
