"""Say a sentence of `content/templates/text/`; and turn a message into plain text.

A template file holds many small sentences, each a Jinja macro, so that an editor finds and mends them in one place.
A missing value is an error, never an empty hole in a sentence.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined

from content.message import Basis, Block, Call, Heading, Message, Option, Quoted, Text


@cache
def environment() -> Environment:
    """Make the environment for text; nothing is escaped here, each channel escapes for itself."""
    loader = PackageLoader("content", "templates/text")
    return Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, autoescape=False)  # noqa: S701


@cache
def _module(template: str) -> Any:
    return environment().get_template(f"{template}.j2").module


def say(template: str, sentence: str, **values: object) -> str:
    """Say one sentence of a template: `say("card", "unsaid", aspects=[…])`. Raises on a missing value."""
    macro = cast("Callable[..., str]", getattr(_module(template), sentence))
    return tidy(macro(**values))


def tidy(text: str) -> str:
    """Make text fit to read on a small screen, without changing what it says."""
    return _close_up_blank_lines(_trim_lines(text)).strip()


def _trim_lines(text: str) -> str:
    return re.sub(r"[ \t]*\n[ \t]*", "\n", text) if "\n" in text else text


def _close_up_blank_lines(text: str) -> str:
    return re.sub(r"\n{2,}", "\n", text) if "\n\n" in text else text


def as_text(message: Message, *, numbered: bool = True) -> str:
    """Write a message as plain text: its blocks, then its options, numbered where a channel has no buttons."""
    lines = [_block(block) for block in message.blocks]
    if numbered and message.by_words:
        return "\n".join([*lines, *_by_words(message, "\n".join(lines))])
    if numbered:
        lines += [f"{number} {option.label}" for number, option in enumerate(message.options, 1)]
    return "\n".join(lines)


def _by_words(message: Message, said: str) -> list[str]:
    """Name the options that are not named in what is said."""
    labels = [option.label for option in message.options if option.label not in said]
    return [say("labels", "by_words", labels=labels)] if labels else []


def said_blocks(message: Message) -> str:
    """Write only the blocks of a message: what is said, without what may be chosen."""
    return as_text(message, numbered=False)


def spoken(text: str) -> str:
    """Make the form for reading aloud: no brackets, no marks that a voice would spell out."""
    return tidy(re.sub(r"（[^）]*）|\([^)]*\)|[“”‘’①-⑳]", "", text))


def _block(block: Block) -> str:
    match block:
        case Heading(text=text) | Text(text=text) | Basis(text=text):
            return text
        case Quoted(mark=mark, says=says, quote=quote, where=where):
            return f"{mark} {says}\n原话：“{quote}”\n——{where}"
        case Call(name=name, number=number, about=about):
            return f"{name} {number}（{about}）" if number else f"{name}（{about}）"


def numbered_options(*pairs: tuple[str, str]) -> tuple[Option, ...]:
    """Make options from (label, action) pairs."""
    return tuple(Option(label=label, action=action) for label, action in pairs)
