"""A banner of 60,000 residents in the database, and what they ask on the morning after a broadcast. Seeded."""

import base64
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app import ACCOUNT
from bot.channels.web import visitor
from bot.channels.web.site import CAPABILITIES
from content.places import Places

RESIDENTS = 60_000
BANNER = "150621"
BURST = 50
"""Questions in one second, again and again."""

QUESTIONS = Path(__file__).parents[1] / "data/questions/tune.jsonl"
"""Real questions; those kept for judging are not touched."""


@dataclass(frozen=True)
class Asking:
    """One question: seconds after the beginning, who asks (a number), what."""

    at: float
    resident: int
    said: str


def token(resident: int) -> str:
    """The cookie in a resident's browser."""
    digest = hashlib.sha256(f"banner {resident}".encode()).digest()[: visitor.TOKEN_BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


async def settle(conn: AsyncConnection, residents: int = RESIDENTS) -> None:
    """Put the residents of a banner into empty tables: each wrote yesterday, one in twenty is in a talk."""
    villages = [one.stem for town in Places.load().children(BANNER) for one in Places.load().children(town.stem)]
    who = {
        "addresses": [visitor.address(token(number)) for number in range(residents)],
        "places": [villages[number % len(villages)] for number in range(residents)],
        "channel": CAPABILITIES.name,
        "account": ACCOUNT,
        "yesterday": datetime.now(UTC) - timedelta(hours=20),
    }
    for statement in (_RESIDENTS, _MESSAGES, _TALKS):
        await conn.execute(text(statement), {name: who[name] for name in who if f":{name}" in statement})
    await conn.execute(text("ANALYZE"))


def morning(dice: random.Random, *, seconds: float, questions: int, residents: int = RESIDENTS) -> list[Asking]:
    """Half of the questions come at any moment, half in bursts; each talk is one resident's, its turns in order."""
    bursts = [dice.uniform(0, max(seconds - 1, 0)) for _ in range(questions // (2 * BURST))]
    times = [start + dice.random() for start in bursts for _ in range(BURST)]
    times += [dice.uniform(0, seconds) for _ in range(questions - len(times))]
    return _spread(dice, sorted(times), residents)


def steadily(dice: random.Random, *, seconds: float, each_second: float, residents: int = RESIDENTS) -> list[Asking]:
    """Questions at an even pace."""
    return _spread(dice, [number / each_second for number in range(int(seconds * each_second))], residents)


def _spread(dice: random.Random, times: list[float], residents: int) -> list[Asking]:
    turns = islice(_turns(dice, residents), len(times))
    return [Asking(at, who, said) for at, (who, said) in zip(times, turns, strict=True)]


def _turns(dice: random.Random, residents: int) -> Iterator[tuple[int, str]]:
    talks = [json.loads(line)["turns"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    dice.shuffle(talks)
    for talk in cycle(talks):
        who = dice.randrange(residents)
        yield from ((who, said) for said in talk)


_RESIDENTS = """
INSERT INTO resident (channel, account, address, places, created_on, seen_on)
SELECT :channel, :account, address, ARRAY[place], CAST(:yesterday AS date), CAST(:yesterday AS date)
FROM unnest(CAST(:addresses AS text[]), CAST(:places AS text[])) AS given (address, place)
"""

_MESSAGES = """
INSERT INTO inbox (channel, account, digest, resident_id, received_at, sent_at)
SELECT channel, account, decode(md5(address), 'hex'), id, :yesterday, :yesterday FROM resident
"""

_TALKS = "INSERT INTO conversation SELECT id, '{}', :yesterday FROM resident WHERE id % 20 = 0"
