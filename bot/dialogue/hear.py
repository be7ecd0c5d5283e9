"""Recognise what kind of thing was said, before any search: by tables of patterns in `content/words/`."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from content.search.fold import WORDS

_MONGOLIAN = re.compile(r"[\u1800-\u18aa]")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")


def table(name: str) -> Any:
    """Read a table of patterns."""
    return yaml.load((WORDS / f"{name}.yaml").read_text("utf-8"), yaml.CSafeLoader)


@cache
def _patterns(name: str) -> Mapping[str, re.Pattern[str]]:
    return {kind: re.compile(words) for kind, words in table(name).items()}


def guarded(folded: str) -> str | None:
    """Name what is answered with a fixed sentence: neutral, command, abuse, thanks, greeting, about_bot, …"""
    for kind, pattern in _patterns("guard").items():
        if pattern.search(folded) or pattern.search(folded.replace(" ", "")):
            return kind
    return None


def command(folded: str) -> str | None:
    """Name the command that the whole text is: help, topics, place, kept, erase, stop, …"""
    joined = folded.replace(" ", "")
    return next((name for name, pattern in _patterns("commands").items() if pattern.match(joined)), None)


def mongolian(text: str) -> bool:
    """Whether a text is written in Mongolian letters: more of them than of Chinese characters."""
    return len(_MONGOLIAN.findall(text)) > len(_IDEOGRAPH.findall(text))
