"""A service in a process of its own: what it logs, what it tells of itself, how it stops."""

import asyncio
import json
import re
import socket
from pathlib import Path

import httpx

from scheduler.engine import prepare
from storage.database import Database
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.limits import unlimited
from tests.operating.serving import PATIENCE, Served, outside, serving

TOKEN = "123456:fake-token"  # noqa: S105 - opens nothing
RARE = "饕餮螭魅"
RARE_NUMBER = 7_318_264_509


async def ask(served: Served, text: str) -> httpx.Response:
    return await served.http.post("/ask", data={"text": text, "message_id": f"form {text}"[:60]})


async def test_every_line_is_json_with_a_trace_and_no_line_holds_a_word_or_an_address(
    database: Database, tmp_path: Path
) -> None:
    """A conversation by two doors, with words and an address that are found nowhere else; at the level DEBUG."""
    async with FakeTelegram() as telegram:
        fake = telegram.bot(TOKEN, limits=unlimited())
        settings = {"MINGBAI_TELEGRAM_TOKEN": TOKEN, "MINGBAI_TELEGRAM_API": telegram.url}
        async with serving(tmp_path, outside(database) | settings) as served:
            person = fake.person(RARE_NUMBER)
            await fake.until(lambda: fake.called("getupdates"), seconds=PATIENCE)
            for words in (f"{RARE}能领低保不", f"我叫{RARE}，电话13847{RARE_NUMBER}", "/start", f"{RARE}"):
                heard = len(person.chat.heard)
                await person.says(words)
                await fake.until(lambda before=heard: len(person.chat.heard) > before, seconds=PATIENCE)  # type: ignore[misc]
                assert (await ask(served, words)).status_code == httpx.codes.OK
            await served.http.get(f"/card/{RARE}", params={"place": RARE})
            await served.http.get(f"/{RARE}?x={RARE}")
            cookies = dict(served.http.cookies)
            assert await served.stop() == 0
    assert cookies
    for line in served.lines:
        told = json.loads(line)
        assert {"event", "level", "timestamp"} <= told.keys()
        for secret in (RARE, str(RARE_NUMBER), "13847", TOKEN, "fake-token", *cookies.values()):
            assert secret not in line
            assert json.dumps(secret)[1:-1] not in line
    taken, sent = served.events("update_handled"), served.events("reply_sent")
    assert {one["channel"] for one in taken} == {"web", "telegram"}
    assert all(re.fullmatch(r"[0-9a-f]{12}", one["trace"]) for one in taken)
    traces = {one["trace"] for one in taken if one["channel"] == "telegram"}
    assert traces == {one["trace"] for one in sent if one["channel"] == "telegram"}, "from update to delivery"


async def test_told_to_stop_it_answers_what_is_in_hand_takes_nothing_new_and_ends_well(
    database: Database, tmp_path: Path
) -> None:
    async with serving(tmp_path, outside(database)) as served:
        # Held up in the middle: the resident's row is locked, so the second question waits.
        await ask(served, "低保咋申请")
        async with database.begin() as conn:
            await conn.exec_driver_sql("LOCK TABLE resident IN ACCESS EXCLUSIVE MODE")
            asking = asyncio.create_task(ask(served, "养老金多少"))
            await _waits_for_a_lock(database)
            stopping = asyncio.create_task(served.stop())
            await _closed(served)
            assert not asking.done()
        assert (await asking).status_code == httpx.codes.OK
        assert await stopping == 0
    assert [one["event"] for one in map(json.loads, served.lines)][-1] == "served"


async def _waits_for_a_lock(database: Database) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%%INTO inbox%%'"
    async with asyncio.timeout(PATIENCE):
        while True:
            async with database.begin() as conn:
                if (await conn.exec_driver_sql(waiting)).scalar():
                    return
            await asyncio.sleep(0.05)


async def _closed(served: Served) -> None:
    """Wait until nobody new is let in."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                socket.create_connection((served.http.base_url.host, served.http.base_url.port or 0), 1).close()
            except OSError:
                return
            await asyncio.sleep(0.05)


async def test_the_clock_tells_how_it_is_on_a_port_of_its_own_and_stops_as_well(
    database: Database, tmp_path: Path
) -> None:
    await asyncio.to_thread(prepare, database.url)
    async with serving(tmp_path, outside(database), command="clock", port="MINGBAI_HEALTH_PORT") as served:
        async with asyncio.timeout(PATIENCE):
            while 'mingbai_beat_late{entry="wake"} 0.0' not in (await served.http.get("/metrics")).text:  # noqa: ASYNC110 - what another process does
                await asyncio.sleep(0.2)
        assert await served.stop() == 0


async def test_a_worker_without_an_account_says_so_and_stays(database: Database, tmp_path: Path) -> None:
    """As in Compose before any token is there: one that ended would be started again and again."""
    health = {"command": "worker", "port": "MINGBAI_HEALTH_PORT"}
    async with serving(tmp_path, outside(database), **health) as served:
        assert len(served.events("no_account")) == 1
        assert await served.stop() == 0
