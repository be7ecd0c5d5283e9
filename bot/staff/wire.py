"""Between Telegram and what the staff bot hears and says. Translates, and decides nothing."""

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatType, MessageLimit
from telegram.error import RetryAfter

from bot.staff.heard import Heard
from bot.staff.said import Button
from content.split import split, utf16

KINDS = ("message", "callback_query")
"""The kinds of updates that we ask for; edited messages are none of them."""


def heard(update: Update, bot: Bot) -> Heard | None:
    """Read an update; None for what no person sent, or not in their private chat with the bot."""
    query = update.callback_query
    if query is not None:
        private = query.message is not None and query.message.chat.type == ChatType.PRIVATE
        tapped = Heard(update.update_id, str(query.from_user.id), tap=query.data or "-", query=query.id)
        return tapped if private else None
    message = update.message
    if message is None or message.chat.type != ChatType.PRIVATE or message.from_user is None:
        return None
    return Heard(update.update_id, str(message.chat.id), message.text or "", replied_to=_ours(message, bot))


def id_of(bot: Bot) -> int:
    """The bot's number, which stands in its token: Telegram need not be asked for it."""
    return int(bot.token.partition(":")[0])


def _ours(message: Message, bot: Bot) -> str:
    """The text of our own message that this one replies to."""
    about = message.reply_to_message
    by_us = about is not None and about.from_user is not None and about.from_user.id == id_of(bot)
    return about.text or "" if about is not None and by_us else ""


def keyboard(buttons: tuple[Button, ...]) -> InlineKeyboardMarkup | None:
    """Write buttons: short words two in a row, longer ones alone."""
    rows: list[list[InlineKeyboardButton]] = []
    for one in buttons:
        button = InlineKeyboardButton(one.label, callback_data=one.action)
        if rows and len(rows[-1]) == 1 and len(rows[-1][0].text) <= SHORT and len(one.label) <= SHORT:
            rows[-1].append(button)
        else:
            rows.append([button])
    return InlineKeyboardMarkup(rows) if rows else None


def wait_of(error: RetryAfter) -> float:
    """The seconds that Telegram tells the whole account to wait."""
    after = error.retry_after  # a number, and in later versions of the library a timedelta
    return after if isinstance(after, int) else after.total_seconds()


SHORT = 8
"""Characters of a button that leaves room for another one beside it."""


def parts(text: str) -> list[str]:
    """Cut a text as long as Telegram takes one, counted as Telegram counts."""
    return split(text, MessageLimit.MAX_TEXT_LENGTH, utf16) or [" "]
