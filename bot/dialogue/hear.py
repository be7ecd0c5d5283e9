"""Recognise what kind of thing was said, before any search: by tables of patterns in `content/words/`."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from bot.dialogue.lines import Lines
from content.search.fold import WORDS

_MONGOLIAN = re.compile(r"[\u1800-\u18aa]")
_PARTICLES = "呀啊哈嘞哇吧了呗嘛"
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")


def table(name: str) -> Any:
    """Read a table of patterns."""
    return yaml.load((WORDS / f"{name}.yaml").read_text("utf-8"), yaml.CSafeLoader)


@cache
def _commands() -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(words) for name, words in table("commands").items()}


@cache
def _guards() -> Mapping[str, tuple[Lines, re.Pattern[str]]]:
    return {kind: (Lines(row["words"]), re.compile(row["not"])) for kind, row in table("guard").items()}


def guarded(folded: str) -> str | None:
    """Name what is answered with a fixed sentence: neutral, command, abuse, thanks, greeting, about_bot, …"""
    joined = folded.replace(" ", "")
    for kind, (words, only_sounds_so) in _guards().items():
        if (words.any(folded) or words.any(joined)) and not only_sounds_so.search(joined):
            return kind
    return None


def command(folded: str) -> str | None:
    """Name the command that the whole text is: help, topics, place, kept, erase, stop, …"""
    joined = folded.replace(" ", "")
    ways = (joined, joined.rstrip(_PARTICLES))
    return next((name for name, pattern in _commands().items() if any(map(pattern.match, ways))), None)


def mongolian(text: str) -> bool:
    """Whether a text is written in Mongolian letters: more of them than of Chinese characters."""
    return len(_MONGOLIAN.findall(text)) > len(_IDEOGRAPH.findall(text))
