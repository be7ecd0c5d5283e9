"""Updates of Telegram in our words. Translates and decides nothing."""

import re
from dataclasses import dataclass

from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import CallbackQuery, ChatMemberUpdated, InlineKeyboardMarkup, Message, Update

from content.places import PlaceError
from content.places.place import to_stem

KINDS = ["message", "callback_query", "my_chat_member"]
"""What we ask Telegram for. Edited messages are not among it: what was answered stays answered."""

MENU = ("topics", "family", "place", "kept", "help", "stop", "resume", "erase")
"""Commands, each the action of that name."""

CARD_VERBS = ("quotes", "helpful")
"""Under a card stands a button that does one of these."""

UNREADABLE = frozenset(
    ("photo", "video", "animation", "document", "sticker", "audio", "video_note", "location", "venue", "contact",
     "poll", "dice", "story", "paid_media", "checklist", "game")
)  # fmt: skip

_COMMAND = re.compile(r"^/(?P<name>[A-Za-z0-9_]+)(?:@\w+)?(?:\s+(?P<rest>.*))?$", re.DOTALL)
_LINK = re.compile(r"^(?P<kind>card|topic|place)_(?P<id>[a-z0-9-]+)$")


@dataclass(frozen=True)
class Tap:
    """The button that was tapped: its query, the message that it stands on, whether that shows a card."""

    query: str
    message: int | None
    on_card: bool


@dataclass(frozen=True)
class Told:
    """What a resident told the bot in private: exactly one of text, action and voice (a file's id)."""

    chat: int
    text: str | None = None
    action: str | None = None
    voice: str | None = None
    seconds: int = 0  # how long the voice message is
    tap: Tap | None = None


@dataclass(frozen=True)
class Membership:
    """A resident blocked the bot, or took that back."""

    chat: int
    gone: bool


@dataclass(frozen=True)
class InGroup:
    """Someone spoke to the bot in a group."""

    chat: int


Heard = Told | Membership | InGroup


def read(update: Update, username: str) -> Heard | None:
    """Read an update; None for what concerns no resident. `username` is the bot's, empty as long as it is unknown."""
    if update.message is not None:
        return _message(update.message, username)
    if update.callback_query is not None:
        return _tapped(update.callback_query)
    return _member(update.my_chat_member) if update.my_chat_member is not None else None


def _message(message: Message, username: str) -> Heard | None:
    if message.chat.type != ChatType.PRIVATE:
        return InGroup(message.chat.id) if _meant(message, username) else None
    if message.from_user is not None and message.from_user.is_bot:
        return None
    if message.voice is not None:
        return Told(message.chat.id, voice=message.voice.file_id, seconds=message.voice.duration)
    words = message.text or message.caption
    if words:
        return _said(message.chat.id, words)
    return Told(message.chat.id, action="unreadable") if message.content_type in UNREADABLE else None


def _meant(message: Message, username: str) -> bool:
    """Whether a message in a group is for the bot: a command of its own or for nobody by name, its name, a reply."""
    replied = message.reply_to_message
    if replied is not None and replied.from_user is not None and replied.from_user.username == username:
        return True
    words = (message.text or message.caption or "").casefold()
    if words.startswith("/"):
        return "@" not in words.split()[0] or words.split()[0].endswith(f"@{username.casefold()}")
    return bool(username) and f"@{username.casefold()}" in words


def _said(chat: int, words: str) -> Told:
    command = _COMMAND.match(words)
    if command is None:
        return Told(chat, text=words)
    name = command["name"].lower()
    if name == "start":
        return Told(chat, action=_linked(command["rest"] or ""))
    return Told(chat, action=name) if name in MENU else Told(chat, text=words.removeprefix("/"))


def _linked(payload: str) -> str:
    """The action of a deep link: t.me/…?start=card_grain-soy-insurance, topic_home, place_150621."""
    link = _LINK.match(payload.strip())
    match (link["kind"], link["id"]) if link else ("", ""):
        case "card", id_:
            return f"card:{id_}"
        case "topic", id_:
            return f"topic:{id_}"
        case "place", code:
            return _place(code)
    return "start"


def _place(code: str) -> str:
    try:
        return f"in:{to_stem(code)}"
    except PlaceError:
        return "start"


def _tapped(query: CallbackQuery) -> Told | None:
    message = query.message
    if query.data is None or (message is not None and message.chat.type != ChatType.PRIVATE):
        return None
    buttons = message.reply_markup if isinstance(message, Message) else None
    tap = Tap(query.id, message.message_id if isinstance(message, Message) else None, _shows_card(buttons))
    return Told(query.from_user.id, action=query.data, tap=tap)


def _shows_card(buttons: InlineKeyboardMarkup | None) -> bool:
    data = [button.callback_data or "" for row in (buttons.inline_keyboard if buttons else []) for button in row]
    return any(one.partition(":")[0] in CARD_VERBS for one in data)


def _member(change: ChatMemberUpdated) -> Heard | None:
    status = change.new_chat_member.status
    if change.chat.type == ChatType.PRIVATE:
        return Membership(change.chat.id, gone=status == ChatMemberStatus.KICKED)
    joined = status == ChatMemberStatus.MEMBER and change.old_chat_member.status in ("left", "kicked")
    return InGroup(change.chat.id) if joined and change.chat.type != ChatType.CHANNEL else None
