"""Signatures and the safe mode, against values that were not made here.

The values: Tencent's own sample of WXBizMsgCrypt (spamtest, also in wechatpy, wego, mp/core), and the unit tests of
wechatpy (`test_utils.py`, `test_crypto.py`).
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.account import Account
from bot.channels.wechat.signature import Refused, check, opened, sealed, sign
from bot.channels.wechat.wire import read
from tests.fakes.wechat import sealing

SAMPLE = Account(
    app_id="wx2c2769f8efd9abc2",
    secret="",
    token="spamtest",  # noqa: S106 - the sample's
    aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    kind="service",
    api="",
    pages="",
)
STAMP, NONCE = "1409735669", "1320562132"
THEN = datetime.fromtimestamp(int(STAMP), UTC)
ENCRYPTED = (
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUA"
    "h0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPh"
    "RjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR"
    "8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
)
QUERY = {
    "timestamp": STAMP,
    "nonce": NONCE,
    "signature": "16120ec1b8dbb870f510d87ce6bc2463eae6ca1a",
    "msg_signature": "5d197aaffba7e9b25a30732f161a50dee96bd5fa",
}
BODY = f"<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName><Encrypt><![CDATA[{ENCRYPTED}]]></Encrypt></xml>"


@pytest.mark.parametrize(
    ("parts", "signature"),
    [
        (("test", "1410685589", "test"), "f21891de399b4e33a1a93c9a7b8a8fffb5a443ff"),
        (("789", "456", "123"), "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
        (("spamtest", STAMP, NONCE), QUERY["signature"]),
        (("spamtest", STAMP, NONCE, ENCRYPTED), QUERY["msg_signature"]),
    ],
)
def test_signatures_are_those_of_published_samples(parts: tuple[str, ...], signature: str) -> None:
    assert sign(*parts) == signature


def test_a_published_sealed_message_opens() -> None:
    update = read(opened(SAMPLE, QUERY, BODY, THEN))
    assert (update.kind, update.said, update.message_id) == ("text", "abcdteT", "6054768590064713728")
    assert update.address == "oyORnuP8q7ou2gfYjqLzSIWZf0rs"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_what_we_seal_opens_elsewhere_and_the_other_way_round(text: str) -> None:
    ours = sealed(SAMPLE, f"<xml>{text}</xml>", NONCE, THEN)
    closed = ours.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    assert sealing.unseal(closed, SAMPLE.aes_key, SAMPLE.app_id) == f"<xml>{text}</xml>"
    theirs = sealing.seal(text, SAMPLE.aes_key, SAMPLE.app_id)
    query = QUERY | {"msg_signature": sealing.signature("spamtest", STAMP, NONCE, theirs)}
    assert opened(SAMPLE, query, f"<xml><Encrypt>{theirs}</Encrypt></xml>", THEN) == text


@pytest.mark.parametrize("age", [timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)])
def test_a_signature_of_more_than_five_minutes_is_refused(age: timedelta) -> None:
    check(SAMPLE, QUERY, THEN + timedelta(minutes=5))
    with pytest.raises(Refused):
        check(SAMPLE, QUERY, THEN + age)


@pytest.mark.parametrize(
    "changed",
    [
        {"signature": ""},
        {"signature": "16120ec1b8dbb870f510d87ce6bc2463eae6ca1b"},
        {"signature": "十六"},
        {"nonce": "1320562133"},
        {"timestamp": "1409735670"},
        {"timestamp": "x", "signature": sign("spamtest", "x", NONCE)},
        {"timestamp": "9" * 30, "signature": sign("spamtest", "9" * 30, NONCE)},
        {"msg_signature": "5d197aaffba7e9b25a30732f161a50dee96bd5fb"},
        {"msg_signature": ""},
    ],
)
def test_anything_changed_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(Refused):
        opened(SAMPLE, QUERY | changed, BODY, THEN)


def test_with_a_key_what_is_not_sealed_does_not_count() -> None:
    """In compatible mode the plain fields beside it are covered by no signature."""
    plain = "<xml><Content>forged</Content></xml>"
    for body in (
        plain,
        "",
        "<xml/>",
        "not xml",
        "<xml><Encrypt/></xml>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><xml>&a;</xml>",
    ):
        with pytest.raises(Refused):
            opened(SAMPLE, QUERY, body, THEN)
    mixed = BODY.replace("<Encrypt>", "<Content>forged</Content><Encrypt>")
    assert "forged" not in opened(SAMPLE, QUERY, mixed, THEN)


@pytest.mark.parametrize("garbage", ["", "AAAA", "=", "不是", "A" * 44, "A" * 64])
def test_a_signed_envelope_with_garbage_in_it_is_refused(garbage: str) -> None:
    query = QUERY | {"msg_signature": sign("spamtest", STAMP, NONCE, garbage)}
    with pytest.raises(Refused):
        opened(SAMPLE, query, f"<xml><Encrypt>{garbage}</Encrypt></xml>", THEN)


def test_a_message_sealed_for_another_account_is_refused() -> None:
    closed = sealing.seal("<xml/>", SAMPLE.aes_key, "wx-another")
    query = QUERY | {"msg_signature": sign("spamtest", STAMP, NONCE, closed)}
    with pytest.raises(Refused):
        opened(SAMPLE, query, f"<xml><Encrypt>{closed}</Encrypt></xml>", THEN)


def test_without_a_key_messages_come_and_go_in_the_clear() -> None:
    plain = replace(SAMPLE, aes_key="")
    assert opened(plain, QUERY, "<xml/>", THEN) == "<xml/>"
    assert sealed(plain, "<xml/>", NONCE, THEN) == "<xml/>"
