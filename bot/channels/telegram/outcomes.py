"""What an error of the Bot API means for a message: the one table. An error that is not in it is loud, and Unsure.

The Bot API documents codes and `retry_after`; the words are those of its own open source server (telegram-bot-api), as
they come in `description`, without the code's name before the colon. The first row that fits counts.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog
from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError

from scheduler.sending import Gone, Outcome, Refused, Sent, TryLater, Unsure

log = structlog.get_logger()

SOON = timedelta(seconds=5)
NEVER_CONNECTED = timedelta(seconds=2)
TOKEN_WRONG = timedelta(minutes=1)
"""An operator has to mend it, and then nothing should be lost."""


@dataclass(frozen=True)
class Row:
    """An error: its code, words that its description holds (in small letters), and what it means for the message."""

    code: int
    words: str
    outcome: Outcome


def _refused(code: int, **reasons: str) -> tuple[Row, ...]:
    """Rows of one code for what will never be taken, by the word that staff and logs read."""
    return tuple(Row(code, words, Refused(reason)) for reason, words in reasons.items())


TABLE: tuple[Row, ...] = (
    # 400: the chat or the person
    Row(400, "chat not found", Gone()),
    Row(400, "peer_id_invalid", Gone()),
    Row(400, "user not found", Gone()),
    Row(400, "input_user_deactivated", Gone()),
    Row(400, "user_is_blocked", Gone()),
    Row(400, "chat_id is empty", Refused("no_chat")),
    Row(400, "group chat was upgraded", Refused("chat_moved")),
    Row(400, "group chat was migrated", Refused("chat_moved")),
    Row(400, "group chat was deactivated", Gone()),
    *_refused(
        400,
        no_rights="not enough rights",
        no_rights_here="have no rights to send",
        chat_restricted="chat_restricted",
        chat_write_forbidden="chat_write_forbidden",
        admin_required="chat_admin_required",
        needs_administrator="need administrator rights",
        topic_closed="topic_closed",
        topic_deleted="topic_deleted",
        no_thread="message thread not found",
        voice_forbidden="voice_messages_forbidden",
    ),
    # 400: an edit or a tap that came too late, or changes nothing
    Row(400, "message is not modified", Sent()),
    Row(400, "message_not_modified", Sent()),
    *_refused(
        400,
        edit_not_found="message to edit not found",
        edit_forbidden="message can't be edited",
        edit_no_text="there is no text in the message to edit",
        message_id_invalid="message_id_invalid",
        message_author_required="message_author_required",
        delete_not_found="message to delete not found",
        delete_forbidden="message can't be deleted",
        reply_not_found="message to be replied not found",
        reply_message_not_found="reply message not found",
        tap_too_old="query is too old",
        tap_unknown="query_id_invalid",
    ),
    # 400: what we wrote
    *_refused(
        400,
        empty="message text is empty",
        must_be_non_empty="text must be non-empty",
        must_be_encoded="must be encoded in utf-8",
        too_long="message is too long",
        message_too_long="message_too_long",
        markup="can't parse entities",
        entity_bounds="entity_bounds_invalid",
        entities_too_long="entities_too_long",
        parse_mode="unsupported parse_mode",
        buttons="can't parse reply keyboard markup",
        inline_buttons="can't parse inline keyboard",
        button_data="button_data_invalid",
        button_url="button_url_invalid",
        button_url_wrong="wrong http url",
        button_type="button_type_invalid",
        buttons_too_long="reply_markup_too_long",
        buttons_long="reply markup is too long",
        web_content="wc_convert_url_invalid",
        url="failed to get http url content",
        file="wrong file identifier",
        file_id="invalid file_id",
        file_old="file is temporarily unavailable",
        bad_json="can't parse",
    ),
    # 401, 404: the token, or the address of the server. An operator mends it; the message is as good as before.
    Row(401, "unauthorized", TryLater(TOKEN_WRONG, whole_account=True)),
    Row(404, "not found", TryLater(TOKEN_WRONG, whole_account=True)),
    # 403: this chat does not want the bot
    Row(403, "bot was blocked by the user", Gone()),
    Row(403, "user is deactivated", Gone()),
    Row(403, "bot can't initiate conversation", Gone()),
    Row(403, "bots can't send messages to bots", Refused("a_bot")),
    Row(403, "can't send messages to bots", Refused("a_bot")),
    Row(403, "bot was kicked", Gone()),
    Row(403, "bot is not a member", Gone()),
    Row(403, "chat was deleted", Gone()),
    Row(403, "not enough rights", Refused("no_rights")),
    # 409: somebody else uses this token to listen; nothing of a message
    Row(409, "conflict", Refused("two_listeners")),
    # 413
    Row(413, "request entity too large", Refused("too_large")),
    # 5xx: the server failed after it had the message; whether it was taken is not known
    Row(500, "bad gateway", Unsure("bad_gateway")),
    Row(500, "gateway time", Unsure("gateway_timeout")),
    Row(500, "", Unsure("server_error")),
    # 429 without the seconds, which aiogram gives no class of its own
    Row(0, "too many requests", TryLater(SOON, whole_account=True)),
)

CODES: dict[type[TelegramAPIError], int] = {
    TelegramBadRequest: 400,
    TelegramUnauthorizedError: 401,
    TelegramForbiddenError: 403,
    TelegramNotFound: 404,
    TelegramConflictError: 409,
    TelegramEntityTooLarge: 413,
    TelegramServerError: 500,
}
"""The codes behind aiogram's exceptions."""


def outcome_of(error: Exception) -> Outcome:
    """Read what aiogram raised for a message. Never raises."""
    match error:
        case TelegramRetryAfter(retry_after=seconds):
            return TryLater(timedelta(seconds=seconds), whole_account=True)
        case TelegramMigrateToChat():
            return Refused("chat_moved")
        case TelegramEntityTooLarge():
            return Refused("too_large")
        case TelegramNetworkError():
            return _network(error)
        case TelegramAPIError():
            return _told(error)
        case AiogramError():
            return Unsure("unreadable_answer")  # a page of some proxy, mostly; it may have come after the message
    return _unknown(error, 0)


def _network(error: TelegramNetworkError) -> Outcome:
    """Surely not taken only where no connection came about."""
    cause = error.__cause__
    if isinstance(cause, ClientConnectorError):
        return TryLater(NEVER_CONNECTED)
    return Unsure("timeout" if isinstance(cause, asyncio.TimeoutError) else "connection_lost")


def _told(error: TelegramAPIError) -> Outcome:
    code = next((code for kind, code in CODES.items() if isinstance(error, kind)), 0)
    words = error.message.lower()
    for row in TABLE:
        if row.code == code and row.words in words:
            return row.outcome
    return _unknown(error, code)


def _unknown(error: Exception, code: int) -> Outcome:
    """Loud: the table lacks a row. The words are Telegram's own and hold nothing that a resident wrote."""
    words = error.message if isinstance(error, TelegramAPIError) else ""
    log.error("telegram_error_unknown", code=code, words=words[:200], kind=type(error).__name__)
    return Unsure("unknown")
