"""Who may come in, and what a stranger learns."""

import httpx
import pytest

from tests.fakes.wechat import FakeWeChat
from tests.fakes.wechat.sealing import signature
from tests.wechat.conftest import Clock, Start


async def test_wechat_is_shown_that_we_know_the_token(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    stamp = str(int(clock().timestamp()))
    query = {"timestamp": stamp, "nonce": "n", "signature": signature("spamtest", stamp, "n"), "echostr": "5927"}
    async with start(), httpx.AsyncClient() as http:
        good = await http.get(wechat.callback, params=query)
        bad = await http.get(wechat.callback, params=query | {"nonce": "m"})
    assert (good.status_code, good.text) == (200, "5927")
    assert (bad.status_code, bad.text) == (401, "")


@pytest.mark.parametrize("mode", ["plain", "safe"])
async def test_a_stranger_is_refused_without_a_hint(wechat: FakeWeChat, start: Start, mode: str) -> None:
    wechat.account.mode = mode  # type: ignore[assignment]
    async with start(), httpx.AsyncClient() as http:
        query, body = wechat.person("aunt").request("<xml></xml>")
        answers = [
            await http.post(wechat.callback, params=changed, content=body)
            for changed in ({}, query | {"signature": "0" * 40}, query | {"timestamp": "1"}, query | {"nonce": "0"})
        ]
    assert {(one.status_code, one.text) for one in answers} == {(401, "")}


async def test_what_is_no_message_or_too_long_is_refused(wechat: FakeWeChat, start: Start) -> None:
    async with start(), httpx.AsyncClient() as http:
        query, body = wechat.person("aunt").request("<xml></xml>")
        assert (await http.post(wechat.callback, params=query, content=body)).status_code == 400
        assert (await http.post(wechat.callback, params=query, content="x" * 70_000)).status_code == 413


async def test_an_old_message_is_refused_and_one_within_five_minutes_is_answered_again(
    wechat: FakeWeChat, start: Start, clock: Clock
) -> None:
    xml = (
        f"<xml><ToUserName>{wechat.account.ours}</ToUserName><FromUserName>aunt</FromUserName>"
        f"<CreateTime>{int(clock().timestamp())}</CreateTime><MsgType>text</MsgType><Content>低保咋申请</Content>"
        "<MsgId>1</MsgId></xml>"
    )
    async with start(), httpx.AsyncClient() as http:
        query, body = wechat.person("aunt").request(xml)
        answers = []
        for minutes in (0, 4, 2):
            clock.pass_(minutes=minutes)
            answers.append(await http.post(wechat.callback, params=query, content=body))
    assert [one.status_code for one in answers] == [200, 200, 401]
    assert "<Encrypt>" in answers[1].text


async def test_a_database_that_is_away_is_told_kindly(
    wechat: FakeWeChat, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.errors import Unreachable

    async with start() as ours:

        def away() -> None:
            raise Unreachable("away")

        monkeypatch.setattr(ours.database, "begin", away)
        answer = await wechat.person("aunt").say("低保咋申请")
        assert "12345" in answer
        monkeypatch.undo()


async def test_any_event_that_we_do_not_know_is_only_acknowledged(wechat: FakeWeChat, start: Start) -> None:
    async with start():
        aunt = wechat.person("aunt")
        for event in ("LOCATION", "user_get_card", "TEMPLATESENDJOBFINISH", "kf_create_session"):
            await aunt.told(f"<MsgType>event</MsgType><Event>{event}</Event>")
    assert aunt.screen == []
