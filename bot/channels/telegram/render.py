"""A message in Telegram's form: HTML in parts that fit, and the buttons under the last of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.base import Capabilities
from content.message import Basis, Block, Call, Heading, Message, Option, Quoted, Text
from content.render import say
from content.split import split, utf16

LIMIT = 4096
"""UTF-16 units of one message, counted without its marks."""

CAPABILITIES = Capabilities(name="telegram", buttons=True, text_limit=LIMIT, may_speak_first=True, own_foot=False)

BESIDE = 7
"""Two labels of at most so many characters stand in one row."""


@dataclass(frozen=True)
class Part:
    """One message as Telegram takes it."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None


@dataclass(frozen=True)
class _Line:
    """Text under one mark; `tag` may be empty."""

    text: str
    tag: str = ""

    @property
    def html(self) -> str:
        words = escape(self.text, quote=False)
        return f"<{self.tag}>{words}</{self.tag}>" if self.tag else words


def parts(message: Message, *, page: str | None = None) -> list[Part]:
    """Render a message; the last part carries the buttons. `page`: the public address, for a link to a card's page."""
    groups = list(_packed(line for block in message.blocks for line in _lines(block)))
    htmls = ["\n".join(line.html for line in group) for group in groups]
    return [*map(Part, htmls[:-1]), Part(htmls[-1], keyboard(message, page=page))]


def keyboard(message: Message, *, page: str | None = None) -> InlineKeyboardMarkup | None:
    """The options as buttons, None where there are none; with a public address, a link to a card's own page."""
    rows = [[_button(option) for option in row] for row in _rows(message.options)]
    if page:
        label = say("telegram", "open_page")
        links = [f"{page.rstrip('/')}/card/{one.programme}" for one in message.attachments]
        rows += [[InlineKeyboardButton(text=label, url=link)] for link in links]
        rows += [
            [InlineKeyboardButton(text=say("telegram", "to_calendar"), url=link)] for link in _calendar(message, page)
        ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _calendar(message: Message, page: str) -> list[str]:
    """The address of days for the phone's calendar, where the message has any."""
    if message.calendar is None:
        return []
    asked = {"place": message.calendar.place, "programme": message.calendar.programme or ""}
    return [f"{page.rstrip('/')}/calendar.ics?{urlencode(asked)}"]


def _button(option: Option) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=option.label, callback_data=option.action)


def _rows(options: Iterable[Option]) -> Iterator[list[Option]]:
    """Short labels two and two, in their order; a long one has a row of its own, so that all of it can be read."""
    waiting: Option | None = None
    for option in options:
        if waiting and len(option.label) <= BESIDE:
            yield [waiting, option]
            waiting = None
            continue
        if waiting:
            yield [waiting]
            waiting = None
        if len(option.label) <= BESIDE:
            waiting = option
        else:
            yield [option]
    if waiting:
        yield [waiting]


def _lines(block: Block) -> list[_Line]:
    """A block as marked text, each piece short enough for a message."""
    match block:
        case Heading(text=text):
            return _cut(text, "b")
        case Text(text=text, strong=strong):
            return _cut(text, "b" if strong else "")
        case Basis(text=text):
            return _cut(text, "i")
        case Call(name=name, number=number, about=about):
            return _cut(f"{name} {number}（{about}）" if number else f"{name}（{about}）", "")
        case Quoted(mark=mark, says=says, quote=quote, where=where):
            return [
                *_cut(f"{mark} {says}", ""),
                *_cut(say("telegram", "quoted", quote=quote, where=where), "blockquote"),
            ]


def _cut(text: str, tag: str) -> list[_Line]:
    return [_Line(piece, tag) for piece in split(text, LIMIT, utf16)]


def _packed(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    """Put as many lines into each message as it holds."""
    group: list[_Line] = []
    size = 0
    for line in lines:
        more = utf16(line.text) + 1  # the end of the line before it
        if group and size + more > LIMIT:
            yield group
            group, size = [], 0
        group.append(line)
        size += more
    yield group
