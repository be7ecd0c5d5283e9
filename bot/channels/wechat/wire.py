"""WeChat's XML to updates, and our messages to its forms. Translates, decides nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from wechatpy.parser import parse_message
from wechatpy.replies import ArticlesReply, TextReply

from bot.channels.wechat.account import TEXT_LIMIT
from content.message import Heading, Message
from content.render import as_text, said_blocks, say
from content.split import split, utf8

LONGEST_QUESTION = 10_000
MOST_DESCRIBED = 120  # characters under the title of a news message


_LINK = re.compile(r"<(?=\s*/?\s*a\b)", re.IGNORECASE)
"""Where WeChat would see a link in a text; it shows every other mark as it is."""


class Unreadable(Exception):
    """Not the XML that WeChat sends."""


@dataclass(frozen=True)
class Update:
    """One message or event of WeChat. `kind` is its MsgType, of an event `event` its lower-case name.

    `said` is the text, what was recognised of a voice, the label of a place, the title and the first words of an
    article sent on, the key of an event or its status; `media` names a voice to fetch; `data` are all fields, for the
    few events that carry lists.
    """

    kind: str
    event: str
    address: str
    ours: str
    at: datetime
    message_id: str
    said: str
    media: str
    data: Mapping[str, Any]


_SAID = {"text": ("content",), "voice": ("recognition",), "location": ("label",), "link": ("title", "description")}


def read(xml: str) -> Update:
    """Read a message. Raises Unreadable."""
    try:
        parsed = parse_message(xml)
        data: Mapping[str, Any] = parsed._data  # wechatpy names no field for newer events
        address, ours, at = str(data["FromUserName"]), str(data["ToUserName"]), int(data["CreateTime"])
        moment = datetime.fromtimestamp(at, UTC)
        kind = str(data["MsgType"]).lower()
    except Exception as error:  # expat, wechatpy and the numbers in it fail in many ways
        raise Unreadable from error
    event = str(data.get("Event") or "").lower().replace("subscribe_scan", "subscribe")  # wechatpy's name for it
    words = (str(getattr(parsed, name, None) or "") for name in _SAID.get(kind, ()))
    said = _key(data) if kind == "event" else "\n".join(words)
    media = str(data.get("MediaId") or "")
    return Update(kind, event, address, ours, moment, _id(data, kind), said[:LONGEST_QUESTION], media, data)


def _key(data: Mapping[str, Any]) -> str:
    return str(data.get("EventKey") or data.get("Status") or "")


def _id(data: Mapping[str, Any], kind: str) -> str:
    """By what a repeat is known: MsgId, and of events who, when and what."""
    if kind != "event" and data.get("MsgId"):
        return str(data["MsgId"])
    parts = (data.get(name) for name in ("FromUserName", "CreateTime", "Event", "EventKey", "MsgID"))
    return " ".join(str(part or "") for part in parts)


def passive_text(update: Update, text: str) -> str:
    """Write the XML of a text that answers an update."""
    return _rendered(TextReply(source=update.ours, target=update.address, time=_seconds(update), content=_safe(text)))


def passive_news(update: Update, news: Mapping[str, str]) -> str:
    """Write the XML of a news message that answers an update."""
    reply = ArticlesReply(source=update.ours, target=update.address, time=_seconds(update))
    reply.add_article({name: _safe(news[name]) for name in ("title", "description", "url")} | {"image": ""})
    return _rendered(reply)


def _rendered(reply: TextReply) -> str:
    return str(reply.render())


def _seconds(update: Update) -> int:
    return int(update.at.timestamp())


def _safe(text: str) -> str:
    """Keep a text inside its CDATA, and without characters that XML forbids."""
    return re.sub(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]", "", text).replace("]]>", "]] >")


def texts(message: Message, pages: str) -> list[str]:
    """Write a message as texts of at most 2,048 bytes each; the card's own page is linked where there is one."""
    return split(_whole(message, pages), TEXT_LIMIT, utf8)


def short(texts: list[str]) -> str:
    """Cut a message to the one text that an account without leave to write may give, and say that there is more."""
    if len(texts) == 1:
        return texts[0]
    more = say("wechat", "cut_here")
    return f"{split(texts[0], TEXT_LIMIT - utf8(more) - 1, utf8)[0]}\n{more}"


def joined(messages: tuple[Message, ...], pages: str) -> list[str]:
    """Write several messages as few texts: WeChat takes one for an answer, so what fits goes together."""
    parts: list[str] = []
    for text in (text for message in messages for text in texts(message, pages)):
        together = f"{parts[-1]}\n\n{text}" if parts else text
        if parts and utf8(together) <= TEXT_LIMIT:
            parts[-1] = together
        else:
            parts.append(text)
    return parts


def _whole(message: Message, pages: str) -> str:
    plain = _LINK.sub("＜", as_text(message))  # only our own links may be links
    return "\n".join((plain, *_links(message, pages)))


def _links(message: Message, pages: str) -> Iterator[str]:
    """A card's own page, and days for the phone's calendar; nothing where the page has no public address."""
    if not pages:
        return
    for one in message.attachments:
        yield f'<a href="{page_of(one.programme, pages)}">{say("wechat", "whole_card")}</a>'
    if message.calendar is not None:
        asked = {"place": message.calendar.place, "programme": message.calendar.programme or ""}
        yield f'<a href="{pages.rstrip("/")}/calendar.ics?{urlencode(asked)}">{say("wechat", "to_calendar")}</a>'


def page_of(programme: str, pages: str) -> str:
    """The address of a card's own page."""
    return f"{pages.rstrip('/')}/card/{programme}"


def news(message: Message, pages: str) -> dict[str, str] | None:
    """Write a message that is nothing but a card to hand on as a news message; None for any other."""
    if not pages or message.options or len(message.attachments) != 1:
        return None
    title = next((block.text for block in message.blocks if isinstance(block, Heading)), "")
    rest = message.model_copy(update={"blocks": tuple(one for one in message.blocks if not isinstance(one, Heading))})
    described = said_blocks(rest)[:MOST_DESCRIBED]
    return {"title": title, "description": described, "url": page_of(message.attachments[0].programme, pages)}
