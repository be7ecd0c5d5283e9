"""Libraries of any size for the search benchmark: real programmes, and clones of them in other words.

A clone swaps half of the rarer characters for others that are as frequent, another half in each round, so that pairs
of characters grow as they would with programmes of other regions, while the characters stay those of the language.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import count

import numpy as np

from content.library import Library, read_library
from content.programme import Programme
from content.search.index import Row
from content.search.linear import Linear, cut

COMMON = 150
"""Characters that every programme uses (the most frequent ones): never swapped."""

NEAR = 40
"""Characters are swapped with one at most so many ranks away."""

WEIGHTS_A_CARD = 1200
"""Weights that training keeps for each card; measured alike with 94, 141, 236 and 426 cards."""


@cache
def real() -> Library:
    """The package's library."""
    return read_library()


def grown(size: int) -> Library:
    """A library of so many programmes: some of the real ones, or all of them and clones."""
    programmes = list(real().programmes.values())
    kept = programmes[:: max(1, len(programmes) // size)][:size]
    clones = _clones(programmes)
    kept += [next(clones) for _ in range(size - len(kept))]
    return replace(real(), programmes={one.id: one for one in kept})


def _clones(programmes: Sequence[Programme]) -> Iterator[Programme]:
    ranked = [one for one, _ in Counter("".join(_texts(programmes))).most_common() if "\u4e00" <= one <= "\u9fff"]
    for number in count(1):
        swaps = _swaps(ranked, random.Random(number))  # noqa: S311 - a draw, no secret
        yield from (_clone(one, number, swaps) for one in programmes)


def _texts(programmes: Sequence[Programme]) -> Iterator[str]:
    return (text for one in programmes for text in (one.name, *one.phrasings, *(claim.says for claim in one.claims)))


def _swaps(ranked: Sequence[str], draw: random.Random) -> Mapping[int, str]:
    rare = list(ranked[COMMON:])
    near = sorted(range(len(rare)), key=lambda rank: rank + draw.random() * NEAR)
    return {ord(one): rare[other] for one, other in zip(rare, near, strict=True) if draw.random() < 0.5}


def _clone(one: Programme, number: int, swaps: Mapping[int, str]) -> Programme:
    update = {
        "id": f"{one.id}-{number}",
        "name": one.name.translate(swaps),
        "short": one.short.translate(swaps),
        "phrasings": tuple(text.translate(swaps) for text in one.phrasings),
        "claims": tuple(claim.model_copy(update={"says": claim.says.translate(swaps)}) for claim in one.claims),
    }
    return one.model_copy(update=update)


def stand_in(rows: Sequence[Row], cards: Sequence[str]) -> Linear:
    """A linear model of the size that training would give, where training would take hours: weights are drawn.

    Each card weighs its own grams, and for the rest grams of other cards as often as they stand there.
    """
    numbers: dict[str, int] = {}
    held = [[numbers.setdefault(gram, len(numbers)) for gram in cut(row.topic)] for row in rows]
    grams = np.concatenate([np.array(one) for one in held])
    owners = np.repeat([row.card for row in rows], [*map(len, held)])
    own = np.unique(owners * len(numbers) + grams)
    missing = max(0, WEIGHTS_A_CARD * len(cards) - len(own))
    draw = np.random.default_rng(0)
    others = draw.integers(len(cards), size=missing) * len(numbers) + draw.choice(grams, missing)
    where, gram = np.divmod(np.unique(np.concatenate([own, others])), len(numbers))
    order = np.argsort(gram, kind="stable")
    starts = np.searchsorted(gram[order], np.arange(len(numbers) + 1))
    weights = draw.integers(-127, 128, len(order)).astype(np.int8)
    return Linear(
        digest="",
        names=tuple(cards),
        grams=numbers,
        rarity=np.full(len(numbers), 5.0, np.float32),
        starts=starts,
        cards=where[order],
        weights=weights,
        scale=0.01,
        bias=np.full(len(cards), -1.0, np.float32),
    )
