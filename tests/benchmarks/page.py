"""A page answer with 20 visitors at once, against a bare FastAPI route that answers a constant page (milliseconds).

Server time is from the request's arrival in the application to the end of its answer. `at once`: 20 connections, each
asking again as soon as it was answered: as much as the machine gives, so that the time is 20 times what one answer
costs. `reading`: 20 visitors who look at an answer for a second. CPU is the service's, for each answer.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from bot.app import web
from bot.logs import configure
from bot.settings import Settings
from tests.benchmarks.visitors import VISITORS

SCOPE = dict[str, Any]
Send = Callable[[Any], Awaitable[None]]


class Took(NamedTuple):
    """Milliseconds of an answer: server time at the 95th percentile, and CPU of the process."""

    p95: float
    cpu: float


class Timed:
    """An ASGI wrapper that notes how long each request took in the application."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.took: list[float] = []

    async def __call__(self, scope: SCOPE, receive: Any, send: Send) -> None:
        """Pass on, and note the time of POSTs."""
        start = time.perf_counter()
        await self.app(scope, receive, send)
        if scope["type"] == "http" and scope["method"] == "POST":
            self.took.append((time.perf_counter() - start) * 1000)


def bare() -> FastAPI:
    """The baseline: a constant page."""
    app = FastAPI()

    @app.post("/ask")
    async def ask() -> HTMLResponse:
        return HTMLResponse("<p>ok</p>" * 500)

    return app


def run() -> Iterator[str]:
    """Measure ours and the baseline."""
    configure("WARNING")
    loop = uvicorn.Config("").get_loop_factory()  # the one that `mingbai serve` takes
    with tempfile.TemporaryDirectory(prefix="mingbai-bench-") as folder, asyncio.Runner(loop_factory=loop) as runner:
        ours, baseline = runner.run(_measured(Path(folder)))
    for name, took in ours.items():
        base = baseline[name]
        both = f"p95 {took.p95:.1f} ms, CPU {took.cpu:.1f} ms; baseline: p95 {base.p95:.1f} ms, CPU {base.cpu:.1f} ms"
        yield f"{name}: {both}; ratio of p95 {took.p95 / base.p95:.1f}, of CPU {took.cpu / base.cpu:.1f}"


async def _measured(folder: Path) -> tuple[dict[str, Took], dict[str, Took]]:
    async with web(Settings(data=folder, messages_per_minute=100_000)) as app:
        ours = await _both(app)
    return ours, await _both(bare())


async def _both(app: Any) -> dict[str, Took]:
    return {"at once": await _took(app, pause=0.0), "reading": await _took(app, pause=1.0)}


async def _took(app: Any, *, pause: float) -> Took:
    """Over all rounds but the first."""
    timed = Timed(app)
    config = uvicorn.Config(timed, port=0, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    command = [sys.executable, "-m", "tests.benchmarks.visitors", str(port), str(pause)]
    visitors, before = await asyncio.create_subprocess_exec(*command), time.process_time()
    await visitors.wait()
    cpu = (time.process_time() - before) * 1000 / len(timed.took)
    server.should_exit = True
    await running
    settled = sorted(timed.took[VISITORS:])
    return Took(settled[int(len(settled) * 0.95)], cpu)
