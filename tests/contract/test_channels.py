"""What every channel promises a resident, whatever its form: the conversation is the same behind all of them."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from content.message import Message, Option, Text
from scheduler.sending import Sent
from storage.database import Database
from storage.tables import metadata
from tests.contract.talkers import Channel, Seen

DIBAO = "低保咋申请"
RARE = "鼪鼯夔魍"


def whole(seen: list[Seen]) -> str:
    """All that is seen."""
    return "\n".join(one.text for one in seen)


def chosen(seen: list[Seen], *, holding: str) -> str:
    """The label of an option."""
    return next(one for one in seen[-1].options if holding in one)


async def everything(database: Database) -> str:
    async with database.begin() as conn:
        rows = [await conn.execute(text(f'SELECT t::text FROM "{table}" t')) for table in metadata.tables]  # noqa: S608
        return "\n".join(str(row[0]) for found in rows for row in found)


async def test_a_question_is_answered_with_a_card_and_the_clause_that_it_rests_on(channel: Channel) -> None:
    seen = await channel.newcomer().says(DIBAO)
    assert seen[-1].text.startswith("低保")
    assert "依据：" in seen[-1].text
    assert "看原话" in seen[-1].options


async def test_at_first_contact_it_is_told_who_runs_this_and_only_then(channel: Channel) -> None:
    talker = channel.newcomer()
    first, second = await talker.says(DIBAO), await talker.says("那找谁办")
    assert "试验村委会" in (channel.foot if channel.capabilities.own_foot else first[0].text)
    assert len(first) == (1 if channel.capabilities.own_foot else 2)
    assert len(second) == 1


async def test_nothing_stands_before_the_phone_number_of_a_plea(channel: Channel) -> None:
    seen = await channel.newcomer().says("有人打我")
    assert len(seen) == 1
    assert seen[0].text.startswith("快打110")
    assert seen[0].options == ()


async def test_an_option_leads_where_it_says_and_back(channel: Channel) -> None:
    talker = channel.newcomer()
    card = await talker.says(DIBAO)
    quotes = await talker.chooses(chosen(card, holding="看原话"))
    assert "原话：" in whole(quotes)
    back = await talker.chooses(chosen(quotes, holding="回到这张卡"))
    assert set(card[-1].options) == set(back[-1].options)


async def test_a_typed_number_chooses_from_the_latest_list(channel: Channel) -> None:
    talker = channel.newcomer()
    cards = await talker.says("低保咋申请？旱厕改造有钱没？")
    assert len(cards[-1].options) == 3
    assert (await talker.says("2"))[-1].text.startswith(cards[-1].options[1])


async def test_a_follow_up_is_about_what_was_just_shown(channel: Channel) -> None:
    talker = channel.newcomer()
    await talker.says("玉米保险咋上")
    assert "粮食大豆保险" in whole(await talker.says("那找谁办"))


async def test_two_people_have_two_talks(channel: Channel) -> None:
    one, other = channel.newcomer(), channel.newcomer()
    await one.says("玉米保险咋上")
    await other.says(DIBAO)
    assert "低保" in whole(await other.says("那找谁办"))
    assert "粮食大豆保险" in whole(await one.says("那找谁办"))


async def test_no_message_is_longer_than_the_channel_says_that_it_takes(channel: Channel) -> None:
    talker, limit = channel.newcomer(), channel.capabilities.text_limit
    for words in (DIBAO, "有啥政策", "帮助", "记了我什么"):
        for one in await talker.says(words):
            assert limit is None or channel.size(one.text) <= limit


@pytest.mark.parametrize(
    "words",
    [
        "<b>低保</b>&amp;<script>alert(1)</script>咋申请",
        "*低保_咋[申]请`",
        "\u202e低保\u200b咋申请",
        "{{7*7}}低保咋申请",
    ],
    ids=["html", "markdown", "directions", "template"],
)
async def test_what_looks_like_markup_breaks_nothing(channel: Channel, words: str) -> None:
    seen = await channel.newcomer().says(words)
    assert "没答上来" not in whole(seen)
    assert seen[-1].text


@pytest.mark.parametrize("words", ["👍", "。。。", "ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ"], ids=["emoji", "dots", "Mongolian"])
async def test_what_has_no_words_or_is_mongolian_is_answered_kindly(channel: Channel, words: str) -> None:
    seen = await channel.newcomer().says(words)
    assert "12345" in whole(seen) or "请" in whole(seen) or "想问" in whole(seen)


async def test_the_longest_text_that_can_be_sent_is_answered(channel: Channel) -> None:
    seen = await channel.newcomer().says((f"我想问问{DIBAO}，" * 2000)[: channel.longest])
    assert "没答上来" not in whole(seen)


async def test_nothing_that_somebody_says_is_kept(channel: Channel, database: Database) -> None:
    talker = channel.newcomer()
    for words in (f"{RARE}咋申请低保", f"那{RARE}呢", RARE):
        await talker.says(words)
    assert RARE not in await everything(database)


async def test_what_is_kept_is_told_and_goes_when_it_is_to_go(channel: Channel, database: Database) -> None:
    talker = channel.newcomer()
    await talker.says("我在哪")
    await talker.says("达拉特旗")
    assert "达拉特旗" in whole(await talker.says("记了我什么"))
    await talker.says("删掉我的记录")
    assert "都删掉了" in whole(await talker.says("是，删掉"))
    assert "150621" not in await everything(database)
    assert "达拉特旗" not in whole(await talker.says("记了我什么"))


async def test_a_channel_that_may_speak_first_does_and_the_same_eyes_see_it(channel: Channel) -> None:
    if not channel.capabilities.may_speak_first:
        assert channel.sender is None
        return
    await channel.newcomer().says(DIBAO)
    assert channel.sender is not None
    options = (Option(label="看看", action="card:dibao"),)
    said = Message(blocks=(Text(text="<提醒> & 窗口开了"),), options=options)
    at = datetime.now(UTC)
    outcome = await channel.sender.send(channel.account, channel.address, said, delivery_id=1, now=at)
    assert isinstance(outcome, Sent)
    assert channel.heard()[-1].startswith("<提醒> & 窗口开了")
