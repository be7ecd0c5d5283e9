"""Many residents who ask at once, in a process of their own: `python -m tests.fakes.telegram.crowd COUNT SEED`.

It prints the server's address, waits for a webhook, lets everybody ask, twice, and prints a JSON line for each round.
"""

import asyncio
import json
import random
import sys
from dataclasses import asdict, dataclass

from content.library import read_library
from tests.fakes.telegram.chats import Said
from tests.fakes.telegram.limits import unlimited
from tests.fakes.telegram.people import FakeBot, Person
from tests.fakes.telegram.server import FakeTelegram

TOKEN = "123456:crowd-token"  # noqa: S105 - opens nothing
GIVEN_UP = 60.0
"""Seconds without any new answer after which the rest counts as lost."""

WELCOME = "您好，我是"
"""How the message begins that says who runs this: it comes once, before an answer, and is none."""

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


async def ask_at_once(fake: FakeBot, count: int, seed: int) -> Round:
    """Let `count` people ask something each at the same moment; each is to get one answer, a welcome aside."""
    dice = random.Random(seed)  # noqa: S311 - a seed to repeat a round, no secret
    said = sorted(one for programme in read_library().programmes.values() for one in programme.phrasings)
    people = [fake.person(100_000 + number) for number in range(count)]
    before = [len(answers(one)) for one in people]
    asked = [await person.says(dice.choice(said)) for person in people]
    await _answered(people, before)
    got = [answers(person)[known:] for person, known in zip(people, before, strict=True)]
    lost, doubled = sum(not one for one in got), sum(len(one) > 1 for one in got)
    ends = [one[0].at for one in got if one]
    took = sorted((one[0].at - question.at) * 1000 for one, question in zip(got, asked, strict=True) if one)
    return Round(count, lost, doubled, max(ends, default=0.0) - asked[0].at, _at(took, 0.5), _at(took, 0.95))


def answers(person: Person) -> list[Said]:
    """What a person was told, without who runs this."""
    return [one for one in person.chat.heard if not one.text.startswith(WELCOME)]


def _at(took: list[float], share: float) -> float:
    return round(took[int(len(took) * share)], 1) if took else 0.0


async def _answered(people: list[Person], before: list[int]) -> None:
    """Wait until everybody has an answer, or nothing came for long; then a moment more."""
    loop = asyncio.get_running_loop()
    last, since = -1, loop.time()
    while (got := sum(len(answers(one)) > known for one, known in zip(people, before, strict=True))) < len(people):
        if got != last:
            last, since = got, loop.time()
        elif loop.time() - since > GIVEN_UP:
            return
        await asyncio.sleep(0.1)
    await asyncio.sleep(SETTLED)


async def crowd(count: int, seed: int) -> None:
    """Run both rounds: people who come for the first time, then the same people again."""
    async with FakeTelegram() as server:
        fake = server.bot(TOKEN, limits=unlimited())
        print(server.url, flush=True)
        await fake.until(lambda: fake.account.webhook is not None, seconds=400)
        for number in range(2):
            print(json.dumps(asdict(await ask_at_once(fake, count, seed + number))), flush=True)


if __name__ == "__main__":
    asyncio.run(crowd(int(sys.argv[1]), int(sys.argv[2])))
