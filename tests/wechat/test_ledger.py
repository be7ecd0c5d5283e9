"""The windows of speech: never a message outside them, and no free place left unused while something waits.

WeChat does not say in all words how its two windows add up. The model below is every reading that its documents allow;
what our ledger lets pass must be allowed by all of them.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.message import Message, Text
from scheduler.sending import Gone, NotNow, Refused, Sent, TryLater, Unsure
from storage import residents
from storage.database import Database
from storage.wechat import AFTER_MESSAGE, AFTER_TAP, Window, acted, give_back, take_places, window
from tests.fakes.wechat import FakeWeChat
from tests.wechat.conftest import Clock, Start

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TWO_DAYS, A_MINUTE = timedelta(hours=48), timedelta(minutes=1)


@dataclass
class Readings:
    """WeChat under each reading of its rules.

    Apart: each window has its places, and the message's pays first. Together: one window, as long and with as many
    places left as the better of the two ("不累加，更新为最大值").
    """

    since: dict[str, datetime] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=lambda: {"message": 0, "tap": 0})
    left: int = 0
    until: datetime = NOW

    def act(self, kind: str, now: datetime) -> None:
        self.since[kind], self.used[kind] = now, 0
        places, period = (5, TWO_DAYS) if kind == "message" else (3, A_MINUTE)
        self.left = max(self.left if now < self.until else 0, places)
        self.until = max(self.until, now + period)

    def takes(self, now: datetime) -> bool:
        """Take a message; False where one of the readings would refuse it."""
        periods = {"message": (5, TWO_DAYS), "tap": (3, A_MINUTE)}
        free = [
            kind
            for kind, (places, period) in periods.items()
            if kind in self.since and now < self.since[kind] + period and self.used[kind] < places
        ]
        together = self.left > 0 and now < self.until
        self.left -= 1
        if free:
            self.used[free[0]] += 1
        return bool(free) and together


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("act"), st.sampled_from(["message", "tap"])),
        st.tuples(st.just("pass"), st.sampled_from([1.0, 20.0, 50.0, 56.0, 61.0, 3600.0, 86400.0, 172500.0, 172801.0])),
        st.tuples(st.just("send"), st.booleans()),
        st.tuples(st.just("back"), st.just(None)),
    ),
    max_size=60,
)


@given(STEPS)
@settings(max_examples=500)
def test_no_message_passes_that_any_reading_of_the_rules_would_refuse(steps: list[tuple[str, object]]) -> None:
    now, ours, theirs = NOW, Window(), Readings()
    for what, value in steps:
        match what, value:
            case "pass", float(seconds):
                now += timedelta(seconds=seconds)
            case "act", str(kind):
                names = ("messaged_at", "messaged_used") if kind == "message" else ("tapped_at", "tapped_used")
                ours = Window(**{**ours.__dict__, names[0]: now, names[1]: 0})
                theirs.act(kind, now)
            case "send", bool(answering) if ours.room(now, answering=answering):
                ours = ours.spent(1)
                assert theirs.takes(now)
            case "back", _:
                ours = ours.spent(1).given_back(1)  # taken, and surely not left


@given(st.lists(st.booleans(), max_size=12))
def test_places_for_answers_are_kept_and_all_others_are_used(sends: list[bool]) -> None:
    ours = Window(messaged_at=NOW)
    bulk = answers = 0
    for answering in sends:
        if ours.room(NOW, answering=answering):
            ours = ours.spent(1)
            bulk, answers = bulk + (not answering), answers + answering
    assert bulk + answers <= AFTER_MESSAGE.messages
    assert bulk <= AFTER_MESSAGE.messages - AFTER_MESSAGE.kept
    wanted = sends.count(False)
    if not answers:
        assert bulk == min(wanted, AFTER_MESSAGE.messages - AFTER_MESSAGE.kept), "no free place is left unused"


@pytest.mark.parametrize(
    ("window_", "at", "bulk", "answer"),
    [
        (Window(), NOW, 0, 0),
        (Window(messaged_at=NOW), NOW, 3, 5),
        (Window(messaged_at=NOW), NOW + AFTER_MESSAGE.period, 0, 0),
        (Window(messaged_at=NOW, messaged_used=4), NOW, 0, 1),
        (Window(tapped_at=NOW), NOW, 2, 3),
        (Window(tapped_at=NOW), NOW + AFTER_TAP.period, 0, 0),
        (Window(messaged_at=NOW, messaged_used=5, tapped_at=NOW), NOW, 2, 3),
        (Window(messaged_at=NOW, messaged_used=9, tapped_at=NOW, tapped_used=9), NOW, 0, 0),
    ],
)
def test_room_in_the_windows(window_: Window, at: datetime, bulk: int, answer: int) -> None:
    assert (window_.room(at, answering=False), window_.room(at, answering=True)) == (bulk, answer)


async def someone(database: Database, address: str = "aunt") -> int:
    async with database.begin() as conn:
        met = await residents.meet(conn, channel="wechat", account="wx", address=address, now=NOW)
        return met.id


async def test_many_senders_at_once_take_no_more_places_than_there_are(database: Database) -> None:
    who = await someone(database)
    async with database.begin() as conn:
        await acted(conn, "wx", "aunt", "message", NOW)

    async def sender() -> bool:
        async with database.begin() as conn:
            return await take_places(conn, who, NOW, count=1, answering=True)

    assert sum(await asyncio.gather(*(sender() for _ in range(20)))) == 5


async def test_a_late_or_repeated_act_opens_nothing_anew(database: Database) -> None:
    who = await someone(database)
    async with database.begin() as conn:
        await acted(conn, "wx", "aunt", "message", NOW)
        assert await take_places(conn, who, NOW, count=5, answering=True)
        for at in (NOW, NOW - timedelta(hours=1)):
            await acted(conn, "wx", "aunt", "message", at)
        assert (await window(conn, who)).room(NOW, answering=True) == 0
        await acted(conn, "wx", "aunt", "message", NOW + timedelta(seconds=1))
        assert (await window(conn, who)).room(NOW, answering=True) == 5
        await give_back(conn, who, count=1, shut=True)
        assert (await window(conn, who)).room(NOW, answering=True) == 0
        await acted(conn, "wx", "nobody", "message", NOW)


NOTICE = Message(blocks=(Text(text="明天村里收玉米保险的钱。"),))

ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.just(0.0)),
        st.tuples(st.just("tap"), st.just(0.0)),
        st.tuples(st.just("wait"), st.sampled_from([10.0, 45.0, 61.0, 7200.0, 90000.0])),
        st.tuples(st.just("notify"), st.just(0.0)),
    ),
    min_size=4,
    max_size=14,
)


@given(ACTS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_through_the_wire_wechat_never_has_to_refuse(
    wechat: FakeWeChat, start: Start, clock: Clock, acts: list[tuple[str, float]]
) -> None:
    """Each example is another resident; the fake counts by the narrowest reading."""
    async with start() as ours:
        clock.pass_(days=3)
        person = wechat.person(f"resident of {clock()}")
        await person.follow()
        clock.pass_(seconds=61)
        for number, (what, seconds) in enumerate(acts):
            clock.pass_(seconds=seconds + 1)
            if what == "say":
                await person.say("低保咋申请")
            elif what == "tap":
                await person.tap("help")
            elif what == "notify":
                await ours.sender.send("", person.openid, NOTICE, delivery_id=number, now=clock())
        refused = [one for one in person.screen if one.way == "broken"]
    assert not refused
    assert wechat.account.refused == []


async def test_what_is_held_is_sent_when_a_place_is_free(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    async with start() as ours:
        aunt = wechat.person("aunt")
        assert isinstance(await ours.sender.send("", "aunt", NOTICE, delivery_id=1, now=clock()), Gone)
        await aunt.say("低保咋申请")
        outcomes = [await ours.sender.send("", "aunt", NOTICE, delivery_id=n, now=clock()) for n in range(5)]
        assert [type(one) for one in outcomes] == [Sent, Sent, Sent, NotNow, NotNow], "two places are kept for answers"
        clock.pass_(hours=49)
        assert await ours.sender.send("", "aunt", NOTICE, delivery_id=7, now=clock()) == NotNow()
        await aunt.tap("help")
        outcomes = [await ours.sender.send("", "aunt", NOTICE, delivery_id=n, now=clock()) for n in range(8, 11)]
        assert [type(one) for one in outcomes] == [Sent, Sent, NotNow]


@pytest.mark.parametrize(
    "row",
    [
        (45015, NotNow(), 0),
        (45047, NotNow(), 0),
        (43004, Gone(), 5),
        (40003, Gone(), 5),
        (48002, Gone(), 5),
        (48001, Refused("not_permitted"), 5),
        (45002, Refused("too_long"), 5),
        (87014, Refused("content"), 5),
        (99999, Refused("code_99999"), 5),
        (-1, TryLater(timedelta(seconds=10), whole_account=True), 5),
        (45009, TryLater(timedelta(hours=1), whole_account=True), 5),
        (45011, TryLater(timedelta(minutes=1), whole_account=True), 5),
        ("reset", Unsure("no_answer"), 4),
        ("500", Unsure("no_answer"), 4),
        ("html", Unsure("no_answer"), 4),
    ],
)
async def test_each_code_is_told_in_the_words_of_the_scheduler_and_places_are_given_back(
    wechat: FakeWeChat, start: Start, clock: Clock, row: tuple[Any, object, int]
) -> None:
    fault, outcome, room = row
    async with start() as ours:
        await wechat.person("aunt").say("低保咋申请")
        wechat.account.fail("custom/send", fault)
        assert await ours.sender.send("", "aunt", NOTICE, delivery_id=1, now=clock()) == outcome
        async with ours.database.begin() as conn:
            who = (await conn.exec_driver_sql("SELECT id FROM resident WHERE address = 'aunt'")).scalar_one()
            assert (await window(conn, who)).room(clock(), answering=True) == room


async def test_an_unknown_code_is_loud(
    wechat: FakeWeChat, start: Start, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    async with start() as ours:
        await wechat.person("aunt").say("低保咋申请")
        wechat.account.fail("custom/send", 99999)
        await ours.sender.send("", "aunt", NOTICE, delivery_id=1, now=clock())
    told = capsys.readouterr()
    assert "wechat_code_unknown" in told.out + told.err


async def test_nothing_left_when_wechat_cannot_be_reached(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    async with start() as ours:
        await wechat.person("aunt").say("低保咋申请")
    async with start(api="http://127.0.0.1:9") as ours:
        outcome = await ours.sender.send("", "aunt", NOTICE, delivery_id=1, now=clock())
    assert outcome == TryLater(timedelta(seconds=10), whole_account=True)
