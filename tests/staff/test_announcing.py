"""Staff are told that questions wait: by day, at least once, and one who can't be reached troubles nobody else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from telegram import Bot

from bot.staff.announcing import Announcing
from bot.staff.bot import StaffBot
from bot.staff.door import client
from storage import staff
from tests.fakes.telegram import Fault, Person
from tests.staff.conftest import TOKEN, VILLAGE, Desk

TOLD = "翻身村委会有{}个新问题等着回。发 /inbox 看。"


@dataclass
class Office:
    """A village with two staff, and the bot that does nothing but tell them."""

    desk: Desk
    bot: Bot
    people: tuple[Person, Person]

    def announcing(self) -> Announcing:
        """What a process that has just begun knows."""
        desk = self.desk
        bot = StaffBot(
            self.bot, desk.database, know=lambda: desk.know, trail=desk.trail, connected=desk.connected,
            now=lambda: desk.now,
        )  # fmt: skip
        return Announcing(bot, desk.database, lambda: desk.know)

    def heard(self) -> list[list[str]]:
        """What each of them was told."""
        return [[said.text for said in one.chat.heard] for one in self.people]


@pytest.fixture
async def office(closed: Desk) -> AsyncIterator[Office]:
    for id_ in (77, 78):
        token = await closed.invite(VILLAGE)
        async with closed.database.begin() as conn:
            await staff.join(conn, token, channel="telegram", address=str(id_), now=closed.now)
    async with client(TOKEN, closed.server) as bot:
        yield Office(closed, bot, (closed.fake.person(77), closed.fake.person(78)))


async def test_each_is_told_once_and_of_what_is_new(office: Office) -> None:
    announcing = office.announcing()
    await office.desk.question()
    await office.desk.question()
    for _ in range(3):
        await announcing.look(office.desk.now)
    assert office.heard() == [[TOLD.format(2)]] * 2
    await office.desk.question()
    await announcing.look(office.desk.now)
    assert office.heard() == [[TOLD.format(2), TOLD.format(1)]] * 2


async def test_at_night_nobody_is_told_and_in_the_morning_all_are(office: Office) -> None:
    announcing, desk = office.announcing(), office.desk
    desk.later(hours=10, minutes=30)  # 21:30
    await desk.question()
    await announcing.look(desk.now)
    desk.later(hours=9)
    await announcing.look(desk.now)
    assert office.heard() == [[], []]
    desk.later(hours=1)
    await announcing.look(desk.now)
    assert office.heard() == [[TOLD.format(1)]] * 2


async def test_while_one_can_not_be_reached_the_others_are_told_once(office: Office) -> None:
    announcing, desk = office.announcing(), office.desk
    await desk.question()
    desk.fake.fault(Fault("error", "sendMessage", times=2, chat=77, code=502))
    for _ in range(2):
        await announcing.look(desk.now)
    assert office.heard() == [[], [TOLD.format(1)]]
    await desk.question()
    await announcing.look(desk.now)
    assert office.heard() == [[TOLD.format(2)], [TOLD.format(1), TOLD.format(1)]]


async def test_a_process_that_dies_before_it_noted_it_has_them_told_again(office: Office) -> None:
    """At least once: of two tellings nobody is harmed, of none a question is left lying."""
    await office.desk.question()
    office.desk.fake.fault(Fault("error", "sendMessage", times=1, chat=78, code=502))
    await office.announcing().look(office.desk.now)
    await office.announcing().look(office.desk.now)
    assert office.heard() == [[TOLD.format(1)] * 2, [TOLD.format(1)]]
