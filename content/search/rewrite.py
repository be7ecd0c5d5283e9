"""Say the same thing in the same words: synonyms of the region, fillers, and words that ask for a part of a card."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from content.search.fold import WORDS, fold


def _table(name: str) -> Any:
    return yaml.load((WORDS / f"{name}.yaml").read_text("utf-8"), yaml.CSafeLoader)


@cache
def _synonyms() -> tuple[re.Pattern[str], Mapping[str, str]]:
    into = {said: word for word, group in _table("synonyms").items() for said in group}
    longest_first = sorted([*into, *_table("synonyms")], key=len, reverse=True)
    return re.compile("|".join(longest_first)), into


@cache
def _fillers() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_table("fillers"), key=len, reverse=True)))


@cache
def _intents() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["aspect"], re.compile(row["words"])) for row in _table("intents"))


def search_copy(text: str) -> str:
    """Fold a text and put the region's words into one; what is left is what search compares."""
    pattern, into = _synonyms()
    folded = pattern.sub(lambda hit: into.get(hit[0], hit[0]), fold(text))
    return _unless_empty(_fillers().sub("", folded), folded)


MORE_EXACT = frozenset({"premium", "payout", "rate", "limit", "penalty"})
"""Aspects of money that are asked with 多少 too."""


@cache
def _asking() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in _intents()))


def topic_words(copy: str) -> str:
    """Take the words that ask for a part of a card out of a search copy, unless nothing would be left."""
    return " ".join(_unless_empty(_asking().sub(" ", copy), copy).split())


def aspects(copy: str) -> tuple[str, ...]:
    """Name the aspects that a search copy asks for, in the order of the table.

    多少 alone is an amount; beside 罚, 赔, 利息 and the like it belongs to those.
    """
    found = tuple(aspect for aspect, pattern in _intents() if pattern.search(copy))
    return tuple(one for one in found if one != "amount") if set(found) & MORE_EXACT else found


def _unless_empty(left: str, whole: str) -> str:
    return left if len(left.replace(" ", "")) >= 2 else whole  # noqa: PLR2004 - one character is no topic
