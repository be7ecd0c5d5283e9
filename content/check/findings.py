"""What a rule yields: which field, which rule, and the facts that fill the sentence."""

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


def said(programme: Programme) -> Iterator[tuple[Where, Claim | Earlier]]:
    """Walk everything that a programme says with a quote: claims, before, and both for each place."""
    yield from _each(("claims",), programme.claims)
    yield from _each(("before",), programme.before)
    for place, local in programme.local.items():
        yield from _each(("local", place, "claims"), local.claims)
        yield from _each(("local", place, "before"), local.before)


def _each(where: Where, items: Sequence[Claim | Earlier]) -> Iterator[tuple[Where, Claim | Earlier]]:
    for index, item in enumerate(items):
        yield (*where, index), item


@cache
def words(name: str) -> Any:
    """Read one of the word tables of the rules, `content/words/NAME.yaml`."""
    return yaml.load((PACKAGE / "words" / f"{name}.yaml").read_text("utf-8"), yaml.CSafeLoader)
