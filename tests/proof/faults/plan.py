"""What happens in a round, worked out from its seed."""

import random
from dataclasses import dataclass

from tests.fakes.telegram import alone

TOKEN = "123456:proof-token"  # noqa: S105 - opens nothing
ACCOUNT = "123456"

VICTIMS = ("worker", "worker", "clock", "postmaster", "backend")
RATES = (10.0, 20.0, 20.0, 400.0)
"""Messages in a second that the platform allows. The last is as good as none: everything is claimed in large chunks."""


@dataclass(frozen=True)
class Kill:
    """`kill -9` of a victim, `delay` seconds after so many messages came; a worker or clock is back after `back`."""

    victim: str
    after: int
    delay: float
    back: float


@dataclass(frozen=True)
class Round:
    """What a round has. `quick`: waits for less long where the platform says nothing."""

    seed: int
    platform: alone.Plan
    per_second: float
    workers: int
    clocks: int
    kinds: tuple[str, ...]
    kills: tuple[Kill, ...]
    quick: bool = True


def round_of(seed: int, *, quick: bool = True) -> Round:
    """Throw the dice for a round."""
    dice = random.Random(seed)  # noqa: S311 - a seed to repeat a round, no secret
    people = dice.randint(15, 30)
    chats = range(alone.FIRST, alone.FIRST + people)
    blocked = dice.sample(chats, dice.randint(0, 2))
    share, storms = dice.choice(((0.0, 0), (0.05, 1), (0.05, 1), (0.15, 2)))
    platform = alone.Plan(TOKEN, people, blocked, seed, share, storms)
    kinds = dice.choice((("urgent", "notice"), ("urgent", "notice"), ("notice", "notice"), ("notice",), ("urgent",)))
    most = people * len(kinds)
    kills = sorted((_kill(dice, most) for _ in range(dice.randint(1, 3))), key=lambda one: one.after)
    return Round(
        seed,
        platform,
        dice.choice(RATES),
        dice.choice((2, 2, 3)),
        dice.choice((1, 1, 2)),
        kinds,
        tuple(kills),
        quick=quick,
    )


def _kill(dice: random.Random, most: int) -> Kill:
    return Kill(dice.choice(VICTIMS), dice.randint(0, most * 2 // 3), dice.random() / 5, dice.random())
