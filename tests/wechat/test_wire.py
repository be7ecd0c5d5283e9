"""WeChat's XML and our texts: whatever comes is read or refused, whatever goes is taken."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.wire import Unreadable, joined, news, passive_news, passive_text, read, texts
from content.message import Attachment, Heading, Message, Option, Text
from content.split import utf8
from tests.fakes.wechat.people import _field

HEAD = "<ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1409735668</CreateTime>"
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=2000)
UPDATE = read(f"<xml>{HEAD}<MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId></xml>")


@given(st.text(max_size=300))
def test_whatever_comes_is_read_or_unreadable(xml: str) -> None:
    with suppress(Unreadable):
        read(xml)


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<xml/>",
        "<xml>",
        f"<xml>{HEAD}</xml>",
        f"<xml>{HEAD.replace('1409735668', 'soon')}<MsgType>text</MsgType></xml>",
        f"<xml>{HEAD.replace('1409735668', '9' * 40)}<MsgType>text</MsgType></xml>",
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><MsgType>&b;</MsgType></xml>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><MsgType>&a;</MsgType></xml>',
    ],
)
def test_broken_and_hostile_xml_is_unreadable(xml: str) -> None:
    with pytest.raises(Unreadable):
        read(xml)


def test_a_message_is_known_by_its_id_and_an_event_by_who_when_and_what() -> None:
    text = f"<xml>{HEAD}<MsgType>text</MsgType><Content>在</Content><MsgId>605</MsgId></xml>"
    assert read(text).message_id == "605"
    event = f"<xml>{HEAD}<MsgType>event</MsgType><Event>CLICK</Event><EventKey>topics</EventKey></xml>"
    assert read(event).message_id == read(event).message_id
    assert read(event).message_id != read(event.replace("topics", "help")).message_id
    assert read(event).message_id != read(event.replace("o1", "o2")).message_id


@given(ANY)
def test_any_text_stays_inside_its_xml(text: str) -> None:
    import xmltodict

    written = xmltodict.parse(passive_text(UPDATE, text))["xml"]
    assert written["ToUserName"] == "o1"
    assert written["FromUserName"] == "gh_1"
    assert set(written) == {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"}


def letters(text: str) -> str:
    """A text without white space, and without what keeps it from being a link."""
    return "".join(text.replace("＜", "<").split())


def message(*texts_: str, options: int = 0, card: str = "") -> Message:
    return Message(
        blocks=tuple(Text(text=one) for one in texts_),
        options=tuple(Option(label=f"第{number}个", action="help") for number in range(options)),
        attachments=(Attachment(programme=card),) if card else (),
    )


@given(st.lists(ANY, min_size=1, max_size=4), st.integers(0, 9))
def test_no_text_is_longer_than_wechat_takes_and_no_word_is_lost(said: list[str], options: int) -> None:
    whole = message(*said, options=options, card="dibao")
    parts = texts(whole, "https://page.example")
    assert all(0 < utf8(one) <= 2048 for one in parts)
    assert letters("".join(said)) in letters("".join(parts))


@given(st.lists(ANY, min_size=1, max_size=4))
def test_several_messages_go_in_few_texts_in_order(said: list[str]) -> None:
    parts = joined(tuple(message(one) for one in said), "")
    assert all(0 < utf8(one) <= 2048 for one in parts)
    assert letters("".join(parts)) == letters("".join(said))


def test_a_card_to_hand_on_is_a_news_message_with_its_address() -> None:
    card = Message(
        blocks=(Heading(text="粮食大豆保险"), Text(text="要加强保险。")), attachments=(Attachment(programme="x"),)
    )
    made = news(card, "https://page.example/")
    assert made == {"title": "粮食大豆保险", "description": "要加强保险。", "url": "https://page.example/card/x"}
    assert _field(passive_news(UPDATE, made), "Url") == "https://page.example/card/x"
    assert news(card, "") is None
    assert news(message("x", options=1, card="x"), "https://page.example") is None


@pytest.mark.parametrize("said", ['<a href="x">', "< A HREF='x'>", "</a>", "<\ta b>"])
def test_only_our_own_links_are_links(said: str) -> None:
    (text,) = texts(message(f"{said}<提醒> & <b>", card="dibao"), "https://page.example")
    assert text.startswith("＜")
    assert "<提醒> & <b>" in text
    assert text.count("<a href=") == 1


def test_days_go_to_the_phones_calendar() -> None:
    from content.message import Calendar

    days = message("x").model_copy(update={"calendar": Calendar(programme="dibao", place="150621")})
    (text,) = texts(days, "https://page.example")
    assert 'href="https://page.example/calendar.ics?place=150621&programme=dibao"' in text
    assert texts(days, "") == ["x"]
