"""The server in a process of its own: `python -m tests.fakes.telegram.alone PLAN`, PLAN a JSON object (see `Plan`).

It prints its address, and on SIGTERM what it saw, as JSON on one line (see `Seen`).
"""

import asyncio
import json
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from tests.fakes.telegram.limits import unlimited
from tests.fakes.telegram.people import FakeBot
from tests.fakes.telegram.server import FakeTelegram
from tests.fakes.telegram.weather import Weather

FIRST = 1000
"""The chat of the first person; the others follow."""

BEAT = 0.01
"""Seconds between two looks at how late this process runs."""


@dataclass(frozen=True)
class Plan:
    """What the server is to be. `blocked`: chats that have blocked the bot; the others are of `Weather`.

    `count`: a file in which the number of messages that came stands, some moments late; none where it is empty.
    """

    token: str
    people: int
    blocked: list[int] = field(default_factory=list)
    seed: int = 0
    share: float = 0.0
    storms: int = 0
    count: str = ""

    def as_json(self) -> str:
        """The plan as the process takes it."""
        return json.dumps(asdict(self))


Message = tuple[int, str, float]
"""Chat, text, moment (seconds of the system's clock)."""


@dataclass(frozen=True)
class Seen:
    """What the server saw: messages that came, as they were written, and those of them that were taken, as people read.

    `faults`: how often each befell; `unsure`: by chat, the calls whose caller may not know what became of them; `lag`:
    the longest time, in seconds, for which this process was not let run. What came in it is noted that much too late.
    """

    came: list[Message]
    taken: list[Message]
    faults: dict[str, int]
    unsure: dict[str, int]
    lag: float

    @classmethod
    def read(cls, line: str) -> Self:
        """What the process printed at its end."""
        return cls(**json.loads(line))


async def serve(plan: Plan) -> Seen:
    """Serve until told to end."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with FakeTelegram() as fake:
        bot = fake.bot(plan.token, limits=unlimited())
        bot.account.faults = weather = Weather(plan.seed, plan.share, plan.storms)
        for chat in range(FIRST, FIRST + plan.people):
            bot.person(chat).chat.blocked = chat in plan.blocked
        print(fake.url, flush=True)
        counting = asyncio.create_task(_count(bot, Path(plan.count))) if plan.count else None
        lag = await _late_until(stop)
        if counting:
            counting.cancel()
    unsure = {str(chat): number for chat, number in weather.unsure.items()}
    return Seen(_came(bot), _taken(bot), dict(weather.seen), unsure, lag)


async def _late_until(stop: asyncio.Event) -> float:
    worst = 0.0
    while not stop.is_set():
        began = time.monotonic()
        await asyncio.sleep(BEAT)
        worst = max(worst, time.monotonic() - began - BEAT)
    return worst


async def _count(bot: FakeBot, kept: Path) -> None:
    """Write how many messages came, in a thread: a disk may let the one who writes wait."""
    told = 0
    while True:
        if len(bot.account.calls) > told:
            told = len(bot.account.calls)
            await asyncio.to_thread(kept.write_text, str(told))
        await asyncio.sleep(BEAT)


def _came(bot: FakeBot) -> list[Message]:
    return [(int(one.values["chat_id"]), str(one.values["text"]), one.at) for one in bot.called("sendmessage")]


def _taken(bot: FakeBot) -> list[Message]:
    said = [(chat.id, one.text, one.at) for chat in bot.account.chats.values() for one in chat.heard]
    return sorted(said, key=lambda one: one[2])


def main(plan: Plan) -> None:
    """Serve until told to end, then print what was seen."""
    print(json.dumps(asdict(asyncio.run(serve(plan)))), flush=True)


if __name__ == "__main__":
    main(Plan(**json.loads(sys.argv[1])))
