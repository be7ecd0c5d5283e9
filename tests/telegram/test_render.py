"""A message in Telegram's form: escaped, split within its limit, with buttons that fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.render import LIMIT, keyboard, parts
from content.message import Attachment, Basis, Call, Heading, Message, Option, Quoted, Text
from content.split import utf16
from tests.fakes.telegram.markup import parse_html

HOSTILE = '<b>5 < 6 & "x"</b> <script>alert(1)</script> &lt; &#30475; \u180b\u202e'
SENTENCE = "请问嘎查村委会；也可以打12345。"


def shown(message: Message) -> list[str]:
    """What people see of each part."""
    return [parse_html(part.html)[0] for part in parts(message)]


def test_what_looks_like_markup_is_shown_as_it_was_written() -> None:
    blocks = (Heading(text=HOSTILE), Text(text=HOSTILE), Text(text=HOSTILE, strong=True), Basis(text=HOSTILE))
    assert shown(Message(blocks=blocks)) == ["\n".join([HOSTILE] * 4)]
    quoted = Quoted(mark="①", says=HOSTILE, quote=HOSTILE, where=HOSTILE)
    assert shown(Message(blocks=(quoted, Call(name=HOSTILE, number="12345", about=HOSTILE))))[0].count(HOSTILE) == 5


def test_a_long_text_is_split_at_a_sentence_and_the_buttons_stand_under_the_last_part() -> None:
    message = Message(
        blocks=(Heading(text="全文"), Text(text=SENTENCE * 600)), options=(Option(label="回", action="card:x"),)
    )
    made = parts(message)
    assert len(made) > 1
    assert all(utf16(text) <= LIMIT for text in shown(message))
    assert all(text.endswith("。") for text in shown(message))
    assert [part.keyboard is not None for part in made] == [False] * (len(made) - 1) + [True]
    assert "".join(shown(message)).count(SENTENCE) == 600


def test_many_blocks_are_packed_and_none_is_lost() -> None:
    blocks = tuple(Quoted(mark="①", says=f"第{n}句。", quote="话" * 50, where="第1条") for n in range(200))
    texts = shown(Message(blocks=blocks))
    assert all(utf16(text) <= LIMIT for text in texts)
    assert all(f"第{n}句。" in "".join(texts) for n in range(200))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6000), min_size=1, max_size=3))
def test_whatever_is_said_telegram_takes_it(texts: list[str]) -> None:
    made = shown(Message(blocks=(Text(text="请问。"), *(Text(text=text) for text in texts))))
    assert all(0 < utf16(text) <= LIMIT for text in made)
    assert "".join("".join(made).split()) == "".join(("请问。" + "".join(texts)).split())


def test_short_buttons_stand_two_and_two_in_their_order_and_a_long_one_alone() -> None:
    labels = ["看原话", "文件没写啥", "问谁、打哪个电话", "有用", "没答对", "回"]
    made = keyboard(
        Message(blocks=(Text(text="x"),), options=tuple(Option(label=one, action="help") for one in labels))
    )
    assert made is not None
    rows = [[button.text for button in row] for row in made.inline_keyboard]
    assert rows == [["看原话", "文件没写啥"], ["问谁、打哪个电话"], ["有用", "没答对"], ["回"]]


def test_a_cards_page_is_linked_only_where_there_is_a_public_address() -> None:
    card = Message(blocks=(Text(text="x"),), attachments=(Attachment(programme="dibao"),))
    assert keyboard(card) is None
    made = keyboard(card, page="https://mingbai.example/")
    assert made is not None
    assert made.inline_keyboard[0][0].url == "https://mingbai.example/card/dibao"


@pytest.mark.parametrize("message", [Message(blocks=(Text(text="x"),))])
def test_a_message_without_options_takes_the_buttons_away(message: Message) -> None:
    assert parts(message)[-1].keyboard is None
