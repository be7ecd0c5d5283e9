"""500 residents who write to the official account at the same moment: p99 of the reply, against a bare handler.

As WeChat sees it: from its request to the end of our reply, in safe mode, on a real database; every resident is new.
WeChat hangs up after five seconds. The bare handler gives a constant reply. Seeded.

`python -m tests.benchmarks.wechat_load`
"""

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI, Response

from bot.channels.wechat.account import Account
from bot.channels.wechat.api import Api
from bot.channels.wechat.door import Door
from bot.channels.wechat.routes import router
from bot.channels.wechat.tokens import Tokens
from bot.dialogue.turn import Service
from bot.knowledge import knowledge
from bot.logs import configure
from bot.pipeline import Pipeline
from scheduler.clock import now
from storage import schema
from storage.database import Database
from tests.benchmarks.wechat_callers import APP_ID, RESIDENTS, TOKEN
from tests.fakes.wechat.account import FakeAccount

ROUNDS = 2


@dataclass(frozen=True)
class Round:
    """What WeChat saw of one round, in seconds; `cpu` is what it cost the service's process, for each message."""

    seconds: list[float]
    replies: int
    cpu: float

    @property
    def p99(self) -> float:
        """The 99th percentile."""
        return statistics.quantiles(self.seconds, n=100)[98]

    def __str__(self) -> str:
        half, longest = statistics.median(self.seconds), max(self.seconds)
        took = f"p50 {half:.2f} s, p99 {self.p99:.2f} s, longest {longest:.2f} s"
        return f"{self.replies} of {RESIDENTS} replied at once; {took}; {self.cpu * 1000:.1f} ms of CPU a message"


def bare() -> FastAPI:
    """The baseline: a constant reply."""
    app = FastAPI()

    @app.post("/wechat")
    async def receive() -> Response:
        return Response("<xml>" + "好" * 300 + "</xml>", media_type="application/xml")

    return app


def run() -> Iterator[str]:
    """Measure ours and the baseline."""
    configure("CRITICAL")
    loop = uvicorn.Config("").get_loop_factory()  # the one that `mingbai serve` takes
    with tempfile.TemporaryDirectory(prefix="mingbai-bench-") as folder, asyncio.Runner(loop_factory=loop) as runner:
        ours, baseline = runner.run(_measured(Path(folder)))
    for one, base in zip(ours, baseline, strict=True):
        yield f"ours: {one}"
        yield f"bare: {base}; ratio of p99 {one.p99 / base.p99:.1f}, of CPU {one.cpu / base.cpu:.1f}"


async def _measured(folder: Path) -> tuple[list[Round], list[Round]]:
    know = await asyncio.to_thread(knowledge, Service("某旗农牧局", "0477-1234567"))
    key = str(FakeAccount.__dataclass_fields__["aes_key"].default)
    account = Account(APP_ID, "unused", TOKEN, key, "service", "http://127.0.0.1:9", "https://page.example")
    database = await Database.open(None, folder)
    await asyncio.to_thread(schema.upgrade, database.url)
    pipeline = Pipeline(lambda: know, database, per_minute=20, now=now)
    async with httpx.AsyncClient() as http:
        door = Door(
            account, pipeline, database, Api(account, Tokens(database, APP_ID), http, now), know=lambda: know, now=now
        )
        app = FastAPI()
        app.include_router(router(account, door, now))
        ours = await _rounds(app, door.finish)
    await database.close()
    return ours, await _rounds(bare())


async def _rounds(app: FastAPI, settled: Callable[[], Awaitable[None]] | None = None) -> list[Round]:
    """Some rounds, each after what the one before left to do."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/wechat"
    try:
        rounds = []
        for seed in range(2, 2 + ROUNDS):
            rounds.append(await _called(url, seed))
            if settled:
                await settled()
        return rounds
    finally:
        server.should_exit = True
        await running


async def _called(url: str, seed: int) -> Round:
    words = (sys.executable, "-m", "tests.benchmarks.wechat_callers", url, str(seed))
    begun = time.process_time()
    callers = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    said, _ = await callers.communicate()
    answers = json.loads(said)
    cpu = (time.process_time() - begun) / RESIDENTS
    return Round([float(seconds) for seconds, _ in answers], sum(reply for _, reply in answers), cpu)


if __name__ == "__main__":
    for line in run():
        print(line, flush=True)
