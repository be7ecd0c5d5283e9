"""Through the whole pipeline: is it real, and 收到; what residents sent is kept nowhere, and nobody is pointed at."""

from datetime import timedelta

import pytest
from httpx import ASGITransport, AsyncClient
from sqlalchemy import select, update

from bot.channels.web.app import web_app
from bot.channels.web.site import Site
from bot.channels.wechat import asking
from bot.channels.wechat.wire import Update, read
from bot.dialogue.turn import Knowledge
from bot.incoming import Incoming
from bot.notices.lookup import published
from bot.notices.real import claims
from bot.notices.receipts import received_words
from bot.pipeline import Pipeline
from content.places import Places
from content.render import as_text
from scheduler.calendar import local_date
from storage import receipts, residents
from storage.broadcasts import Broadcast, Words
from storage.database import Database
from storage.states import State
from storage.tables import broadcast, receipt, resident
from tests.notices.broadcasting import TOWNSHIP, VILLAGE, a_cadre, approved, claimed, submitted, villagers
from tests.pipeline.test_pipeline import everything
from tests.scheduler.sending import NOON

RARE = "鼪鼯夔魍"
TEXT = "今天下午三点，兽医在村委会给羊打疫苗，请把羊圈好。"
WORDS = Words("打疫苗", TEXT, "翻身村委会", VILLAGE)


class Resident:
    """Somebody of the village in front of the pipeline, on an account that may speak first."""

    def __init__(self, know: Knowledge, database: Database, address: str) -> None:
        self.now, self.count, self.address = NOON + timedelta(minutes=1), 0, address
        self.pipeline = Pipeline(lambda: know, database, per_minute=100, now=lambda: self.now)

    async def send(self, said: str = "", *, tap: str = "") -> str:
        self.count, self.now = self.count + 1, self.now + timedelta(seconds=5)
        text, action = said or None, tap or None
        key = f"{self.address}-{self.count}"
        incoming = Incoming("telegram", "bot", self.address, key, self.now, text=text, action=action)
        handled = await self.pipeline.handle(incoming, welcoming=False)
        await self.pipeline.sent(handled)
        assert handled.reply is not None
        return "\n".join(as_text(message) for message in handled.reply.messages)


async def out(database: Database, *audience: str, people: int = 1) -> Broadcast:
    """A notice that went out to so many residents of the village."""
    by = await a_cadre(database, TOWNSHIP, role="administrator")
    await villagers(database, people)
    done = await approved(database, await submitted(database, by, *audience, words=WORDS), by)
    await claimed(database, *[State.SENT] * people)
    return done


async def addresses(database: Database) -> list[str]:
    async with database.begin() as conn:
        return list(await conn.scalars(select(resident.c.address).order_by(resident.c.id)))


async def shown(database: Database, of: Broadcast, *, days: int) -> dict[str, int | None]:
    async with database.begin() as conn:
        return dict(await receipts.by_place(conn, of, today=local_date(NOON) + timedelta(days=days)))


@pytest.fixture
async def sent(database: Database) -> Broadcast:
    return await out(database)


async def test_a_number_or_the_words_show_ours_and_what_was_sent_on_is_kept_nowhere(
    know: Knowledge, database: Database, sent: Broadcast
) -> None:
    who = Resident(know, database, "stranger")
    assert "有这条，是真的" in await who.send(f"打疫苗\n{TEXT}")
    assert "光编号对不算数" in await who.send(sent.number.lower())
    changed = f"各位村民：{TEXT}每户先转20元给{RARE}。"
    said = await who.send(changed)
    assert said.startswith("您发来的像编号")
    assert TEXT in said
    assert "我这里查不到这条" in await who.send(f"各位村民：{RARE}家的补贴要先交押金，明天截止，互相转告。")
    assert RARE not in await everything(database)


async def test_one_that_nobody_approved_is_not_there(know: Knowledge, database: Database) -> None:
    by = await a_cadre(database)
    waiting = await submitted(database, by, words=WORDS)
    who = Resident(know, database, "stranger")
    assert "查不到" in await who.send(waiting.number)
    assert "查不到" in await who.send(f"各位村民：{TEXT}")


async def test_a_question_about_what_a_notice_says_is_no_text_that_was_changed(
    know: Knowledge, database: Database, sent: Broadcast
) -> None:
    said = await Resident(know, database, "stranger").send(f"听说{TEXT[:18]}，我们家人都在外地，能不能让邻居代打一下")
    assert "有人改过" not in said


async def test_received_is_counted_once_and_told_the_day_after_when_there_are_ten(
    know: Knowledge, database: Database
) -> None:
    sent = await out(database, people=12)
    for address in (await addresses(database))[:11]:
        who = Resident(know, database, address)
        assert "看不到是谁" in await who.send(tap=f"received:{sent.number.lower()}")
        await who.send("收到")
    assert await shown(database, sent, days=0) == {}
    assert await shown(database, sent, days=1) == {VILLAGE: 10}
    async with database.begin() as conn:
        tomorrow = NOON + timedelta(days=1)
        lines = await received_words(conn, sent, know.places, now=tomorrow)
    assert lines[1].endswith("约10人说收到了")
    assert not any("%" in line for line in lines)


async def test_few_are_not_shown_by_a_number(know: Knowledge, database: Database) -> None:
    sent = await out(database, people=9)
    for address in await addresses(database):
        await Resident(know, database, address).send("收到了")
    assert await shown(database, sent, days=1) == {VILLAGE: None}


async def test_a_notice_to_a_township_is_counted_by_village_and_has_no_sum(know: Knowledge, database: Database) -> None:
    sent = await out(database, TOWNSHIP, people=2)
    for address in await addresses(database):
        await Resident(know, database, address).send("收到")
    assert await shown(database, sent, days=1) == {VILLAGE: None}


async def test_under_a_notice_to_followers_nothing_is_counted_and_that_is_said(
    know: Knowledge, database: Database, sent: Broadcast
) -> None:
    async with database.begin() as conn:
        await conn.execute(update(broadcast).values(follows=["topic:land"]))
    (address,) = await addresses(database)
    who = Resident(know, database, address)
    for said in (await who.send(tap=f"received:{sent.number.lower()}"), await who.send("收到")):
        assert "不记，也不数" in said
    async with database.begin() as conn:
        assert not (await conn.execute(select(receipt))).all()


async def test_who_was_not_sent_it_does_not_count(know: Knowledge, database: Database, sent: Broadcast) -> None:
    who = Resident(know, database, "stranger")
    await who.send(tap=f"received:{sent.number.lower()}")
    await who.send("收到")
    async with database.begin() as conn:
        assert not (await conn.execute(select(receipt))).all()


async def test_an_erased_resident_is_in_no_count(know: Knowledge, database: Database, sent: Broadcast) -> None:
    (address,) = await addresses(database)
    await Resident(know, database, address).send("收到")
    async with database.begin() as conn:
        who = await residents.meet(conn, channel="telegram", account="bot", address=address, now=NOON)
        await residents.erase(conn, who.id)
        assert not (await conn.execute(select(receipt))).all()


async def test_a_bare_number_after_a_notice_means_what_may_be_chosen_under_it(
    know: Knowledge, database: Database, sent: Broadcast
) -> None:
    (address,) = await addresses(database)
    assert "看不到是谁" in await Resident(know, database, address).send("1")
    assert await shown(database, sent, days=1) == {VILLAGE: None}


async def test_a_bare_number_means_a_list_that_was_shown_later(
    know: Knowledge, database: Database, sent: Broadcast
) -> None:
    (address,) = await addresses(database)
    who = Resident(know, database, address)
    await who.send("目录")
    assert "看不到是谁" not in await who.send("1")


async def test_the_address_under_a_notice_shows_it_to_anybody(
    know: Knowledge, database: Database, sent: Broadcast
) -> None:
    pipeline = Pipeline(lambda: know, database, per_minute=100, now=lambda: NOON)
    site = Site(
        pipeline, lambda: know, lambda: NOON, "page", secure=False, notices=lambda number: published(database, number)
    )
    async with AsyncClient(transport=ASGITransport(web_app(site)), base_url="http://page") as browser:
        found = await browser.get(f"/notice/{sent.number.lower()}")
        assert found.status_code == 200
        assert TEXT in found.text
        assert "翻身村委会" in found.text
        assert "set-cookie" not in found.headers
        for other in ("Z99999", "x", "%3Cscript%3E"):
            missing = await browser.get(f"/notice/{other}")
            assert missing.status_code == 404
            assert "查不到不等于假的" in missing.text
            assert "<script>" not in missing.text.replace("<script src", "")


def article(title: str, description: str = "") -> Update:
    """An article sent on in WeChat."""
    parts = {"ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": "1409735668", "MsgType": "link", "MsgId": "7"}
    said = {"Title": title, "Description": description, "Url": "https://t.cn/x"}
    return read("".join(["<xml>", *(f"<{name}>{one}</{name}>" for name, one in (parts | said).items()), "</xml>"]))


def test_an_article_sent_on_in_wechat_is_read_by_its_title_where_it_claims_to_be_a_notice() -> None:
    claiming = article("紧急通知", "各位村民：补贴明天截止，点开填银行卡号，互相转告。")
    assert asking.kindly(claiming) is None
    incoming = asking.incoming_of(claiming, "gh_1", Places.load(), None)
    assert incoming is not None
    assert claims(incoming.text or "")
    assert asking.kindly(article("查T30571")) is None
    assert asking.kindly(article("养生十大秘诀", "快看")) == "no_link"
    assert asking.kindly(article("")) == "no_link"
