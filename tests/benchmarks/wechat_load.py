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
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response
from pydantic import SecretStr

from bot.app import web
from bot.settings import Settings
from tests.benchmarks.wechat_callers import APP_ID, RESIDENTS, TOKEN
from tests.fakes.wechat.account import FakeAccount

ROUNDS = 3
Answers = list[tuple[float, bool]]


def bare() -> FastAPI:
    """The baseline: a constant reply."""
    app = FastAPI()

    @app.post("/wechat")
    async def receive() -> Response:
        return Response("<xml>" + "好" * 300 + "</xml>", media_type="application/xml")

    return app


def run() -> Iterator[str]:
    """Measure ours and the baseline."""
    with tempfile.TemporaryDirectory(prefix="mingbai-bench-") as folder:
        ours, baseline = asyncio.run(_measured(Path(folder)))
    base = max(p99(one) for one in baseline)
    for number, answers in enumerate(ours, 1):
        took, replies = p99(answers), sum(reply for _, reply in answers)
        yield (
            f"round {number}: {replies} of {RESIDENTS} replied at once; p50 {middle(answers):.2f} s, p99 {took:.2f} s, "
            f"longest {max(seconds for seconds, _ in answers):.2f} s; bare p99 {base:.2f} s; ratio {took / base:.1f}"
        )


async def _measured(folder: Path) -> tuple[list[Answers], list[Answers]]:
    key = FakeAccount.__dataclass_fields__["aes_key"].default
    settings = Settings(
        data=folder,
        wechat_app_id=APP_ID,
        wechat_secret=SecretStr("unused"),
        wechat_token=SecretStr(TOKEN),
        wechat_aes_key=SecretStr(str(key)),
        wechat_api="http://127.0.0.1:9",
        work_inside=False,
    )
    async with web(settings) as app:
        ours = await _rounds(app)
    return ours, await _rounds(bare())


async def _rounds(app: FastAPI) -> list[Answers]:
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off", backlog=2048)
    )
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/wechat"
    try:
        return [await _called(url, seed) for seed in range(2, 2 + ROUNDS)]
    finally:
        server.should_exit = True
        await running


async def _called(url: str, seed: int) -> Answers:
    words = (sys.executable, "-m", "tests.benchmarks.wechat_callers", url, str(seed))
    callers = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    said, _ = await callers.communicate()
    return [(float(seconds), bool(reply)) for seconds, reply in json.loads(said)]


def p99(answers: Answers) -> float:
    """The 99th percentile, in seconds."""
    return statistics.quantiles([seconds for seconds, _ in answers], n=100)[98]


def middle(answers: Answers) -> float:
    """The median, in seconds."""
    return statistics.median(seconds for seconds, _ in answers)


if __name__ == "__main__":
    for line in run():
        print(line, flush=True)
