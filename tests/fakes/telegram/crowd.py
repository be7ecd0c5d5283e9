"""Many residents who ask at once, in a process of their own: `python -m tests.fakes.telegram.crowd COUNT SEED`.

It prints the server's address, waits for a webhook, lets everybody ask, twice, and prints a JSON line for each round.
"""

import asyncio
import json
import random
import sys
from dataclasses import asdict, dataclass

from content.library import read_library
from tests.fakes.telegram.limits import unlimited
from tests.fakes.telegram.people import FakeBot, Person
from tests.fakes.telegram.server import FakeTelegram

TOKEN = "123456:crowd-token"  # noqa: S105 - opens nothing
GIVEN_UP = 180.0
"""Seconds without any new answer after which the rest counts as lost."""

SETTLED = 1.5
"""Seconds after the last answer in which a second one would show."""


@dataclass(frozen=True)
class Round:
    """What became of one round: seconds from the first question to the last answer, and milliseconds of one."""

    people: int
    lost: int
    doubled: int
    seconds: float
    p50_ms: float
    p95_ms: float

    @property
    def per_second(self) -> float:
        """Questions answered in a second."""
        return self.people / self.seconds


async def ask_at_once(fake: FakeBot, count: int, seed: int, *, messages: int = 1) -> Round:
    """Let `count` people ask something each at the same moment; each is to get so many `messages` back."""
    dice = random.Random(seed)  # noqa: S311 - a seed to repeat a round, no secret
    said = sorted(one for programme in read_library().programmes.values() for one in programme.phrasings)
    people = [fake.person(100_000 + number) for number in range(count)]
    before = [len(one.chat.heard) for one in people]
    asked = [await person.says(dice.choice(said)) for person in people]
    wanted = [one + messages for one in before]
    await _answered(people, wanted)
    ends = [person.chat.heard[-1].at for person, count_ in zip(people, wanted, strict=True) if _got(person) >= count_]
    took = sorted(
        (person.chat.heard[want - 1].at - question.at) * 1000
        for person, question, want in zip(people, asked, wanted, strict=True)
        if _got(person) >= want
    )
    lost = sum(_got(person) < want for person, want in zip(people, wanted, strict=True))
    doubled = sum(_got(person) > want for person, want in zip(people, wanted, strict=True))
    seconds = max(ends, default=0.0) - asked[0].at
    return Round(count, lost, doubled, seconds, _at(took, 0.5), _at(took, 0.95))


def _got(person: Person) -> int:
    return len(person.chat.heard)


def _at(took: list[float], share: float) -> float:
    return round(took[int(len(took) * share)], 1) if took else 0.0


async def _answered(people: list[Person], wanted: list[int]) -> None:
    """Wait until everybody has an answer, or nothing came for long; then a moment more."""
    loop = asyncio.get_running_loop()
    last, since = -1, loop.time()
    while (got := sum(_got(one) >= want for one, want in zip(people, wanted, strict=True))) < len(people):
        if got != last:
            last, since = got, loop.time()
        elif loop.time() - since > GIVEN_UP:
            return
        await asyncio.sleep(0.05)
    await asyncio.sleep(SETTLED)


async def crowd(count: int, seed: int, messages: tuple[int, int]) -> None:
    """Run both rounds: people who come for the first time, then the same people again."""
    async with FakeTelegram() as server:
        fake = server.bot(TOKEN, limits=unlimited())
        print(server.url, flush=True)
        await fake.until(lambda: fake.account.webhook is not None, seconds=400)
        for number, expected in enumerate(messages):
            round_ = await ask_at_once(fake, count, seed + number, messages=expected)
            print(json.dumps(asdict(round_)), flush=True)


if __name__ == "__main__":
    first, again = (int(one) for one in sys.argv[3:5])
    asyncio.run(crowd(int(sys.argv[1]), int(sys.argv[2]), (first, again)))
