"""Made-up villages: 20 to 2,000 residents each, interests as skewed as people's, and an attacker on the web page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from storage.interest import rule
from storage.interest.marks import Mark
from storage.interest.rule import Frame, Measure

TOPICS = [f"topic-{number:02}" for number in range(18)]
SENSITIVE = ["sensitive-1", "sensitive-2", "sensitive-3"]
EVERY = [*TOPICS, *SENSITIVE]
PROGRAMMES = 8  # of each topic
LEAGUES, BANNERS, VILLAGES_A_TOWN = 2, 5, 5  # banners of a league
SMALLEST, LARGEST = 20, 2_000
CHANNELS, SHARES = ("wechat", "telegram", "web"), (0.74, 0.03, 0.23)
OTHERS = ((Measure.HELPFUL, 0.15), (Measure.UNHELPFUL, 0.05), (Measure.SUBSCRIBED, 0.08), (Measure.UNANSWERED, 0.06))
SYBILS = 150
"""Visitors that the attacker makes a month, said to live in one town, all asking for one topic."""

Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Region:
    """Who lives where and asks how: arrays over residents; `taste` is topics' shares over villages."""

    towns: tuple[str, ...]
    village_of: Integers
    town_of: Integers
    channel_of: Integers
    rate_of: Numbers
    taste: Numbers
    frame: Frame


def settle(rng: np.random.Generator, villages: int) -> Region:
    """Make a region of so many villages."""
    towns = _towns(max(1, villages // VILLAGES_A_TOWN))
    sizes = np.exp(rng.uniform(np.log(SMALLEST), np.log(LARGEST), villages)).astype(int)
    village_of = np.repeat(np.arange(villages), sizes)
    people = len(village_of)
    popular = 1 / np.arange(1, len(EVERY) + 1) ** 1.1
    popular[len(TOPICS) :] = popular[8]  # sensitive ones are asked for as much as the ninth
    taste = rng.dirichlet(popular / popular.sum() * 12, villages)
    return Region(
        towns,
        village_of,
        village_of * len(towns) // villages,
        rng.choice(len(CHANNELS), people, p=SHARES),
        rng.beta(0.6, 3.0, people),
        taste,
        _frame(towns),
    )


def _towns(count: int) -> tuple[str, ...]:
    """Codes that no place has: 19 is no province."""
    banners = LEAGUES * BANNERS
    places = ((index * banners // count, index) for index in range(count))
    return tuple(f"19{1 + banner // BANNERS:02}{21 + banner % BANNERS}{100 + index}" for banner, index in places)


def _frame(towns: tuple[str, ...]) -> Frame:
    topic_of = {f"{topic}-{number}": topic for topic in EVERY for number in range(PROGRAMMES)}
    return rule.frame(TOPICS, SENSITIVE, topic_of, {town[: rule.BANNER_DIGITS] for town in towns})


@dataclass(frozen=True)
class Asked:
    """What was asked in a month, a row for each resident and topic: arrays of the same length."""

    who: Integers
    topic: Integers
    programme: Integers


def ask(region: Region, rng: np.random.Generator, month: date) -> Asked:
    """Let a month pass: interests change a little with the season."""
    active = np.flatnonzero(rng.random(len(region.rate_of)) < region.rate_of)
    who = np.repeat(active, 1 + rng.poisson(0.6, len(active)))
    season = 1 + 0.5 * np.sin(2 * np.pi * (month.month / 12 + np.arange(len(EVERY)) / len(EVERY)))
    taste = region.taste * season
    edges = np.cumsum(taste / taste.sum(axis=1, keepdims=True), axis=1)[region.village_of[who]]
    topic = np.minimum((rng.random((len(who), 1)) > edges).sum(axis=1), len(EVERY) - 1)
    programme = np.minimum(rng.geometric(0.4, len(who)) - 1, PROGRAMMES - 1)
    return Asked(who, topic, programme)


def marks(region: Region, asked: Asked, ids: Integers, rng: np.random.Generator, month: date) -> Iterator[Mark]:
    """What the service would note of it."""
    chances = rng.random((len(asked.who), len(OTHERS)))
    for row, (who, topic, number) in enumerate(zip(asked.who, asked.topic, asked.programme, strict=True)):
        name, home = EVERY[topic], region.towns[region.town_of[who]]
        where = (home, CHANNELS[region.channel_of[who]])
        yield Mark(month, int(ids[who]), Measure.ASKED, name, f"{name}-{number}", *where)
        for (measure, chance), drawn in zip(OTHERS, chances[row], strict=True):
            if drawn < chance:
                named = "" if measure is Measure.UNANSWERED else f"{name}-{number}"
                yield Mark(month, int(ids[who]), measure, name, named, *where)


def truth(region: Region, asked: Asked, channels: tuple[str, ...] = CHANNELS) -> Integers:
    """How many residents of each town asked for each topic: towns × topics."""
    counted = np.isin(region.channel_of[asked.who], [CHANNELS.index(channel) for channel in channels])
    pairs = np.unique(np.stack([asked.who[counted], asked.topic[counted]]), axis=1)
    table = np.zeros((len(region.towns), len(EVERY)), dtype=np.int64)
    np.add.at(table, (region.town_of[pairs[0]], pairs[1]), 1)
    return table
