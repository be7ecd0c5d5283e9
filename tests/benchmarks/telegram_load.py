"""2,000 residents ask by Telegram's webhook at once, against a bare aiogram bot that answers a constant text.

Three processes at most: the Bot API server with the residents, the bot, PostgreSQL. Both bots get the same questions
(seeded) from the same server. `first`: everybody is new, and ours says first who runs it (two messages); `again`: the
same people, one message each. A person who got no answer, or two, fails the run.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.fakes.telegram.crowd import TOKEN, Round

PEOPLE = 2000
SEED = 20261122
ROOT = Path(__file__).parents[2]

Bot = Callable[[str, int], AbstractContextManager[None]]
"""Runs a bot on the server of an address, with its webhook at a port."""


def run(people: int = PEOPLE) -> Iterator[str]:
    """Measure the baseline and ours; a line for each round."""
    with tempfile.TemporaryDirectory(prefix="mingbai-bench-") as folder:
        bare = _measured(people, _bare)
        ours = _measured(people, lambda server, port: _ours(server, port, Path(folder)))
        _stop_database(Path(folder))
    for name, mine, base in zip(("first", "again"), ours, bare, strict=True):
        yield (
            f"{name}: {mine.per_second:.0f} answered a second, p95 {mine.p95_ms / 1000:.1f} s; "
            f"baseline: {base.per_second:.0f}, p95 {base.p95_ms / 1000:.1f} s; "
            f"ratio: throughput {mine.per_second / base.per_second:.2f}, p95 {mine.p95_ms / base.p95_ms:.1f}; "
            f"lost {mine.lost}, doubled {mine.doubled} of {mine.people}"
        )


def _measured(people: int, bot: Bot) -> list[Round]:
    command = [sys.executable, "-m", "tests.fakes.telegram.crowd", str(people), str(SEED)]
    crowd = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert crowd.stdout is not None
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with bot(crowd.stdout.readline().strip(), port):
        rounds = [Round(**json.loads(line)) for line in crowd.stdout]
    crowd.wait()
    assert all(one.lost == one.doubled == 0 for one in rounds), rounds
    return rounds


@contextmanager
def _bare(server: str, port: int) -> Iterator[None]:
    with _process([sys.executable, "-m", "tests.benchmarks.bare_aiogram", server, str(port), TOKEN], {}):
        yield


@contextmanager
def _ours(server: str, port: int, folder: Path) -> Iterator[None]:
    settings = {
        "MINGBAI_DATA": str(folder / "data"),
        "MINGBAI_PORT": str(port),
        "MINGBAI_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "MINGBAI_TELEGRAM_TOKEN": TOKEN,
        "MINGBAI_TELEGRAM_API": server,
        "MINGBAI_TELEGRAM_PER_SECOND": "10000",
        "MINGBAI_LOG_LEVEL": "ERROR",
        "MINGBAI_WORK_INSIDE": "false",
    }
    with _process([sys.executable, "-m", "bot", "serve", "--only", "telegram"], settings):
        yield


@contextmanager
def _process(command: list[str], settings: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def _stop_database(folder: Path) -> None:
    """End the embedded server, which would outlive the run in a folder that is gone."""
    from storage.embedded.cluster import Cluster

    if (folder / "data" / "postgres" / "postmaster.pid").exists():
        Cluster(folder / "data").stop()


if __name__ == "__main__":
    for line in run(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE):
        print(line, flush=True)
