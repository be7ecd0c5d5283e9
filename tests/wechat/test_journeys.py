"""A resident with a phone: from following to erasing, in every mode, through a WeChat that asks three times."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from bot.channels.wechat import asking
from bot.incoming import Incoming
from bot.pipeline import Handled, Pipeline
from content.split import utf8
from storage.tables import metadata
from storage.tables.wechat import wechat_given
from tests.fakes.wechat import FakeWeChat
from tests.wechat.conftest import Clock, Ours, Start, until

RARE = "鼪鼯夔魍"

SHORT = 0.5
"""Seconds after which we tell WeChat that the answer comes later."""


async def everything(ours: Ours) -> str:
    """All columns of all tables as text."""
    async with ours.database.begin() as conn:
        rows = [await conn.execute(text(f'SELECT t::text FROM "{table}" t')) for table in metadata.tables]  # noqa: S608
        return "\n".join(str(row[0]) for found in rows for row in found)


class Slow(Pipeline):
    """A pipeline that keeps its first answer back until it is let go, or dies: what a busy machine does."""

    def __init__(self, real: Pipeline, let_go: asyncio.Event, *, dies: int = 0) -> None:
        self._real, self._let_go, self._dies = real, let_go, dies

    async def handle(self, incoming: Incoming, *, welcoming: bool) -> Handled:
        handled = await self._real.handle(incoming, welcoming=welcoming)
        await self._let_go.wait()
        if self._dies:
            self._dies -= 1
            raise ConnectionResetError("the process died")
        return handled

    async def sent(self, handled: Handled) -> None:
        await self._real.sent(handled)


def slow(let_go: asyncio.Event) -> Callable[[Pipeline], Pipeline]:
    return lambda real: Slow(real, let_go)


def dying(times: int) -> Callable[[Pipeline], Pipeline]:
    at_once = asyncio.Event()
    at_once.set()
    return lambda real: Slow(real, at_once, dies=times)


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
async def test_a_question_is_answered_while_wechat_waits_in_every_mode(
    wechat: FakeWeChat, start: Start, mode: Any
) -> None:
    wechat.account.mode = mode
    async with start():
        aunt = wechat.person("aunt")
        answer = await aunt.say("玉米保险咋上")
    assert "粮食大豆保险" in answer
    assert "试验村委会" in answer, "first contact says who runs this"
    assert [one.way for one in aunt.screen] == ["passive"]
    assert aunt.tried == 1


async def test_following_welcomes_and_offers_ways_in_and_a_number_chooses(wechat: FakeWeChat, start: Start) -> None:
    async with start():
        aunt = wechat.person("aunt")
        welcome = await aunt.follow()
        topics = await aunt.say("1")
    assert "明白" in welcome
    assert "1 看看有哪些事" in welcome
    assert "想看哪一类" in topics


async def test_a_card_is_linked_to_its_own_page_and_only_our_links_are_links(wechat: FakeWeChat, start: Start) -> None:
    async with start():
        answer = await wechat.person("aunt").say("玉米保险咋上")
        place = await wechat.person("uncle").say("我在哪")
        odd = await wechat.person("uncle").say('<a href="x">旗')
    assert '<a href="https://page.example/card/grain-soy-insurance">' in answer
    assert "旗县" in place
    assert "<a" not in odd


async def test_without_a_public_page_nothing_is_linked(wechat: FakeWeChat, start: Start) -> None:
    async with start(pages=""):
        assert "<a" not in await wechat.person("aunt").say("玉米保险咋上")


@pytest.mark.parametrize(
    ("scene", "says"),
    [("card:grain-soy-insurance", "粮食大豆保险"), ("in:150621", "达拉特旗"), ("topic:insurance", "保险")],
)
async def test_a_code_on_a_poster_leads_to_its_card_place_or_topic(
    wechat: FakeWeChat, start: Start, scene: str, says: str
) -> None:
    async with start():
        assert says in await wechat.person("newcomer").follow(scene)
        assert says in await wechat.person("regular").scan(scene)


async def test_a_code_that_we_did_not_make_only_welcomes(wechat: FakeWeChat, start: Start) -> None:
    async with start():
        for scene in ("erase-sure", "in:999999", "12", "card:"):
            assert "明白" in await wechat.person(f"scans {len(scene)}").scan(scene)


async def test_the_menu_does_what_its_items_say_and_opening_a_page_says_nothing(
    wechat: FakeWeChat, start: Start
) -> None:
    async with start():
        aunt = wechat.person("aunt")
        assert "想看哪一类" in await aunt.tap("topics")
        before = len(aunt.screen)
        await aunt.open("https://page.example/")
    assert len(aunt.screen) == before


async def test_what_wechat_recognised_of_a_voice_is_taken(wechat: FakeWeChat, start: Start) -> None:
    async with start():
        answer = await wechat.person("aunt").speak("media-1", "玉米保险咋上")
    assert "粮食大豆保险" in answer


async def test_a_voice_that_wechat_did_not_recognise_goes_to_the_hook(wechat: FakeWeChat, start: Start) -> None:
    class Ears:
        async def hear(self, sound: bytes) -> str:
            assert sound == b"#!AMR"
            return "玉米保险咋上"

    wechat.account.media["media-1"] = b"#!AMR"
    async with start(hearing=Ears()):
        assert "粮食大豆保险" in await wechat.person("aunt").speak("media-1")
        assert "打几个字" in await wechat.person("uncle").speak("no-such-media")
    async with start():
        assert "打几个字" in await wechat.person("son").speak("media-1")


@pytest.mark.parametrize("kind", ["image", "video", "shortvideo", "link", "file"])
async def test_what_cannot_be_read_is_answered_kindly(wechat: FakeWeChat, start: Start, kind: str) -> None:
    async with start():
        assert "打" in await wechat.person("aunt").show(kind)


async def test_a_pin_on_the_map_is_taken_for_the_place(wechat: FakeWeChat, start: Start) -> None:
    async with start():
        aunt = wechat.person("aunt")
        assert "达拉特旗" in await aunt.pin("内蒙古自治区鄂尔多斯市达拉特旗树林召镇")
        assert "没认出" in await aunt.pin("北京市朝阳区")


async def test_an_answer_that_takes_too_long_is_written_afterwards(wechat: FakeWeChat, start: Start) -> None:
    let_go = asyncio.Event()
    async with start(wrap=slow(let_go), patience=SHORT):
        aunt = wechat.person("aunt")
        await aunt.say("玉米保险咋上")
        assert aunt.screen == []
        let_go.set()
        await until(lambda: bool(aunt.screen))
    assert [one.way for one in aunt.screen] == ["custom"]
    assert aunt.tried == 1, "WeChat was told that we have it"


async def test_the_next_try_gets_the_stored_answer_where_the_first_died(wechat: FakeWeChat, start: Start) -> None:
    async with start(wrap=dying(1)) as ours:
        aunt = wechat.person("aunt")
        answer = await aunt.say("玉米保险咋上")
        await ours.door.sweep()
    assert "粮食大豆保险" in answer
    assert aunt.tried == 2
    assert len(aunt.screen) == 1


async def test_a_repeat_is_given_the_stored_answer_and_counts_once(
    wechat: FakeWeChat, start: Start, clock: Clock
) -> None:
    """Our answer got lost on its way: WeChat asks again with the same message."""
    async with start() as ours:
        aunt = wechat.person("aunt")
        wechat.drop_answers = 2
        answer = await aunt.say("玉米保险咋上")
        assert "粮食大豆保险" in answer
        assert aunt.tried == 3
        clock.pass_(minutes=2)
        await ours.door.sweep()
    assert [one.way for one in aunt.screen] == ["passive"], "what was given passively is not written as well"


async def test_an_answer_that_nobody_gave_is_written_by_the_sweep(
    wechat: FakeWeChat, start: Start, clock: Clock
) -> None:
    async with start(wrap=dying(3)) as ours:
        aunt = wechat.person("aunt")
        await aunt.say("玉米保险咋上")
        assert aunt.screen[-1].way == "broken"
        clock.pass_(minutes=2)
        await ours.door.sweep()
        await ours.door.sweep()
    assert [one.way for one in aunt.screen] == ["broken", "custom"]
    assert "粮食大豆保险" in aunt.screen[-1].text


async def test_an_account_that_may_not_write_lets_wechat_ask_again(wechat: FakeWeChat, start: Start) -> None:
    wechat.patience, let_go = 4.0, asyncio.Event()
    async with start(kind="unverified", wrap=slow(let_go)):
        aunt = wechat.person("aunt")
        asked = asyncio.create_task(aunt.say("玉米保险咋上"))
        await until(lambda: aunt.tried == 2)
        let_go.set()
        answer = await asked
    assert "粮食大豆保险" in answer
    assert aunt.tried == 2
    assert wechat.account.called("custom/send") == []


async def test_texts_keep_within_2048_bytes_and_a_long_answer_keeps_its_order(wechat: FakeWeChat, start: Start) -> None:
    async with start():
        aunt = wechat.person("aunt")
        await aunt.say("粮食保险")
        before = len(aunt.screen)
        await aunt.say("看原话")
        await until(lambda: len(aunt.screen) > before)
    assert all(utf8(one.text) <= 2048 for one in aunt.screen)


async def test_leaving_stops_everything_and_coming_back_tells_how_to_be_written_to(
    wechat: FakeWeChat, start: Start
) -> None:
    async with start():
        aunt = wechat.person("aunt")
        await aunt.follow()
        await aunt.unfollow()
        again = await aunt.follow()
        assert "恢复" in again
        await aunt.say("恢复")
        await aunt.unfollow()
        never_seen = wechat.person("stranger")
        await never_seen.unfollow()
    assert never_seen.screen == []


async def test_two_events_of_one_second_are_two_and_a_repeat_is_one(wechat: FakeWeChat, start: Start) -> None:
    async with start():
        aunt = wechat.person("aunt")
        first, second = await aunt.tap("topics"), await aunt.tap("help")
        assert first != second


async def test_nothing_of_a_resident_is_stored_or_logged(
    wechat: FakeWeChat, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    let_go = asyncio.Event()
    async with start(wrap=slow(let_go), patience=SHORT) as ours:
        aunt = wechat.person(f"openid-{RARE}")
        await aunt.say(f"{RARE}咋申请低保")
        let_go.set()
        await until(lambda: bool(aunt.screen))
        assert f"{RARE}咋" not in await everything(ours)
        for said in (RARE, "删掉我的记录", "删掉我的记录"):
            await aunt.say(said)
            await ours.door.finish()
        assert RARE not in await everything(ours)
    out, err = capsys.readouterr()
    assert RARE not in out + err


async def test_after_five_minutes_nothing_of_the_answer_is_left(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    async with start() as ours:
        await wechat.person("aunt").say("玉米保险咋上")
        clock.pass_(minutes=6)
        await ours.door.sweep()
        async with ours.database.begin() as conn:
            assert (await conn.execute(wechat_given.select())).all() == []
            assert (await conn.execute(text("SELECT count(*) FROM inbox WHERE reply IS NOT NULL"))).scalar_one() == 0


def test_every_scene_is_an_action_that_the_conversation_knows() -> None:
    from bot.dialogue.core import ACTIONS

    assert set(asking.SCENES) <= set(ACTIONS)


async def test_a_card_can_be_handed_on_as_a_news_message(wechat: FakeWeChat, start: Start) -> None:
    async with start():
        aunt = wechat.person("aunt")
        assert "直接说" in await aunt.say("转给儿子")
        await aunt.say("玉米保险咋上")
        await aunt.say("转给儿子")
    assert aunt.screen[-1].text == "粮食大豆保险"
    assert aunt.screen[-1].url == "https://page.example/card/grain-soy-insurance"


async def test_without_a_public_page_a_card_is_handed_on_in_words(wechat: FakeWeChat, start: Start) -> None:
    async with start(pages=""):
        aunt = wechat.person("aunt")
        await aunt.say("玉米保险咋上")
        words = await aunt.say("转给儿子")
    assert "依据：" in words
    assert "嘎查村委会" in words
