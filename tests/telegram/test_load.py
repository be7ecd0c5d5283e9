"""A slice of tests/benchmarks/telegram_load.py: everybody at once, nobody lost, nobody answered twice."""

from tests.fakes.telegram import FakeBot
from tests.fakes.telegram.crowd import ask_at_once
from tests.telegram.conftest import Running


async def test_sixty_residents_at_once_by_webhook_each_get_one_answer(fake: FakeBot, running: Running) -> None:
    async with running(webhook=True):
        for number in range(2):
            round_ = await ask_at_once(fake, 60, seed=number)
            assert (round_.lost, round_.doubled) == (0, 0)
