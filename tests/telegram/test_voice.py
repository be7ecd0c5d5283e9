"""What is heard in a voice message is repeated back with things to choose from; it is never answered straight."""

import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.channels import hearing
from bot.channels.hearing import Command
from storage.database import Database
from storage.tables import metadata
from tests.fakes.telegram import FakeBot, Fault
from tests.fakes.telegram.chats import Said
from tests.telegram.conftest import Running


class Repeats:
    """Hears in a sound file the words that it consists of."""

    async def hear(self, sound: bytes) -> str:
        return sound.decode()


async def spoken(fake: FakeBot, words: str) -> Said:
    """Say something; the bot's last message."""
    said = await fake.person().sends_voice(words.encode())
    await fake.person().answer(after=said)
    await fake.quiet()
    return fake.person().chat.heard[-1]


async def test_a_question_is_repeated_back_with_up_to_three_cards(fake: FakeBot, running: Running) -> None:
    async with running(hearing=Repeats()):
        said = await spoken(fake, "玉米保险咋上")
        assert said.text.startswith("我听到的是：“玉米保险咋上”")
        assert said.buttons[0] == "粮食大豆保险"
        assert said.buttons[-1] == "都不是"
        assert 2 <= len(said.buttons) <= 4
        assert "依据" not in said.text
        await fake.person().taps("粮食大豆保险")
        await fake.person().sees_edit(said)
        assert "依据" in said.text


@pytest.mark.parametrize(
    ("words", "button"),
    [("停", "别再给我发"), ("删掉我的记录", "删掉我的记录"), ("帮助", "怎么用"), ("有啥政策", "看看有哪些事")],
)
async def test_a_spoken_command_is_offered_and_not_done(
    fake: FakeBot, running: Running, words: str, button: str
) -> None:
    async with running(hearing=Repeats()):
        assert button in (await spoken(fake, words)).buttons


async def test_a_spoken_number_offers_what_it_stands_for(fake: FakeBot, running: Running) -> None:
    async with running(hearing=Repeats()):
        card = await fake.person().asks("低保咋申请")
        assert (await spoken(fake, "第一个")).buttons == card.buttons[:1]


async def test_a_spoken_place_is_offered_and_not_saved(fake: FakeBot, running: Running, database: Database) -> None:
    async with running(hearing=Repeats()):
        await fake.person().asks("我在哪")
        said = await spoken(fake, "达拉特旗")
        assert "鄂尔多斯达拉特旗" in said.buttons
        assert "150621" not in await everything(database, "resident")


async def test_a_plea_is_answered_with_the_phone_first(fake: FakeBot, running: Running) -> None:
    async with running(hearing=Repeats()):
        assert (await spoken(fake, "有人打我")).text.startswith("快打110")


async def test_what_no_card_answers_is_said_plainly(fake: FakeBot, running: Running) -> None:
    async with running(hearing=Repeats()):
        said = await spoken(fake, "量子纠缠超导体论文")
        assert "我听到的是" in said.text
        assert "12345" in said.text


async def test_what_could_not_be_made_out_is_asked_for_again(fake: FakeBot, running: Running) -> None:
    async with running(hearing=Repeats()):
        assert "没听清" in (await spoken(fake, "")).text
        await fake.person().sends_voice(b"x", seconds=600)
        await fake.quiet()
        assert "没听清" in fake.person().chat.heard[-1].text
        fake.fault(Fault("error", "getFile", code=400, description="Bad Request: file is too big"))
        assert "没听清" in (await spoken(fake, "玉米保险咋上")).text


async def test_a_voice_message_that_takes_long_holds_nobody_up(fake: FakeBot, running: Running) -> None:
    class Slow:
        async def hear(self, sound: bytes) -> str:
            await asyncio.sleep(2)
            return sound.decode()

    other = fake.person(2)
    async with running(hearing=Slow()):
        await fake.person().sends_voice("玉米保险咋上".encode())
        await fake.until(lambda: fake.called("getfile"))
        for words in ("低保咋申请", "旱厕改造有钱没"):
            await other.says(words)
        await other.hears(3)
        assert fake.person().chat.heard == []
        await fake.person().hears(2)
        await fake.idle()
    assert len(other.chat.heard) == 3


async def test_what_was_heard_is_kept_nowhere(fake: FakeBot, running: Running, database: Database) -> None:
    fake.fault(Fault("reset", "sendMessage", 9))  # so that the answer itself stays kept
    async with running(hearing=Repeats()):
        await fake.person().sends_voice("玉米鼪鼯夔魍保险咋上".encode())
        await fake.until(lambda: fake.called("sendmessage"))
        await fake.quiet()
        kept = "".join([await everything(database, name) for name in metadata.tables])
    assert "粮食大豆保险" in kept
    assert "鼪鼯" not in kept


async def everything(database: Database, table: str) -> str:
    async with database.begin() as conn:
        rows = await conn.execute(text(f'SELECT t::text FROM "{table}" t'))  # noqa: S608
        return "\n".join(str(row[0]) for row in rows)


async def test_the_operators_program_reads_the_sound_and_prints_the_words(tmp_path: Path) -> None:
    program = tmp_path / "hear.py"
    program.write_text("import sys; sys.stdout.buffer.write(sys.stdin.buffer.read()[4:])")
    assert await Command(f"{sys.executable} {program}").hear("OggS低保咋申请\n".encode()) == "低保咋申请"


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "import time; time.sleep(60)"], ids=["fails", "hangs"])
async def test_a_program_that_fails_or_hangs_has_heard_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(hearing, "PATIENCE", 1.0)
    program = tmp_path / "hear.py"
    program.write_text(code)
    assert await Command(f"{sys.executable} {program}").hear(b"OggS") == ""


async def test_a_program_that_is_not_there_has_heard_nothing() -> None:
    assert await Command("/no/such/program -x").hear(b"OggS") == ""
