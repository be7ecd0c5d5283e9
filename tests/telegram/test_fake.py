"""The fake Bot API server: aiogram is its strict client; refusals are those that Telegram gives."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup
from aiohttp import web

from tests.fakes.telegram import FakeBot, FakeTelegram, Fault, Limits
from tests.fakes.telegram.errors import ApiError
from tests.fakes.telegram.markup import parse_html
from tests.fakes.telegram.weather import Weather

TOKEN = "123456:fake-token"  # noqa: S105 - opens nothing


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as running:
        yield running


@pytest.fixture
def fake(server: FakeTelegram) -> FakeBot:
    return server.bot(TOKEN)


@pytest.fixture
async def bot(server: FakeTelegram) -> AsyncIterator[Bot]:
    async with client(server) as made:
        yield made


def client(server: FakeTelegram, token: str = TOKEN) -> Bot:
    return Bot(token, AiohttpSession(api=TelegramAPIServer.from_base(server.url), timeout=5))


def keyboard(label: str, data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=label, callback_data=data)]])


async def test_what_people_write_comes_by_long_polling_and_is_confirmed_by_the_next_call(
    fake: FakeBot, bot: Bot
) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=5))
    await fake.until(lambda: fake.account.polls)
    await fake.person().says("低保咋申请")
    [update] = await waiting
    assert update.message is not None
    assert update.message.text == "低保咋申请"
    assert [one.update_id for one in await bot.get_updates()] == [update.update_id]
    assert await bot.get_updates(offset=update.update_id + 1) == []


async def test_a_message_a_tap_and_an_edit_go_both_ways(fake: FakeBot, bot: Bot) -> None:
    person = fake.person()
    sent = await bot.send_message(
        person.chat.id, "<b>低保</b> &lt;3", parse_mode="HTML", reply_markup=keyboard("看", "a:1")
    )
    assert (sent.text, person.chat.heard[0].buttons) == ("低保 <3", ["看"])
    await person.taps("看")
    [update] = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "a:1"
    await bot.answer_callback_query(update.callback_query.id)
    await bot.edit_message_text("看了", chat_id=person.chat.id, message_id=sent.message_id)
    assert (person.chat.heard[0].text, person.chat.heard[0].edits) == ("看了", 1)
    with pytest.raises(TelegramBadRequest, match="not modified"):
        await bot.edit_message_text("看了", chat_id=person.chat.id, message_id=sent.message_id)
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query(update.callback_query.id)


async def test_it_refuses_what_telegram_refuses(fake: FakeBot, bot: Bot, server: FakeTelegram) -> None:
    person, stranger = fake.person(), fake.person(6001, started=False)
    for text, words in (("", "text is empty"), ("😀" * 2049, "too long"), ("<b>x", "can't parse entities")):
        with pytest.raises(TelegramBadRequest, match=words):
            await bot.send_message(person.chat.id, text, parse_mode="HTML")
    with pytest.raises(TelegramBadRequest, match="BUTTON_DATA_INVALID"):
        await bot.send_message(person.chat.id, "x", reply_markup=keyboard("看", "钱" * 22))
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(1, "x")
    with pytest.raises(TelegramForbiddenError, match="can't initiate"):
        await bot.send_message(stranger.chat.id, "x")
    await person.blocks()
    with pytest.raises(TelegramForbiddenError, match="blocked by the user"):
        await bot.send_message(person.chat.id, "x")
    async with client(server, "1:wrong") as other:
        with pytest.raises(TelegramUnauthorizedError):
            await other.get_me()


async def test_too_much_is_answered_with_the_seconds_to_wait_for_the_whole_bot(server: FakeTelegram, bot: Bot) -> None:
    fake = server.bot(TOKEN, limits=Limits(bot=(2, 60.0), wait=7))
    people = [fake.person(number) for number in (1, 2, 3)]
    for person in people[:2]:
        await bot.send_message(person.chat.id, "x")
    for person in people:
        with pytest.raises(TelegramRetryAfter) as refused:
            await bot.send_message(person.chat.id, "x")
        assert refused.value.retry_after == 7


async def test_an_answer_may_be_lost_or_late_or_an_error(fake: FakeBot, bot: Bot) -> None:
    person = fake.person()
    fake.fault(Fault("lose_answer", "sendMessage"))
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(person.chat.id, "lost")
    fake.fault(Fault("reset", "sendMessage"))
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(person.chat.id, "never")
    fake.fault(Fault("error", "sendMessage", code=502, description="Bad Gateway"))
    with pytest.raises(TelegramAPIError):
        await bot.send_message(person.chat.id, "never")
    fake.fault(Fault("late", "sendMessage", seconds=0.01))
    await bot.send_message(person.chat.id, "late")
    assert [one.text for one in person.chat.heard] == ["lost", "late"]


async def test_two_pollers_are_told_of_each_other_and_so_is_one_beside_a_webhook(fake: FakeBot, bot: Bot) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=5))
    await fake.until(lambda: fake.account.polls)
    await bot.get_updates()
    with pytest.raises(TelegramConflictError):
        await waiting
    await bot.set_webhook("https://example.invalid/hook")
    with pytest.raises(TelegramConflictError):
        await bot.get_updates()
    assert await bot.delete_webhook()
    assert await bot.get_updates() == []


async def test_a_webhook_gets_each_update_with_the_secret_until_it_says_that_it_has_it(fake: FakeBot, bot: Bot) -> None:
    got: list[tuple[int, str | None]] = []

    async def hook(request: web.Request) -> web.Response:
        got.append(((await request.json())["update_id"], request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        return web.Response(status=200 if len(got) > 1 else 500)

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s-1")  # noqa: S106 - opens nothing
    await fake.person().says("在吗")
    await fake.until(lambda: fake.account.delivered)
    await fake.redeliver()
    await fake.until(lambda: len(got) >= 3)
    await runner.cleanup()
    assert len({number for number, _ in got}) == 1
    assert {secret for _, secret in got} == {"s-1"}


async def test_the_menu_and_files_are_kept(fake: FakeBot, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand(command="help", description="怎么用")])
    assert [one.description for one in await bot.get_my_commands()] == ["怎么用"]
    await fake.person().sends_voice(b"OggS...")
    [update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.voice is not None
    got = await bot.download(update.message.voice)
    assert got is not None
    assert got.read() == b"OggS..."


@pytest.mark.parametrize(
    ("markup", "text"),
    [("a &amp; b", "a & b"), ("<b>a<i>b</i></b>", "ab"), ("<a href='https://x.cn'>x</a>", "x"), ("&#30475;", "看")],
)
def test_html_is_read_as_telegram_reads_it(markup: str, text: str) -> None:
    assert parse_html(markup)[0] == text


@pytest.mark.parametrize("markup", ["<b>", "</b>", "<b></i>", "<p>x</p>", "a < b", "<b", "<br>", "<3"])
def test_html_that_telegram_refuses_is_refused(markup: str) -> None:
    with pytest.raises(ApiError, match="can't parse entities"):
        parse_html(markup)


async def test_what_drips_comes_whole_and_what_hangs_was_not_done(fake: FakeBot, bot: Bot) -> None:
    person = fake.person()
    fake.fault(Fault("drip", method="sendMessage", seconds=0.2))
    fake.fault(Fault("hang", method="sendMessage", seconds=0.2))
    said = await bot.send_message(person.chat.id, "您好")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(person.chat.id, "听不见")
    assert [one.id for one in person.chat.heard] == [said.message_id]


async def test_the_weather_of_a_seed_is_always_the_same() -> None:
    def faults(seed: int) -> list[Fault | None]:
        weather = Weather(seed, share=0.2, storms=2)
        return [weather.take("sendmessage", chat) for chat in range(200)]

    assert faults(1) == faults(1) != faults(2)
    assert Weather(1, share=1.0, storms=0).take("getme", None) is None
