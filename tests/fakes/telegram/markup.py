"""HTML as Telegram takes it, and refuses it."""

import re
from typing import Any

from tests.fakes.telegram.errors import bad

Json = dict[str, Any]
TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "tg-spoiler": "spoiler", "span": "spoiler", "a": "text_link",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s+[A-Za-z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)\s*>")
_HREF = re.compile(r"href\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))")


def units(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def parse_html(markup: str) -> tuple[str, list[Json]]:
    """The text that people see and its entities. Raises what Telegram answers to markup that it can't read."""
    text, entities, opened = "", [], list[tuple[str, int, Json]]()
    at = 0
    while at < len(markup):
        if markup[at] == "&" and (known := _ENTITY.match(markup, at)):
            text, at = text + _character(known), known.end()
        elif markup[at] == "<":
            tag = _TAG.match(markup, at)
            if tag is None:
                raise _cant(f'Unsupported start tag "{_name(markup, at)}" at byte offset {_offset(markup, at)}')
            if tag[1]:
                entities += _close(opened, tag[2].lower(), text, _offset(markup, at))
            else:
                opened.append((tag[2].lower(), units(text), _open(tag, _offset(markup, at))))
            at = tag.end()
        else:
            text, at = text + markup[at], at + 1
    if opened:
        raise _cant(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    return text, sorted(entities, key=lambda one: (one["offset"], -one["length"]))


def _name(markup: str, at: int) -> str:
    found = re.match(r"<\s*/?([^\s<>]*)", markup[at:])
    return found[1].lower() if found else ""


def _offset(markup: str, at: int) -> int:
    return len(markup[:at].encode())


def _character(known: re.Match[str]) -> str:
    if known[3]:
        return _NAMED[known[3]]
    return chr(int(known[1]) if known[1] else int(known[2], 16))


def _open(tag: re.Match[str], offset: int) -> Json:
    name = tag[2].lower()
    if name not in TAGS:
        raise _cant(f'Unsupported start tag "{name}" at byte offset {offset}')
    if name == "span" and "tg-spoiler" not in tag[3]:
        raise _cant(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    made: Json = {"type": TAGS[name]}
    if name == "a" and (href := _HREF.search(tag[3])):
        made["url"] = next(filter(None, href.groups()), "")
    if name == "blockquote" and "expandable" in tag[3]:
        made["type"] = "expandable_blockquote"
    return made


def _close(opened: list[tuple[str, int, Json]], name: str, text: str, offset: int) -> list[Json]:
    if not opened:
        raise _cant(f"Unexpected end tag at byte offset {offset}")
    started, start, made = opened.pop()
    if started != name:
        raise _cant(f'Unmatched end tag at byte offset {offset}, expected "</{started}>", found "</{name}>"')
    length = units(text) - start
    return [made | {"offset": start, "length": length}] if length else []


def _cant(words: str) -> Exception:
    return bad(f"can't parse entities: {words}")
