"""What a resident does on Telegram, from Start to blocking the bot, both by long polling and by webhook."""

import asyncio

import pytest
from sqlalchemy import func, select

from bot.channels.telegram.door import Open
from storage.database import Database
from storage.tables import inbox, resident
from tests.fakes.telegram import FakeBot
from tests.fakes.telegram.people import Person

pytestmark = pytest.mark.usefixtures("bot")
DIBAO = "低保咋申请"


async def count(database: Database) -> tuple[int, int]:
    """Residents, and updates that were taken."""
    async with database.begin() as conn:
        people = (await conn.execute(select(func.count()).select_from(resident))).scalar_one()
        taken = (await conn.execute(select(func.count()).select_from(inbox))).scalar_one()
        return people, taken


async def settled(person: Person, *, said: int) -> None:
    """Wait for so many messages of the bot, and until nothing more comes."""
    await person.hears(said)
    await person.bot.quiet()
    assert len(person.chat.heard) == said


async def test_start_says_who_runs_this_and_offers_ways_in(fake: FakeBot) -> None:
    person = fake.person()
    await person.starts()
    await settled(person, said=1)
    [said] = person.chat.heard
    assert "试验村委会" in said.text
    assert said.buttons == ["看看有哪些事", "看看哪些事跟我家有关", "怎么用"]


async def test_a_question_is_answered_with_a_card_after_a_welcome_that_comes_once(fake: FakeBot) -> None:
    person = fake.person()
    await person.says(DIBAO)
    await settled(person, said=2)
    welcome, card = person.chat.heard
    assert "试验村委会" in welcome.text
    assert card.text.startswith("低保")
    assert "依据：" in card.text
    assert "看原话" in card.buttons
    assert {one["type"] for one in card.entities} >= {"bold", "italic"}
    await person.says("那找谁办")
    await settled(person, said=3)


async def test_a_tap_changes_the_message_in_place_and_back(fake: FakeBot) -> None:
    person = fake.person()
    await person.says(DIBAO)
    await settled(person, said=2)
    card = person.chat.heard[-1]
    offered = card.buttons
    await person.taps("看原话")
    await person.sees_edit(card)
    assert "原话：“" in card.text
    assert "blockquote" in {one["type"] for one in card.entities}
    await person.taps("回到这张卡")
    await person.sees_edit(card, times=2)
    assert card.buttons == offered
    await settled(person, said=2)
    assert len(fake.account.answered) == 2
    assert fake.account.open_queries == {}, "every tap was answered"


async def test_a_word_of_thanks_does_not_take_the_card_away(fake: FakeBot) -> None:
    person = fake.person()
    await person.says(DIBAO)
    await settled(person, said=2)
    await person.taps("有用")
    await settled(person, said=3)
    assert person.chat.heard[1].edits == 0
    assert person.chat.heard[1].buttons


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ("card_grain-soy-insurance", "粮食大豆保险"),
        ("topic_insurance", "保险"),
        ("place_150621", "达拉特旗"),
        ("card_no-such-card", "没有了"),
        ("place_999", "您好"),
        ("nonsense", "您好"),
    ],
)
async def test_a_deep_link_opens_a_card_a_topic_or_a_place(fake: FakeBot, payload: str, words: str) -> None:
    person = fake.person(started=False)
    await person.starts(payload)
    await person.answer()
    await fake.quiet()
    assert words in person.chat.heard[-1].text


async def test_the_menu_is_in_chinese_and_each_command_does_what_it_says(fake: FakeBot) -> None:
    await fake.until(lambda: fake.account.commands)
    assert {one["command"] for one in fake.account.commands} >= {"topics", "family", "place", "kept", "help", "stop"}
    assert all("\u4e00" <= one["description"][0] <= "\u9fff" for one in fake.account.commands)
    assert "试验村委会" in fake.account.about["description"]
    person = fake.person()
    for command, words in (
        ("/help", "怎么用"),
        ("/topics", "哪一类"),
        ("/place@mingbai_bot", "旗县"),
        ("/stop", "不主动"),
    ):
        assert words in (await person.asks(command)).text


async def test_a_command_that_there_is_not_is_taken_for_words(fake: FakeBot) -> None:
    assert "粮食大豆保险" in (await fake.person().asks("/玉米保险咋上")).text


async def test_a_typed_number_chooses_as_a_tap_does(fake: FakeBot) -> None:
    person = fake.person()
    card = await person.asks(DIBAO)
    place = card.buttons.index("问谁、打哪个电话") + 1
    assert "问谁" in (await person.asks(str(place))).text


async def test_a_plea_is_answered_with_the_phone_alone_and_at_once(fake: FakeBot) -> None:
    person = fake.person()
    await person.says("有人打我")
    await settled(person, said=1)
    [said] = person.chat.heard
    assert said.text.startswith("快打110")
    assert said.buttons == []


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]},
        {"sticker": {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "type": "regular",
                     "is_animated": False, "is_video": False}},
        {"document": {"file_id": "f", "file_unique_id": "u"}},
        {"location": {"latitude": 40.0, "longitude": 110.0}},
        {"contact": {"phone_number": "13800000000", "first_name": "x"}},
    ],
    ids=["photo", "sticker", "file", "location", "contact"],
)  # fmt: skip
async def test_what_can_t_be_read_is_answered_kindly(fake: FakeBot, content: dict[str, object]) -> None:
    person = fake.person()
    await person.sends("", **content)  # type: ignore[arg-type]
    await settled(person, said=2)
    assert "请打几个字" in person.chat.heard[-1].text


async def test_words_under_a_picture_are_answered(fake: FakeBot) -> None:
    person = fake.person()
    await person.sends_photo(DIBAO)
    await settled(person, said=2)
    assert person.chat.heard[-1].text.startswith("低保")


async def test_a_voice_message_is_answered_kindly_where_nobody_listens(fake: FakeBot) -> None:
    person = fake.person()
    await person.sends_voice()
    await settled(person, said=2)
    assert "听不了语音" in person.chat.heard[-1].text


async def test_an_edited_message_is_let_be(fake: FakeBot, database: Database) -> None:
    person = fake.person()
    said = await person.says(DIBAO)
    await settled(person, said=2)
    await person.edits(said, "玉米保险咋上")
    await fake.quiet()
    await settled(person, said=2)
    assert await count(database) == (1, 1)


async def test_in_a_group_it_only_points_to_the_private_chat_and_keeps_nothing(
    fake: FakeBot, database: Database
) -> None:
    group, person = fake.group(), fake.person()
    await group.says(person, DIBAO)
    await group.says(person, "@mingbai_bot 低保咋申请")
    await fake.until(lambda: group.chat.heard)
    await group.says(person, "/help@other_bot")
    await fake.idle()
    await fake.quiet()
    [said] = group.chat.heard
    assert "https://t.me/mingbai_bot" in said.text
    assert "低保" not in said.text
    assert await count(database) == (0, 0)


async def test_someone_who_blocks_the_bot_is_known_to_be_gone_until_they_come_back(
    fake: FakeBot, database: Database
) -> None:
    person = fake.person()
    await person.asks(DIBAO)
    await person.blocks()
    await _gone(database, there=True)
    await person.unblocks()
    await _gone(database, there=False)


async def test_someone_who_blocks_before_the_answer_goes_is_noted_when_it_is_refused(
    fake: FakeBot, database: Database
) -> None:
    person = fake.person()
    person.chat.blocked = True
    await person.says(DIBAO)
    await _gone(database, there=True)
    async with database.begin() as conn:
        assert (await conn.execute(select(inbox.c.reply))).scalars().all() == [None], "nobody waits for it any more"


async def _gone(database: Database, *, there: bool) -> None:
    for _ in range(100):
        async with database.begin() as conn:
            found = (await conn.execute(select(resident.c.gone_at))).scalars().all()
        if found and (found[0] is not None) is there:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(found)


async def test_what_is_kept_is_shown_and_erased(fake: FakeBot, database: Database) -> None:
    person = fake.person()
    await person.asks(DIBAO)
    assert "Telegram" in (await person.asks("记了我什么")).text
    asked = await person.asks("删掉我的记录")
    await person.taps("是，删掉", on=asked)
    await fake.until(lambda: any("都删掉了" in one.text for one in person.chat.heard))
    await fake.quiet()
    people, _ = await count(database)
    assert people == 0


async def test_quick_messages_of_one_resident_are_answered_in_order_while_others_are_served(fake: FakeBot) -> None:
    people = [fake.person(7000 + number) for number in range(5)]
    said = ("玉米保险咋上", DIBAO, "旱厕改造有钱没")
    for words in said:
        for person in people:
            await person.says(words)
    for person in people:
        await settled(person, said=4)
        starts = [one.text.splitlines()[0] for one in person.chat.heard[1:]]
        assert starts == ["粮食大豆保险", "低保", "改厕所"]


async def test_a_button_of_an_old_message_still_works(fake: FakeBot) -> None:
    person = fake.person()
    old = await person.asks(DIBAO)
    await person.asks("玉米保险咋上")
    await person.taps("看原话", on=old)
    await person.sees_edit(old)
    assert old.text.startswith("低保")
    await person.taps_data("quotes:dibao", old, inaccessible=True)
    await fake.quiet()
    assert "原话" in person.chat.heard[-1].text, "what can't be changed any more is said anew"


async def test_a_garbled_button_breaks_nothing(fake: FakeBot, bot: Open) -> None:
    person = fake.person()
    card = await person.asks(DIBAO)
    await person.taps_data("no-such-verb:x", card)
    await fake.quiet()
    assert "低保" in (await person.asks(DIBAO)).text
    assert bot.account == "123456"
