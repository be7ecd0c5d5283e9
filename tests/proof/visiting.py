"""Residents at the page of `mingbai serve`, run as it is deployed: one process, settings from its environment."""

import asyncio
import os
import random
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx
import psutil

from tests.proof.banner import Asking, token

PATIENCE = 60.0
"""Seconds that a browser waits for an answer."""


@dataclass(frozen=True)
class Served:
    """The running service: where its page is, its process, the file that it logs to."""

    url: str
    process: psutil.Process
    log: Path

    @property
    def memory(self) -> float:
        """Megabytes that are the process's own."""
        return float(self.process.memory_full_info().uss) / 1e6

    @property
    def cpu(self) -> float:
        """Seconds of CPU that the process has taken."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


@dataclass(frozen=True)
class Visit:
    """A question and what came of it; `status` is 0 where nothing came."""

    asked: Asking
    id: str
    status: int
    seconds: float
    page: str

    @property
    def answered(self) -> bool:
        """Whether the resident sees an answer."""
        return self.status == httpx.codes.OK and 'class="said' in self.page


def left(visits: Iterable[Visit]) -> str:
    """How many were left without an answer, and what they got instead (0: nothing within PATIENCE)."""
    instead = Counter(one.status for one in visits if not one.answered)
    return f"{sum(instead.values())} without an answer{f' {dict(instead)}' if instead else ''}"


@asynccontextmanager
async def serving(folder: Path, **settings: str) -> AsyncIterator[Served]:
    """Run `mingbai serve` on a data folder, with these settings beside its defaults (`database_url="…"`)."""
    port = _free_port()
    chosen = {"data": str(folder), "port": str(port), "log_level": "WARNING"} | settings
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MINGBAI_")}
    log = folder / "serve.log"
    with log.open("w") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve"),
            env=kept | {f"MINGBAI_{name.upper()}": value for name, value in chosen.items()},
            stdout=out,
            stderr=out,
        )
    try:
        served = Served(f"http://127.0.0.1:{port}", psutil.Process(process.pid), log)
        await _until_up(served, process)
        yield served
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def ask_all(served: Served, askings: Sequence[Asking], *, seed: int) -> list[Visit]:
    """Ask everything at its time, whether what came before is answered or not, as people do."""
    start = time.monotonic()
    async with browser(served) as client:

        async def one(number: int, asked: Asking) -> Visit:
            await asyncio.sleep(start + asked.at - time.monotonic())
            return await visit(client, asked, f"{seed}-{number}")

        return list(await asyncio.gather(*(one(number, asked) for number, asked in enumerate(askings))))


def browser(served: Served) -> httpx.AsyncClient:
    """A client that stands for many browsers: it keeps nobody's cookie, and each comes by a connection of its own."""
    nobodys = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    wide = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    return httpx.AsyncClient(base_url=served.url, timeout=PATIENCE, cookies=nobodys, limits=wide)


async def visit(client: httpx.AsyncClient, asked: Asking, id_: str) -> Visit:
    """Send a form; one of two browsers has JavaScript and wants the answer alone."""
    headers = {"cookie": f"mingbai={token(asked.resident)}"}
    if random.Random(id_).random() < 0.5:  # noqa: S311 - no secret
        headers["x-part"] = "answer"
    began = time.perf_counter()
    try:
        response = await client.post("/ask", data={"text": asked.said, "message_id": id_}, headers=headers)
    except httpx.HTTPError:
        return Visit(asked, id_, 0, time.perf_counter() - began, "")
    return Visit(asked, id_, response.status_code, time.perf_counter() - began, response.text)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


async def _until_up(served: Served, process: asyncio.subprocess.Process) -> None:
    async with browser(served) as client, asyncio.timeout(PATIENCE):
        while True:
            assert process.returncode is None, served.log.read_text()[-1000:]
            try:
                if (await client.get("/about")).is_success:
                    return
            except httpx.HTTPError:
                await asyncio.sleep(0.1)
