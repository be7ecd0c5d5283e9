"""Answers on their way back: tried once where the channel may speak, by day; else they wait for the resident."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.answers import Answers
from bot.dialogue.turn import Knowledge
from content.message import Message
from content.render import as_text
from scheduler.sending import Gone, NotNow, Outcome, Refused, Sent, TryLater, Unsure
from storage import residents, tickets
from storage.database import Database

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
VILLAGE = "150621106201"


class Said:
    """A sender that says what it is told to, and remembers what it was given."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.given: list[tuple[str, str, str, int]] = []

    async def send(self, account: str, address: str, message: Message, *, delivery_id: int, now: datetime) -> Outcome:
        """Remember, and say the next outcome."""
        self.given.append((account, address, as_text(message), delivery_id))
        return self.outcomes.pop(0)


class Way:
    """Answers on their way, with a clock."""

    def __init__(self, know: Knowledge, database: Database, *outcomes: Outcome) -> None:
        self.database, self.sender, self.now = database, Said(*outcomes), NOW
        senders = {("telegram", "bot"): self.sender}
        self.answers = Answers(database, senders, places=lambda: know.places, now=lambda: self.now)

    async def answered(self, channel: str = "telegram", account: str = "bot") -> int:
        """An answered question of a resident; their id."""
        async with self.database.begin() as conn:
            who = await residents.meet(conn, channel=channel, account=account, address="herder-1", now=NOW)
            id_ = await tickets.hand_over(conn, who.id, place=VILLAGE, question="咋办", now=NOW)
            # nobody who answered is left: the answer stays
            await conn.exec_driver_sql(
                "UPDATE ticket SET answer = '到村委会来。', answered_at = asked_at WHERE id = %(id)s", {"id": id_}
            )
        return who.id

    async def waits(self, resident: int) -> bool:
        """Whether the answer is given at the next contact, a while later."""
        async with self.database.begin() as conn:
            return bool(await tickets.give(conn, resident, now=self.now + timedelta(hours=1)))


@pytest.fixture
def way(know: Knowledge, database: Database) -> Way:
    return Way(know, database, Sent("5"))


async def test_an_answer_is_sent_headed_and_dated_and_not_given_again(way: Way) -> None:
    who = await way.answered()
    assert await way.answers.look() == 1
    ((account, address, text, number),) = way.sender.given
    assert (account, address) == ("bot", "herder-1")
    assert text.startswith("这是翻身村委会的答复，不是文件原文。2026年11月22日")
    assert number < 0
    assert not await way.waits(who)
    assert await way.answers.look() == 0


@pytest.mark.parametrize("outcome", [NotNow(), Refused("in_trial"), Unsure("timeout"), Gone()], ids=str)
async def test_what_does_not_surely_arrive_waits_for_the_next_contact_and_is_not_tried_again(
    know: Knowledge, database: Database, outcome: Outcome
) -> None:
    way = Way(know, database, outcome)
    who = await way.answered()
    assert await way.answers.look() == 0
    way.now += timedelta(minutes=10)
    assert await way.answers.look() == 0
    assert len(way.sender.given) == 1
    assert await way.waits(who)


async def test_told_to_wait_it_waits_and_tries_again(know: Knowledge, database: Database) -> None:
    way = Way(know, database, TryLater(timedelta(seconds=30)), Sent())
    await way.answered()
    assert await way.answers.look() == 0
    assert await way.answers.look() == 0
    way.now += timedelta(seconds=30)
    assert await way.answers.look() == 1


async def test_who_left_is_noted(know: Knowledge, database: Database) -> None:
    way = Way(know, database, Gone())
    await way.answered()
    await way.answers.look()
    async with database.begin() as conn:
        gone = await conn.exec_driver_sql("SELECT gone_at IS NOT NULL FROM resident")
        assert gone.scalar_one()


async def test_at_night_it_waits_for_the_morning(way: Way) -> None:
    await way.answered()
    way.now = NIGHT
    assert await way.answers.look() == 0
    way.now = NIGHT + timedelta(hours=10)
    assert await way.answers.look() == 1


@pytest.mark.parametrize(("channel", "account"), [("web", "page"), ("telegram", "other")])
async def test_where_nobody_may_speak_it_waits(way: Way, channel: str, account: str) -> None:
    who = await way.answered(channel, account)
    assert await way.answers.look() == 0
    assert not way.sender.given
    assert await way.waits(who)


@pytest.mark.parametrize("state", ["stopped_at", "gone_at"])
async def test_who_said_stop_or_left_is_sent_nothing_and_gets_it_when_they_come(way: Way, state: str) -> None:
    who = await way.answered()
    async with way.database.begin() as conn:
        await conn.exec_driver_sql(f"UPDATE resident SET {state} = now()")  # noqa: S608
    assert await way.answers.look() == 0
    assert not way.sender.given
    assert await way.waits(who)


async def test_a_process_that_died_while_sending_leaves_the_answer_to_the_next_contact(
    know: Knowledge, database: Database
) -> None:
    way = Way(know, database)
    who = await way.answered()
    with pytest.raises(IndexError):
        await way.answers.look()  # the sender breaks in the middle
    assert await way.waits(who)
