"""What a rule yields: which field, which rule, and the facts that fill the sentence."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from content.library import PACKAGE
from content.programme import Claim, Earlier, Programme

Where = tuple[int | str, ...]


@dataclass(frozen=True)
class Finding:
    """One broken rule of one programme."""

    where: Where
    rule: str
    facts: Mapping[str, object] = field(default_factory=dict)


def groups(programme: Programme) -> Iterator[tuple[Where, Sequence[Claim | Earlier]]]:
    """Walk the lists of sentences that a programme holds: claims, before, and both for each place."""
    yield ("claims",), programme.claims
    yield ("before",), programme.before
    for place, local in programme.local.items():
        yield ("local", place, "claims"), local.claims
        yield ("local", place, "before"), local.before


def said(programme: Programme) -> Iterator[tuple[Where, Claim | Earlier]]:
    """Walk everything that a programme says with a quote."""
    for where, items in groups(programme):
        for index, item in enumerate(items):
            yield (*where, index), item


@cache
def words(name: str) -> Any:
    """Read one of the word tables of the rules, `content/words/NAME.yaml`."""
    return yaml.load((PACKAGE / "words" / f"{name}.yaml").read_text("utf-8"), yaml.CSafeLoader)


def asserted(text: str) -> str:
    """Take out what a sentence only names in “” (held to the quote by itself) and what it denies."""
    return re.sub(words("strength")["denied"], "", re.sub(r"“[^”]*”", "", text))
