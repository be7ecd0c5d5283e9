"""A real `mingbai serve` in a process of its own, and all that it logs."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from storage.database import Database
from tests.policy.house import ROOT

PATIENCE = 180.0  # seconds; a machine that runs all tests at once is slow


@dataclass
class Served:
    """A process that serves: where, and what it has logged so far."""

    process: asyncio.subprocess.Process
    http: httpx.AsyncClient
    log: Path

    @property
    def lines(self) -> list[str]:
        """What it wrote, on both of its outputs."""
        return self.log.read_text("utf-8").splitlines()

    def events(self, name: str) -> list[dict[str, Any]]:
        """The lines of one event."""
        return [one for one in map(json.loads, self.lines) if one["event"] == name]

    async def stop(self) -> int:
        """Send SIGTERM, as a service manager does; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@asynccontextmanager
async def serving(
    folder: Path, settings: dict[str, str], *, command: str = "serve", port: str = "MINGBAI_PORT"
) -> AsyncIterator[Served]:
    """Run a command of `mingbai` until the block ends; ready when it says so. `settings` go into its environment."""
    log, chosen = folder / f"{command}.log", free_port()
    mine = {"MINGBAI_DATA": str(folder), port: str(chosen), "MINGBAI_LOG_LEVEL": "DEBUG", **settings}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MINGBAI_")}
    with log.open("wb") as output:
        program = (sys.executable, "-m", "bot", command)
        process = await asyncio.create_subprocess_exec(
            *program, cwd=ROOT, env=clean | mine, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output
        )
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{chosen}", timeout=PATIENCE) as http:
        try:
            await _ready(process, http, log)
            yield Served(process, http, log)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def _ready(process: asyncio.subprocess.Process, http: httpx.AsyncClient, log: Path) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            assert process.returncode is None, await asyncio.to_thread(log.read_text, "utf-8")
            try:
                if (await http.get("/readyz")).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)


def outside(database: Database) -> dict[str, str]:
    """The environment of a process that uses this database as one from outside."""
    return {"MINGBAI_DATABASE_URL": database.url.render_as_string(hide_password=False)}
