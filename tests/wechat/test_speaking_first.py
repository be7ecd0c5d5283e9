"""Speaking first: notices of templates, what waits and is told once, what is given at the next contact."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from content.message import Attachment, Heading, Message, Text
from content.render import numbered_options
from content.wechat import Template
from scheduler.broadcast.drain import drain
from scheduler.sending import NotNow, Refused, Sent, TryLater, Unsure, leaving
from storage import accounts
from storage.deliveries import Claimed
from tests.fakes.wechat import FakeWeChat
from tests.wechat.conftest import Clock, Ours, Start

SHORT = Message(
    blocks=(Heading(text="粮食大豆保险"), Text(text="12月25日是最后一天。")),
    attachments=(Attachment(programme="dibao"),),
)
LONG = Message(
    blocks=(Heading(text="粮食大豆保险"), Text(text="村里12月25日是最后一天，带上身份证和银行卡，到村委会二楼找会计。"))
)
STANDING = Template(
    template="T-standing", way="subscription", fields={"thing1": "title", "thing2": "text", "date3": "day"}
)
POINTING = Template(template="T-pointing", way="subscription", fields={"thing1": "title", "thing2": "hint"})
PLAIN = Template(template="T-plain", way="template", fields={"thing1": "title", "thing2": "text"})


def known(wechat: FakeWeChat, *templates: Template) -> tuple[Template, ...]:
    wechat.account.templates |= {one.template: frozenset(one.fields) for one in templates}
    return templates


async def met(wechat: FakeWeChat, clock: Clock) -> None:
    """A resident whose windows have closed."""
    await wechat.person("aunt").say("低保咋申请")
    clock.pass_(days=3)


async def test_a_notice_that_holds_the_whole_message_is_sent(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    async with start(templates=known(wechat, STANDING)) as ours:
        await met(wechat, clock)
        aunt = wechat.person("aunt")
        assert await ours.sender.send("", "aunt", SHORT, delivery_id=1, now=clock()) == NotNow(), "nobody agreed"
        await aunt.agree("T-standing")
        outcome = await ours.sender.send("", "aunt", SHORT, delivery_id=1, now=clock())
    assert outcome == Sent("200163836")
    assert aunt.screen[-1].way == "subscription"
    assert aunt.screen[-1].text == "粮食大豆保险 | 12月25日是最后一天。 | 2026年11月25日"
    assert aunt.screen[-1].url == "https://page.example/card/dibao"


async def test_what_a_message_of_ours_names_is_done_when_it_is_typed(
    wechat: FakeWeChat, start: Start, clock: Clock
) -> None:
    """Numbers would mean the list of the last answer: there 2 is another card, here it was 别再给我发."""
    options = numbered_options(("看粮食大豆保险", "card:grain-soy-insurance"), ("别再给我发", "stop"))
    reminder = Message(blocks=(Text(text="不想再收，就说“别再给我发”。"),), options=options, by_words=True)
    async with start() as ours:
        aunt = wechat.person("aunt")
        await aunt.say("低保咋申请")
        assert isinstance(await ours.sender.send("", "aunt", reminder, delivery_id=1, now=clock()), Sent)
        assert aunt.screen[-1].text == "不想再收，就说“别再给我发”。\n想看哪样，就回我：“看粮食大豆保险”"
        assert (await aunt.say("看粮食大豆保险")).startswith("粮食大豆保险\n")
        assert "不主动给您发" in await aunt.say("别再给我发")


async def test_the_sender_says_when_a_message_leaves_and_asking_for_a_token_is_none(
    wechat: FakeWeChat, start: Start, clock: Clock
) -> None:
    called: list[int] = []
    async with start() as ours:
        await wechat.person("aunt").say("低保咋申请")
        with leaving(lambda: called.append(len(wechat.account.calls))):
            assert isinstance(await ours.sender.send("", "aunt", SHORT, delivery_id=1, now=clock()), Sent)
    assert len(called) == 1
    assert called[0] == len(wechat.account.calls) - 1, "the token was there already, the message not yet"


async def test_a_message_that_does_not_fit_is_announced_once_and_held(
    wechat: FakeWeChat, start: Start, clock: Clock
) -> None:
    async with start(templates=known(wechat, POINTING)) as ours:
        await met(wechat, clock)
        aunt = wechat.person("aunt")
        await aunt.agree("T-pointing")
        before = len(aunt.screen)
        for _ in range(3):
            assert await ours.sender.send("", "aunt", LONG, delivery_id=1, now=clock()) == NotNow()
        assert len(aunt.screen) == before + 1
        assert "看" in aunt.screen[-1].text
        assert "通知" in await aunt.say("看")
        assert isinstance(await ours.sender.send("", "aunt", LONG, delivery_id=1, now=clock()), Sent)
    assert "二楼找会计" in aunt.screen[-1].text


async def test_who_takes_agreement_back_gets_no_more_notices(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    async with start(templates=known(wechat, STANDING)) as ours:
        await met(wechat, clock)
        aunt = wechat.person("aunt")
        await aunt.agree("T-standing")
        await aunt.agree("T-standing", accept=False)
        assert await ours.sender.send("", "aunt", SHORT, delivery_id=1, now=clock()) == NotNow()
        await aunt.agree("T-standing")
        aunt.follower.agreed.clear()  # taken back where we don't hear of it
        assert await ours.sender.send("", "aunt", SHORT, delivery_id=2, now=clock()) == NotNow()
        calls = len(wechat.account.called("bizsend"))
        assert await ours.sender.send("", "aunt", SHORT, delivery_id=3, now=clock()) == NotNow()
        assert len(wechat.account.called("bizsend")) == calls, "43101 is remembered"


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (47003, NotNow()),
        (40037, NotNow()),
        (48001, Refused("not_permitted")),
        (-1, TryLater(timedelta(seconds=10), whole_account=True)),
        ("reset", Unsure("no_answer")),
    ],
)
async def test_what_a_notice_may_meet(
    wechat: FakeWeChat, start: Start, clock: Clock, fault: int, outcome: object
) -> None:
    async with start(templates=known(wechat, PLAIN)) as ours:
        await met(wechat, clock)
        wechat.account.fail("template/send", fault)
        assert await ours.sender.send("", "aunt", SHORT, delivery_id=1, now=clock()) == outcome
        again = await ours.sender.send("", "aunt", SHORT, delivery_id=1, now=clock())
    if isinstance(outcome, TryLater):
        assert again == Sent("200163836"), "it surely had not left"
    else:
        assert again == NotNow(), "it may have left: not again"


@pytest.mark.parametrize("kind", ["subscription", "unverified"])
async def test_an_account_speaks_only_as_its_kind_may(
    wechat: FakeWeChat, start: Start, clock: Clock, kind: str
) -> None:
    async with start(kind=kind, templates=known(wechat, PLAIN)) as ours:
        await wechat.person("aunt").say("低保咋申请")
        within = await ours.sender.send("", "aunt", SHORT, delivery_id=1, now=clock())
        clock.pass_(days=3)
        later = await ours.sender.send("", "aunt", SHORT, delivery_id=2, now=clock())
    assert isinstance(within, Sent) == (kind == "subscription")
    assert later == NotNow()


async def composed(_: AsyncConnection, rows: Sequence[Claimed], __: datetime) -> Mapping[int, Message]:
    """What a broadcast says, by its number."""
    return {row.id: Message(blocks=(Text(text=f"通知{row.source_id}号"),)) for row in rows}


async def queued(ours: Ours, clock: Clock, source: int) -> None:
    account = await registered(ours)
    async with ours.database.begin() as conn:
        await conn.execute(
            text(
                "INSERT INTO delivery (source_kind, source_id, resident_id, account_id, kind, not_before, expires_at,"
                " moved_at) SELECT 'broadcast', :source, id, :account, 'notice', :now, :now + interval '20 days', :now"
                " FROM resident"
            ),
            {"source": source, "account": account, "now": clock()},
        )


async def registered(ours: Ours) -> int:
    async with ours.database.begin() as conn:
        return await accounts.register(conn, channel="wechat", name=ours.account.app_id, per_second=100)


async def states(ours: Ours) -> list[str]:
    async with ours.database.begin() as conn:
        return list((await conn.execute(text("SELECT state FROM delivery ORDER BY source_id"))).scalars())


async def test_any_contact_lets_go_what_is_held_and_leaves_the_expired(
    wechat: FakeWeChat, start: Start, clock: Clock
) -> None:
    async with start() as ours:
        aunt = wechat.person("aunt")
        await met(wechat, clock)
        for number in range(2):
            await queued(ours, clock, number)
        async with ours.database.begin() as conn:
            await conn.execute(text("UPDATE delivery SET state = 'held'"))
            await conn.execute(text("UPDATE delivery SET expires_at = moved_at WHERE source_id = 0"))
        await aunt.open("https://page.example")
        assert await states(ours) == ["held", "held"], "opening a page lets nobody speak"
        await aunt.show("image")
        assert await states(ours) == ["held", "queued"]


async def test_what_waited_is_given_newest_first_as_far_as_the_window_reaches(
    wechat: FakeWeChat, start: Start, clock: Clock
) -> None:
    """Through the drain, as in a running service: nothing at first, then three, two places kept for answers."""
    async with start() as ours:
        await met(wechat, clock)
        aunt = wechat.person("aunt")
        for number in range(5):
            await queued(ours, clock, number)
        account = await registered(ours)
        sending = {"store": ours.database, "sender": ours.sender, "composers": {"broadcast": composed}, "now": clock}
        await drain(account, **sending)  # type: ignore[arg-type]
        assert await states(ours) == ["held"] * 5
        await aunt.say("低保咋申请")
        before = len(aunt.screen)
        await drain(account, **sending)  # type: ignore[arg-type]
        assert set(aunt.texts[before:]) == {"通知4号", "通知3号", "通知2号"}, "the newest ones"
        assert await states(ours) == ["held", "held", "sent", "sent", "sent"]
        clock.pass_(minutes=1)
        await aunt.say("那找谁")
        await drain(account, **sending)  # type: ignore[arg-type]
        assert await states(ours) == ["sent"] * 5
