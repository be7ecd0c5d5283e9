"""The database goes for a while and comes back: residents are told kindly, nothing is lost, and no hand is needed."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from storage import schema
from storage.embedded import EmbeddedServer
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.limits import unlimited
from tests.operating.serving import PATIENCE, Served, serving

TOKEN = "123456:fake-token"  # noqa: S105 - opens nothing
GONE_FOR = 3.0  # seconds; half a minute was tried by hand


@pytest.fixture
async def server() -> AsyncIterator[EmbeddedServer]:
    """A server of its own, to the service one from outside."""
    folder = Path(tempfile.mkdtemp(prefix="mingbai-gone-"))
    server = EmbeddedServer(folder)
    await asyncio.to_thread(server.join)
    await asyncio.to_thread(schema.upgrade, server.url)
    yield server
    await asyncio.to_thread(server.leave)
    shutil.rmtree(folder)


async def ask(served: Served, number: int) -> httpx.Response:
    return await served.http.post("/ask", data={"text": "低保咋申请", "message_id": f"form-{number}"})


async def until(served: Served, path: str, status: int) -> httpx.Response:
    async with asyncio.timeout(PATIENCE):
        while (answer := await served.http.get(path)).status_code != status:  # noqa: ASYNC110 - what another process does
            await asyncio.sleep(0.1)
    return answer


async def test_a_database_that_goes_and_comes_back_needs_no_hand(server: EmbeddedServer, tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        fake = telegram.bot(TOKEN, limits=unlimited())
        url = server.url.render_as_string(hide_password=False)
        chosen = {"MINGBAI_DATABASE_URL": url, "MINGBAI_TELEGRAM_TOKEN": TOKEN, "MINGBAI_TELEGRAM_API": telegram.url}
        async with serving(tmp_path, chosen) as served:
            person = fake.person(7001)
            assert (await ask(served, 1)).status_code == httpx.codes.OK
            await person.says("低保咋申请")
            await fake.until(lambda: person.chat.heard, seconds=PATIENCE)

            await asyncio.to_thread(server.leave)
            answer = await ask(served, 2)
            assert answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR
            assert "出了点毛病" in answer.text
            assert "12345" in answer.text
            assert (await served.http.get("/healthz")).status_code == httpx.codes.OK
            assert (await until(served, "/readyz", 503)).json()["ready"] is False
            assert "mingbai_database_up 0.0" in (await served.http.get("/metrics")).text
            missed = await person.says("养老金多少")
            await asyncio.sleep(GONE_FOR)

            await asyncio.to_thread(server.join)
            await until(served, "/readyz", 200)
            assert (await ask(served, 2)).status_code == httpx.codes.OK
            await fake.until(lambda: any(one.id > missed.id for one in person.chat.heard), seconds=PATIENCE)
            async with asyncio.timeout(PATIENCE):
                while 'mingbai_beat_late{entry="wake"} 0.0' not in (await served.http.get("/metrics")).text:  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
            assert await served.stop() == 0
