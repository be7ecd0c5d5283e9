"""The access token: one for all, fetched by one, healed when it went bad."""

import asyncio
from contextlib import suppress

import httpx
import pytest

from bot.channels.wechat.api import Api, Rejected, Unanswered, Unreached
from bot.channels.wechat.tokens import EARLY, Tokens
from storage.database import Database
from tests.fakes.wechat import FakeWeChat
from tests.wechat.conftest import Clock, Start, account_of

TAGS = "/cgi-bin/tags/get"


def asked_for(wechat: FakeWeChat) -> int:
    return len(wechat.account.called("stable_token"))


async def test_many_calls_of_many_processes_fetch_one_token(
    wechat: FakeWeChat, database: Database, clock: Clock
) -> None:
    async with httpx.AsyncClient() as http:
        account = account_of(wechat)
        processes = [Api(account, Tokens(database, account.app_id), http, clock) for _ in range(4)]
        await asyncio.gather(*(process.get(TAGS) for process in processes for _ in range(10)))
    assert asked_for(wechat) == 1


async def test_it_is_fetched_anew_before_it_ends(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    async with start() as ours:
        await ours.api.get(TAGS)
        clock.pass_(seconds=7200 - EARLY.total_seconds() - 1)
        await ours.api.get(TAGS)
        assert asked_for(wechat) == 1
        clock.pass_(seconds=2)
        await ours.api.get(TAGS)
        assert asked_for(wechat) == 2
        clock.pass_(hours=5)
        await ours.api.get(TAGS)
        assert asked_for(wechat) == 3


async def test_a_token_that_was_spoiled_elsewhere_heals_itself(wechat: FakeWeChat, start: Start) -> None:
    async with start() as ours:
        await ours.api.get(TAGS)
        wechat.account.spoil()
        assert (await ours.api.get(TAGS))["tags"] == []
        await ours.api.get(TAGS)
    assert [body["force_refresh"] for body in wechat.account.called("stable_token")] == [False, False, True]


async def test_a_voice_is_fetched_with_another_token_where_the_first_was_spoiled(
    wechat: FakeWeChat, start: Start
) -> None:
    wechat.account.media["media-1"] = b"#!AMR"
    async with start() as ours:
        await ours.api.get(TAGS)
        wechat.account.spoil()
        assert await ours.api.media("media-1") == b"#!AMR"
        with pytest.raises(Rejected, match="40007"):
            await ours.api.media("no-such-media")


async def test_wechat_is_not_made_to_change_it_again_and_again(wechat: FakeWeChat, start: Start, clock: Clock) -> None:
    """It allows that twenty times a day."""
    async with start() as ours:
        await ours.api.get(TAGS)
        for _ in range(5):
            wechat.account.spoil()
            with suppress(Rejected):
                await ours.api.get(TAGS)
            clock.pass_(seconds=30)
        assert sum(body["force_refresh"] for body in wechat.account.called("stable_token")) == 1
        clock.pass_(minutes=6)
        wechat.account.spoil()
        await ours.api.get(TAGS)


async def test_a_wrong_secret_is_rejected_and_named_by_its_code(wechat: FakeWeChat, start: Start) -> None:
    async with start(secret="wrong") as ours:  # noqa: S106
        with pytest.raises(Rejected, match="40125"):
            await ours.api.get(TAGS)


async def test_what_the_network_does_is_told_apart(wechat: FakeWeChat, start: Start) -> None:
    async with start() as ours:
        await ours.api.get(TAGS)
        for fault in ("reset", "500", "html"):
            wechat.account.fail(TAGS, fault)
            with pytest.raises(Unanswered):
                await ours.api.get(TAGS)
    async with start(api="http://127.0.0.1:9") as ours:
        with pytest.raises(Unreached):
            await ours.api.post("/x", {})


async def test_no_error_carries_what_was_sent_or_said(wechat: FakeWeChat, start: Start) -> None:
    async with start() as ours:
        with pytest.raises(Rejected) as told:
            await ours.api.post(
                "/cgi-bin/message/custom/send", {"touser": "鼪鼯夔魍", "msgtype": "text", "text": {"content": "x"}}
            )
    assert "鼪鼯" not in f"{told.value!r} {told.value}"
