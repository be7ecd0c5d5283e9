"""The methods of the Bot API that we use, with the answers and refusals that Telegram documents or is known for."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.telegram.account import Account, Webhook
from tests.fakes.telegram.chats import Chat, Json, Said, message_json
from tests.fakes.telegram.errors import bad, conflict, flood, forbidden
from tests.fakes.telegram.markup import parse_html, units

LONGEST = 4096
Values = dict[str, Any]
Method = Callable[[Account, Values], Awaitable[Any]]


def value_of(values: Values, name: str) -> Any:
    """A field that may come as JSON in a form, or as it is in a JSON body."""
    value = values.get(name)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None


def _chat(bot: Account, values: Values) -> Chat:
    given = str(values.get("chat_id") or "")
    if not given:
        raise bad("chat_id is empty")
    chat = bot.chats.get(int(given)) if given.lstrip("-").isdigit() else None
    if chat is None:
        raise bad("chat not found")
    if chat.deactivated:
        raise forbidden("user is deactivated")
    if chat.blocked:
        raise forbidden(
            "bot was blocked by the user" if chat.kind == "private" else "bot was kicked from the group chat"
        )
    if chat.kind == "private" and not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
    return chat


def _text(values: Values) -> tuple[str, str, list[Json]]:
    """The text as people see it, as it was sent, and its entities."""
    markup = str(values.get("text") or "")
    mode = str(values.get("parse_mode") or "").lower()
    if mode not in ("", "html"):
        raise bad("unsupported parse_mode")
    text, entities = parse_html(markup) if mode else (markup, value_of(values, "entities") or [])
    if not text.strip():
        raise bad("message text is empty")
    if units(text) > LONGEST:
        raise bad("message is too long")
    return text.strip(), markup, entities


def _keyboard(values: Values) -> Json | None:
    given: Json | None = value_of(values, "reply_markup") if values.get("reply_markup") else None
    for row in (given or {}).get("inline_keyboard", []):
        for button in row:
            _button(button)
    return given


def _button(button: Json) -> None:
    if not str(button.get("text", "")).strip():
        raise bad("can't parse inline keyboard button: Text must be non-empty")
    data, url = button.get("callback_data"), button.get("url")
    if data is None and url is None:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if data is not None and not 1 <= len(str(data).encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    if url is not None and "." not in (urlsplit(str(url)).hostname or ""):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


async def send_message(bot: Account, values: Values) -> Json:
    """Say something in a chat."""
    chat = _chat(bot, values)
    text, markup, entities = _text(values)
    keyboard = _keyboard(values)
    now = time.time()
    wait = bot.limits.over(chat.id, group=chat.kind != "private", now=now)
    if wait is not None:
        raise flood(wait)
    reply = value_of(values, "reply_parameters") or {}
    first = reply.get("message_id") or values.get("reply_to_message_id")
    said = Said(chat.next_id(), True, text, markup, entities, keyboard, at=now, reply_to=int(first) if first else None)
    chat.messages.append(said)
    return message_json(chat, said, bot.as_json())


def _edited(bot: Account, values: Values) -> tuple[Chat, Said]:
    chat = _chat(bot, values)
    said = chat.find(int(values.get("message_id") or 0))
    if said is None:
        raise bad("message to edit not found")
    if not said.by_bot:
        raise bad("message can't be edited")
    return chat, said


def _same() -> Exception:
    return bad(
        "message is not modified: specified new message content and reply markup are exactly the same"
        " as a current content and reply markup of the message"
    )


async def edit_text(bot: Account, values: Values) -> Json:
    """Change what was said."""
    chat, said = _edited(bot, values)
    text, markup, entities = _text(values)
    keyboard = _keyboard(values)
    if (text, entities, keyboard) == (said.text, said.entities, said.reply_markup):
        raise _same()
    wait = bot.limits.over(chat.id, group=chat.kind != "private", now=time.time())
    if wait is not None:
        raise flood(wait)
    said.text, said.markup, said.entities, said.reply_markup = text, markup, entities, keyboard
    said.edits += 1
    return message_json(chat, said, bot.as_json())


async def edit_buttons(bot: Account, values: Values) -> Json:
    """Change only the buttons."""
    chat, said = _edited(bot, values)
    keyboard = _keyboard(values)
    if keyboard == said.reply_markup:
        raise _same()
    said.reply_markup = keyboard
    said.edits += 1
    return message_json(chat, said, bot.as_json())


async def delete_message(bot: Account, values: Values) -> bool:
    """Take a message away."""
    chat = _chat(bot, values)
    said = chat.find(int(values.get("message_id") or 0))
    if said is None:
        raise bad("message to delete not found")
    chat.messages.remove(said)
    return True


async def answer_tap(bot: Account, values: Values) -> bool:
    """Stop the clock on a button that was tapped; once, and not late."""
    if bot.open_queries.pop(str(values.get("callback_query_id")), None) is None:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    bot.answered.append(values)
    return True


async def chat_action(bot: Account, values: Values) -> bool:
    """Show that the bot types."""
    _chat(bot, values)
    return True


async def get_me(bot: Account, values: Values) -> Json:
    """The bot itself."""
    return bot.as_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


async def get_chat(bot: Account, values: Values) -> Json:
    """A chat."""
    return _chat(bot, values).as_json() | {"accent_color_id": 0, "max_reaction_count": 11}


async def get_updates(bot: Account, values: Values) -> list[Json]:
    """Long polling: one at a time, never beside a webhook; `offset` confirms what came before it."""
    if bot.webhook is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    if values.get("allowed_updates"):
        bot.allowed = value_of(values, "allowed_updates")
    offset, limit = int(values.get("offset") or 0), int(values.get("limit") or 100)
    while bot.pending and bot.pending[0]["update_id"] < offset:
        bot.pending.popleft()
    bot.polls += 1
    mine = bot.polls
    await bot.wake()
    try:
        async with asyncio.timeout(float(values.get("timeout") or 0)), bot.changed:
            await bot.changed.wait_for(lambda: bot.pending or bot.polls != mine or bot.webhook is not None)
    except TimeoutError:
        pass
    if bot.polls != mine:
        raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
    given = list(bot.pending)[:limit]
    bot.delivered |= {one["update_id"]: one for one in given}
    return given


async def set_webhook(bot: Account, values: Values) -> bool:
    """Deliver by POST from now on."""
    url = str(values.get("url") or "")
    bot.webhook = (
        Webhook(url, str(values.get("secret_token") or ""), int(values.get("max_connections") or 40)) if url else None
    )
    if values.get("allowed_updates"):
        bot.allowed = value_of(values, "allowed_updates")
    if _true(values.get("drop_pending_updates")):
        bot.pending.clear()
    return True


async def delete_webhook(bot: Account, values: Values) -> bool:
    """Deliver by long polling again."""
    return await set_webhook(bot, {"drop_pending_updates": values.get("drop_pending_updates")})


async def webhook_info(bot: Account, values: Values) -> Json:
    """How delivery stands."""
    hook = bot.webhook
    told: Json = {"url": hook.url if hook else "", "has_custom_certificate": False}
    told["pending_update_count"] = len(bot.pending)
    if hook and hook.last_error:
        told |= {"last_error_date": int(time.time()), "last_error_message": hook.last_error}
    return told


async def set_commands(bot: Account, values: Values) -> bool:
    """Set the menu."""
    bot.commands = value_of(values, "commands") or []
    return True


async def get_commands(bot: Account, values: Values) -> list[Json]:
    """The menu."""
    return bot.commands


def _about(name: str) -> Method:
    async def method(bot: Account, values: Values) -> bool:
        bot.about[name] = str(values.get(name) or "")
        return True

    return method


async def get_file(bot: Account, values: Values) -> Json:
    """Where a file can be fetched."""
    id_ = str(values.get("file_id") or "")
    if id_ not in bot.files:
        raise bad("invalid file_id")
    size = len(bot.files[id_])
    return {"file_id": id_, "file_unique_id": f"u{id_}", "file_size": size, "file_path": f"voice/{id_}.oga"}


async def always(bot: Account, values: Values) -> bool:
    """What needs nothing of the server: logOut, close, setChatMenuButton."""
    return True


def _true(value: object) -> bool:
    return str(value).lower() in ("true", "1")


METHODS: dict[str, Method] = {
    "answercallbackquery": answer_tap,
    "close": always,
    "deletemessage": delete_message,
    "deletemycommands": set_commands,
    "deletewebhook": delete_webhook,
    "editmessagereplymarkup": edit_buttons,
    "editmessagetext": edit_text,
    "getchat": get_chat,
    "getfile": get_file,
    "getme": get_me,
    "getmycommands": get_commands,
    "getupdates": get_updates,
    "getwebhookinfo": webhook_info,
    "logout": always,
    "sendchataction": chat_action,
    "sendmessage": send_message,
    "setchatmenubutton": always,
    "setmycommands": set_commands,
    "setmydescription": _about("description"),
    "setmyshortdescription": _about("short_description"),
    "setwebhook": set_webhook,
}
"""By name in small letters: the Bot API does not tell large from small."""
